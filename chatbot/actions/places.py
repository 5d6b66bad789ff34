"""Places: what there is to see, where to stay and eat, and all about one of them."""

import re
import unicodedata
from abc import abstractmethod
from typing import Optional

from actions.answer import Answer, Json, Turn, day, mentions, place_link, same, source
from actions.context import points_back
from actions.hours import in_words
from actions.published import say_found
from actions.retrieval import look_up
from components.text import fold, words

_KIND = {
    "find_attraction": "sight",
    "find_accommodation": "lodging",
    "find_food": "food",
    "ask_parking": "parking",
    "ask_amenities": "amenity",
    "ask_medical": "health",
    "ask_education": "education",
}
_LISTED = 5
_SHORT = 6
# What is asked with, not about, when no entity was found.
_ASKING = frozenset(
    """cho hỏi về có gì chi thế nào răng sao ở mô đâu không khi là của mấy giờ mở đóng đến biết
    giới thiệu thông tin mình tôi em bạn xin ạ với nhỉ đi đặc biệt
    tell me about what is where the of please how to get""".split()
)
# Written without marks, these may be of a name as well: Đền, chợ, Cửa Hội, Bình Minh.
_IN_NAMES = frozenset("den cho cua minh mo la".split())
_BARE_ASKING = frozenset(map(fold, _ASKING)) - _IN_NAMES


async def _category(turn: Turn, group: str) -> str:
    """The place category that the person's words name within `group`, else `group` itself."""
    vocabularies = await turn.api.get("/vocabularies") or {}
    said = f"{turn.entity('place_type') or ''} | {turn.text}"
    for category in vocabularies.get("place_categories") or []:
        if category["code"] == group:
            for child in category.get("children") or []:
                names = [child["name"], *(child.get("keywords") or [])]
                if any(mentions(said, name) for name in names):
                    return str(child["code"])
    return group


def _say_place(turn: Turn, place: Json, response: str = "utter_place_line", **more: object) -> None:
    turn.say(
        response,
        **more,
        name=place.get("name"),
        summary=place.get("summary") or "",
        address=place.get("address") or "",
        date=day(place.get("updated_at")),
        links=place_link(place),
        sources=[source("place", place)],
    )
    if place.get("is_sample"):
        turn.say("utter_sample_data")


