"""Places: what there is to see, where to stay and eat, and all about one of them."""

import re
import unicodedata
from abc import abstractmethod
from typing import Optional

from actions.answer import Answer, Json, Turn, day, link, mentions, same, source
from components.text import fold

_KIND = {"find_attraction": "sight", "find_accommodation": "lodging", "find_food": "food"}
_LISTED = 5
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


def _say_place(turn: Turn, place: Json, response: str = "utter_place_line") -> None:
    turn.say(
        response,
        name=place.get("name"),
        summary=place.get("summary") or "",
        address=place.get("address") or "",
        date=day(place.get("updated_at")),
        links=link(place),
        sources=[source("place", place)],
    )
    if place.get("is_sample"):
        turn.say("utter_sample_data")


class FindPlaces(Answer):
    """A list of places of a kind: sights, lodging, food."""

    action = "action_find_places"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """A few places by name, each a button to know more of it."""
        group = _KIND.get(turn.intent, "sight")
        category = await _category(turn, group)
        near = turn.location and f"{turn.location.get('lat')},{turn.location.get('lng')}"
        query = {"near": near, "limit": _LISTED}
        places = await turn.api.items("/places", category=category, **query)
        if not places and category != group:
            places = await turn.api.items("/places", category=group, **query)
        if not places:
            turn.say(f"utter_no_{group}")
            return None
        lines = "\n".join(
            f"• {place['name']}" + (f": {place['summary']}" if place.get("summary") else "")
            for place in places
        )
        turn.say(
            f"utter_{group}_list",
            lines=lines,
            buttons=[about(place) for place in places],
            sources=[source("place", place) for place in places],
        )
        if any(place.get("is_sample") for place in places):
            turn.say("utter_sample_data")
        return None


def about(place: Json) -> Json:
    """The button that asks about `place`."""
    name = str(place.get("name") or "").replace('"', "")
    return {"title": name, "payload": f'/ask_place_info{{"place_name":"{name}"}}'}


async def _meant(turn: Turn) -> tuple[Optional[Json], list[Json]]:
    """The one place that was meant, with all that is known of it; else those that may be."""
    named = turn.entity("place_name", "beach_zone", "place_type") or ""
    for name in (named, _without_question(turn.text)):
        found = await turn.api.items("/places/suggest", q=name[:200]) if name else []
        exact = [place for place in found if same(place["name"], name)]
        close = [p for p in found if mentions(p["name"], name) or mentions(name, p["name"])]
        for candidates in (exact, close, found):
            if len(candidates) == 1:
                return await turn.api.get(f"/places/{candidates[0]['slug']}"), []
        if found:
            return None, (close or found)[:_LISTED]
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
        place, others = await _meant(turn)
        if place is not None:
            await self.about(turn, place)
        elif others:
            buttons = [self.again(turn, other) for other in others]
            turn.say("utter_which_place", buttons=buttons)
        else:
            turn.say("utter_place_unknown")
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

    action = "action_place_info"

    async def about(self, turn: Turn, place: Json) -> None:
        """Its summary and description, with the day the facts were kept."""
        _say_place(turn, {**place, "summary": place.get("description") or place.get("summary")},
                   "utter_place_info" if place.get("description") or place.get("summary")
                   else "utter_place_no_details")  # fmt: skip


class OpeningHours(_AboutPlace):
    """When a place is open."""

    action = "action_opening_hours"

    async def about(self, turn: Turn, place: Json) -> None:
        """The hours and whether it is open now; or that they are not known."""
        hours = place.get("opening_hours")
        response = {True: "utter_open_now", False: "utter_closed_now"}.get(
            place.get("open_now"),
            "utter_opening_hours",  # type: ignore[arg-type]
        )
        turn.say(
            response if hours else "utter_hours_unknown",
            name=place.get("name"),
            hours=hours or "",
            date=day(place.get("updated_at")),
            links=link(place),
            sources=[source("place", place)],
        )


class Directions(_AboutPlace):
    """Where a place is and how to get there."""

    action = "action_directions"

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
        turn.say(
            "utter_directions" if location else "utter_directions_unknown",
            name=place.get("name"),
            address=place.get("address") or "",
            map_url=url,
            links=link(place),
            sources=[source("place", place)],
        )


class Specialties(Answer):
    """Local dishes and gifts: what the town's guides say."""

    action = "action_specialties"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Places tagged as local specialities and what the search finds."""
        query = turn.entity("item") or ("đặc sản" if turn.language == "vi" else "speciality")
        found = await turn.api.items("/search", q=query, limit=3)
        places = await turn.api.items("/places", tag="local-specialty", limit=3)
        if not found and not places:
            turn.say("utter_search_nothing")
            return None
        for place in places:
            _say_place(turn, place)
        shown = {place.get("id") for place in places}
        for hit in found:
            if hit.get("id") not in shown:
                turn.say(
                    "utter_search_hit",
                    title=hit.get("title"),
                    date=day(hit.get("updated_at")),
                    links=link(hit),
                    sources=[source(hit.get("type") or "page", hit)],
                )
        return None
