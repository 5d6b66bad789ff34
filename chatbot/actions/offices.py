"""Offices and people: numbers, addresses, hours, dossiers."""

from typing import Optional

from actions.answer import Answer, Json, Turn, clock, day, place_link, source
from actions.hours import in_words
from actions.places import meant
from actions.published import say_found
from actions.retrieval import content_words, coverage, look_up
from components.text import fold

_ASKING = frozenset(
    """so dien thoai sdt lien he lien lac goi phone number contact address dia chi tru so email
    hotline duong day nong gio lam viec hours office""".split()
)


def _asked(turn: Turn) -> list[str]:
    said = turn.entity("place_name") or turn.text
    return [word for word in content_words(said) if fold(word) not in _ASKING]


def _words_of(contact: Json) -> str:
    return f"{contact['name']} {contact.get('note') or ''}"


class Contact(Answer):
    """The phone or address of an office or a place."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Of the office named, else of the place meant, else of all offices known."""
        contacts = await turn.api.items("/contacts", limit=100)
        known = [c for c in contacts if c.get("phone") or c.get("address")]
        offices = [c for c in known if c.get("kind") == "office"]
        asked = _asked(turn)
        named = [c for c in known if asked and coverage(asked, _words_of(c)) >= 0.6]
        if named:
            self._say(turn, named)
            return None
        place, _others = await meant(turn)
        if place is not None:
            self._say_place(turn, place)
        elif offices:
            self._say(turn, offices)
        elif found := await look_up(turn, turn.text, kinds=("faq", "page", "procedure")):
            await say_found(turn, found)
        else:
            turn.fail("utter_contact_unknown")
        return None

    def _say(self, turn: Turn, contacts: list[Json]) -> None:
        lines = "\n".join(
            "• "
            + ", ".join(
                str(c[part]) for part in ("name", "phone", "address", "note") if c.get(part)
            )
            for c in contacts
        )
        latest = max(str(c.get("updated_at") or "") for c in contacts)
        turn.say(
            "utter_contact",
            lines=lines,
            time=clock(latest),
            date=day(latest),
            sources=[source("contact", c) for c in contacts],
        )

    def _say_place(self, turn: Turn, place: Json) -> None:
        turn.remember(place={"slug": place["slug"], "name": place["name"]})
        facts = {
            "name": place["name"],
            "date": day(place.get("updated_at")),
            "links": place_link(place),
            "sources": [source("place", place)],
        }
        told = ", ".join(str(place[part]) for part in ("phone", "address") if place.get(part))
        if place.get("phone"):
            turn.say("utter_place_contact", told=told, **facts)
        else:
            turn.fail("utter_place_phone_unknown", address=place.get("address") or "", **facts)
        if place.get("is_sample"):
            turn.say("utter_sample_data")


class OfficeHours(Answer):
    """When an office works."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The hours of the offices on file; else what is published of them; else unknown."""
        offices = await turn.api.items("/places", category="office", limit=20)
        asked = _asked(turn)
        named = [o for o in offices if asked and coverage(asked, str(o.get("name"))) >= 0.5]
        for office in [o for o in (named or offices) if o.get("opening_hours")][:3]:
            turn.say(
                "utter_opening_hours",
                name=office["name"],
                hours=in_words(office["opening_hours"], turn.language),
                date=day(office.get("updated_at")),
                links=place_link(office),
                sources=[source("place", office)],
            )
        if any(o.get("opening_hours") for o in offices):
            return None
        if found := await look_up(
            turn, turn.text, kinds=("faq", "page", "procedure", "announcement")
        ):
            await say_found(turn, found)
        else:
            turn.fail("utter_office_hours_unknown")
        return None


class Dossier(Answer):
    """Where one's dossier is: not on file here, so where to ask."""

    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """That the bot cannot look at dossiers, and the offices that can."""
        turn.say("utter_dossier")
        contacts = await turn.api.items("/contacts", kind="office", limit=10)
        if any(c.get("phone") or c.get("address") for c in contacts):
            Contact()._say(turn, [c for c in contacts if c.get("phone") or c.get("address")])
        return None