class FindPlaces(Answer):
    """A list of places of a kind: sights, lodging, food, parking, toilets, pharmacies."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """A few places by name, each a button to know more of it; else what is published."""
        group = _KIND.get(turn.intent, "sight")
        category = await _category(turn, group)
        near = turn.location and f"{turn.location.get('lat')},{turn.location.get('lng')}"
        query = {"near": near, "limit": _LISTED}
        places = await turn.api.items("/places", category=category, **query)
        if not places and category != group and group not in _EXACT:
            places = await turn.api.items("/places", category=group, **query)
        if not places:
            found = await look_up(turn, turn.text, kinds=("faq", "guide", "announcement"))
            if found := [each for each in found if each.is_sure]:
                await say_found(turn, found)
            else:
                turn.fail(f"utter_no_{group}")
            return None
        lines = "\n".join(_line(place) for place in places)
        turn.say(
            f"utter_{group}_list",
            lines=lines,
            buttons=[about(place) for place in places],
            links=[each for place in places[:3] for each in place_link(place)],
            sources=[source("place", place) for place in places],
        )
        if group == "health":
            turn.say("utter_health_emergency")
        if any(place.get("is_sample") for place in places):
            turn.say("utter_sample_data")
        return None


# Who asks for a pharmacy is not helped by a hospital, nor by a toilet who asks for an ATM.
_EXACT = {"amenity", "health"}


def _line(place: Json) -> str:
    away = place.get("distance_m")
    line = f"• {place['name']}" + (f": {place['summary']}" if place.get("summary") else "")
    return line + (f" ({away:.0f} m)" if away is not None else "")


def about(place: Json) -> Json:
    """The button that asks about `place`."""
    name = str(place.get("name") or "").replace('"', "")
    return {"title": name, "payload": f'/ask_place_info{{"place_name":"{name}"}}'}


async def meant(turn: Turn) -> tuple[Optional[Json], list[Json]]:
    """The one place that was meant, with all that is known of it; else those that may be.

    Without a name, or with "there", it is the place of before.
    """
    named = turn.entity("place_name", "beach_zone", "place_type") or ""
    before = turn.context.get("place") or {}
    points = points_back(turn.text) or turn.context.get("follows")
    if before and points and not turn.entity("place_name", "beach_zone"):
        return await turn.api.get(f"/places/{before['slug']}"), []
    linked = turn.linked("place_name", "beach_zone")
    if linked and (place := await turn.api.get(f"/places/{linked}")):
        return place, []
    for name in (named, _without_question(turn.text)):
        found = await turn.api.items("/places/suggest", q=name[:200]) if name else []
        exact = [place for place in found if same(place["name"], name)]
        close = [p for p in found if mentions(p["name"], name) or mentions(name, p["name"])]
        for candidates in (exact, close, found):
            if len(candidates) == 1:
                return await turn.api.get(f"/places/{candidates[0]['slug']}"), []
        if found:
            return None, (close or found)[:_LISTED]
    if before and not named and len(words(turn.text)) <= _SHORT:
        return await turn.api.get(f"/places/{before['slug']}"), []
    return None, []


def _without_question(text: str) -> str:
    said = re.findall(r"\w+", unicodedata.normalize("NFC", text).lower())
    return " ".join(
        word for word in said if word not in (_BARE_ASKING if word == fold(word) else _ASKING)
    )


class _AboutPlace(Answer):
    """An answer about the one place that was meant."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """About the place, or which of several was meant, or that none is known."""
        place, others = await meant(turn)
        if place is not None:
            turn.remember(place={"slug": place["slug"], "name": place["name"]})
            await self.about(turn, place)
        elif others:
            buttons = [self.again(turn, other) for other in others]
            turn.say("utter_which_place", buttons=buttons)
        elif found := await look_up(turn, turn.text):
            await say_found(turn, found)
        elif turn.entity("place_name", "beach_zone") or _without_question(turn.text):
            turn.fail("utter_place_unknown", lost=True)
        else:
            turn.say("utter_which_place")
        return None

    def again(self, turn: Turn, place: Json) -> Json:
        """The button that asks the same about `place`."""
        button = about(place)
        return button | {"payload": button["payload"].replace("ask_place_info", turn.intent, 1)}

    @abstractmethod
    async def about(self, turn: Turn, place: Json) -> None:
        """Say it of `place`."""


class PlaceInfo(_AboutPlace):
    """What one named place is."""

    async def about(self, turn: Turn, place: Json) -> None:
        """Its summary and description, with the day the facts were kept, and what may be next."""
        told = " ".join(filter(None, (place.get("summary"), place.get("description"))))
        _say_place(
            turn,
            {**place, "summary": told},
            "utter_place_info" if told else "utter_place_no_details",
            choices=["ask_opening_hours", "ask_directions", "ask_ticket_price"],
            about=str(place.get("name") or ""),
        )


class OpeningHours(_AboutPlace):
    """When a place is open."""

    async def about(self, turn: Turn, place: Json) -> None:
        """The hours and whether it is open now; or that they are not known."""
        hours = place.get("opening_hours")
        response = {True: "utter_open_now", False: "utter_closed_now"}.get(
            place.get("open_now"),
            "utter_opening_hours",  # type: ignore[arg-type]
        )
        facts = {
            "name": place.get("name"),
            "date": day(place.get("updated_at")),
            "links": place_link(place),
            "sources": [source("place", place)],
        }
        if hours:
            turn.say(response, hours=in_words(hours, turn.language), **facts)
        else:
            turn.fail("utter_hours_unknown", **facts)
        return


class Directions(_AboutPlace):
    """Where a place is and how to get there."""

    async def about(self, turn: Turn, place: Json) -> None:
        """A map with the way to it; or that its location is not known."""
        location = place.get("location")
        url = ""
        if location:
            lat, lng = location["lat"], location["lng"]
            url = f"https://www.openstreetmap.org/?mlat={lat}&mlon={lng}#map=16/{lat}/{lng}"
            if here := turn.location:
                url = (
                    "https://www.openstreetmap.org/directions?route="
                    f"{here['lat']}%2C{here['lng']}%3B{lat}%2C{lng}"
                )
        say = turn.say if location else turn.fail
        say(
            "utter_directions" if location else "utter_directions_unknown",
            name=place.get("name"),
            address=place.get("address") or "",
            map_url=url,
            date=day(place.get("updated_at")),
            links=place_link(place),
            sources=[source("place", place)],
        )


class Specialties(Answer):
    """Local dishes and gifts: what the town's guides say."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """What is published that fits, and places tagged as local specialities."""
        query = turn.entity("item") or turn.text
        found = await look_up(turn, query) if query else []
        if not found:
            usual = "đặc sản" if turn.language == "vi" else "specialities"
            found = await look_up(turn, usual, kinds=("guide", "faq", "page"))
        places = await turn.api.items("/places", tag="local-specialty", limit=3)
        if not found and not places:
            turn.fail("utter_search_nothing", lost=True)
            return None
        if found:
            await say_found(turn, found[:2])
        shown = {each.item.get("id") for each in found[:2]}
        for place in places:
            if place.get("id") not in shown:
                _say_place(turn, place)
        return None
