"""The sea, the beaches and the sky, from the status that lifeguards and staff keep."""

import asyncio
from abc import abstractmethod
from typing import Any, Optional

from actions.answer import Answer, Json, Turn, clock, day, link, mentions, source

# As the backend orders them, the worst first; "unknown" is worse than "supervised".
WORST_FIRST = ["closed", "dangerous", "caution", "unknown", "supervised"]
# What a flag alone says; a ban or a warning may say worse, and then the flag's words are wrong.
_FLAG_SAYS = {
    "red_over_red": "closed",
    "quartered": "closed",
    "red": "dangerous",
    "yellow": "caution",
    "purple": "caution",
    "red_over_yellow": "supervised",
}
_WATER = {"excellent", "good", "sufficient", "poor"}
_SHOWN = 4


class _Beach:
    """A beach and what is known of it now."""

    def __init__(self, beach: Json, status: Json) -> None:
        self.beach = beach
        self.status = status
        self.swimming = status.get("swimming")
        if self.swimming not in WORST_FIRST:
            self.swimming = "unknown"
        if status.get("stale") and self.swimming not in ("closed", "dangerous"):
            self.swimming = "unknown"

    @property
    def facts(self) -> Json:
        """What every wording about this beach may name."""
        seen = self.status.get("observed_at")
        return {"beach": self.beach.get("name"), "time": clock(seen), "date": day(seen)}

    @property
    def sources(self) -> list[Json]:
        """The status as a source."""
        return [source("beach", self.beach, self.status.get("observed_at"))]


async def _beaches(turn: Turn) -> list[_Beach]:
    """The beaches that the person named, else all; the worst first."""
    known = await turn.api.items("/beaches")
    named = turn.entity("beach_zone", "place_name") or ""
    wanted = [
        beach
        for beach in known
        if any(
            mentions(f"{named} | {turn.text}", name)
            for name in (beach["name"], *(beach.get("aliases") or []))
        )
    ]
    chosen = wanted or known
    statuses = await asyncio.gather(*(turn.api.get(f"/beaches/{b['id']}/status") for b in chosen))
    beaches = [_Beach(b, status or {}) for b, status in zip(chosen, statuses, strict=True)]
    return sorted(beaches, key=lambda each: WORST_FIRST.index(each.swimming))


def _names(beaches: list[_Beach]) -> str:
    return ", ".join(str(each.beach.get("name")) for each in beaches)


def _say_unknown(turn: Turn, response: str, beaches: list[_Beach]) -> None:
    turn.say(response, beaches=_names(beaches) or "?")


class SwimSafety(Answer):
    """May one swim? Never answered with a promise: what is stale or unknown is said to be so."""

    action = "action_swim_safety"
    when_down = "utter_swim_api_down"
    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """One reply for each beach that is known, the worst first, and one for the unknown."""
        beaches = await _beaches(turn)
        known = [each for each in beaches if each.swimming != "unknown"]
        unknown = [each for each in beaches if each.swimming == "unknown"]
        for each in known[:_SHOWN]:
            status = each.status
            ban, flag = status.get("ban"), status.get("flag")
            old = "_old" if status.get("stale") and not ban else ""
            if ban:
                response = "utter_swim_banned"
            elif _FLAG_SAYS.get(flag) == each.swimming:
                response = f"utter_swim_flag_{flag}{old}"
            else:
                response = f"utter_swim_{each.swimming}"
            reason = (ban or {}).get("text") or (ban or {}).get("reason") or ""
            turn.say(response, reason=reason, sources=each.sources, **each.facts)
            for warning in status.get("warnings") or []:
                turn.say("utter_warning", **_warning(warning))
        if unknown or not beaches:
            _say_unknown(turn, "utter_swim_unknown", unknown)
        if known:
            turn.say("utter_swim_advice")
        return None


def _warning(warning: Json) -> Json:
    issued = warning.get("issued_at")
    return {
        "title": warning.get("title") or "",
        "body": warning.get("text") or "",
        "time": clock(issued),
        "date": day(issued),
    }


class FlagMeaning(Answer):
    """What the flags mean, after ISO 13009: no lookup, the standard is the same everywhere."""

    action = "action_flag_meaning"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The meaning of all flags, and where to see which one is up."""
        turn.say("utter_flag_meaning")
        return None


class StormWarning(Answer):
    """Storms and bans: what is in force at the beaches, and the announcements about it."""

    action = "action_storm_warning"
    when_down = "utter_storm_api_down"

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """Bans, then warnings, then announcements; or that none is known."""
        beaches = await _beaches(turn)
        notices = await turn.api.items("/articles", kind="announcement", topic="storm", limit=3)
        said: set[str] = set()
        for each in beaches:
            if ban := each.status.get("ban"):
                reason = ban.get("text") or ban.get("reason") or ""
                turn.say("utter_swim_banned", reason=reason, sources=each.sources, **each.facts)
                said.add("ban")
            for warning in each.status.get("warnings") or []:
                title = str(warning.get("title"))
                if title not in said:
                    said.add(title)
                    turn.say("utter_warning", sources=each.sources, **_warning(warning))
        for notice in notices:
            said.add(str(notice.get("id")))
            turn.say(
                "utter_article",
                title=notice.get("title"),
                summary=notice.get("summary") or "",
                date=day(notice.get("published_at")),
                links=link(notice),
                sources=[source("article", notice)],
            )
        if not said:
            turn.say("utter_storm_unknown")
        return None


class _OfStatus(Answer):
    """An answer from one part of the beaches' status; `unknown` is said where that is missing."""

    unknown = ""
    differs_by_beach = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """One reply for each beach that has the part, and one for the others."""
        beaches = sorted(await _beaches(turn), key=lambda each: str(each.beach.get("name")))
        said = []
        for each in beaches:
            told = self.part(each.status)
            if told is not None and (self.differs_by_beach or told not in said):
                response, values = told
                said.append(told)
                turn.say(response, sources=each.sources, **{**each.facts, **values})
        if not said:
            _say_unknown(turn, self.unknown, beaches)
        return None

    @abstractmethod
    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The response for this part and its values; None when it is unknown."""


class Lifeguard(_OfStatus):
    """Whether lifeguards are on duty."""

    action = "action_lifeguard"
    when_down = "utter_swim_api_down"
    unknown = "utter_lifeguard_unknown"
    differs_by_beach = True

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """On duty or not, unless stale."""
        on_duty = status.get("lifeguards_on_duty")
        if on_duty is None or status.get("stale"):
            return None
        return ("utter_lifeguard_on_duty" if on_duty else "utter_lifeguard_off_duty"), {}


class WaterQuality(_OfStatus):
    """The class of the latest water sample."""

    action = "action_water_quality"
    unknown = "utter_water_unknown"
    differs_by_beach = True

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The class and the day of the sample."""
        quality = status.get("water_quality") or {}
        if quality.get("class") not in _WATER:
            return None
        sampled = day(quality.get("sampled_at"))
        return f"utter_water_{quality['class']}", {"sampled": sampled}


class Tide(_OfStatus):
    """High and low tide, from the table that the API holds."""

    action = "action_tide"
    unknown = "utter_tide_unknown"

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The times of high and of low water."""
        tides = status.get("tide") or []
        high, low = _times(tides, "high"), _times(tides, "low")
        return ("utter_tide", {"high": high, "low": low}) if high or low else None


def _times(tides: list[Json], kind: str) -> str:
    return ", ".join(
        f"{clock(tide.get('at') or tide.get('time'))} ({day(tide.get('at') or tide.get('time'))})"
        for tide in tides
        if kind in (tide.get("type"), tide.get("kind"))
    )


class SunTimes(_OfStatus):
    """Sunrise and sunset."""

    action = "action_sun_times"
    unknown = "utter_sun_unknown"

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The times of the day."""
        sun = status.get("sun") or {}
        if not (sun.get("rise") and sun.get("set")):
            return None
        return "utter_sun", {
            "rise": clock(sun["rise"]),
            "set": clock(sun["set"]),
            "date": day(sun["rise"]),
        }


class Weather(_OfStatus):
    """The weather as the status holds it; no forecast is made up."""

    action = "action_weather"
    unknown = "utter_weather_unknown"

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The description, where the API gives one in words."""
        weather: dict[str, Any] = status.get("weather") or {}
        words = weather.get("text") or weather.get("summary") or weather.get("description")
        degrees = weather.get("temperature_c", weather.get("temperature"))
        if words is None and degrees is None:
            return None
        told = ", ".join(
            str(w) for w in (words, f"{degrees} °C" if degrees is not None else None) if w
        )
        at = weather.get("observed_at") or weather.get("updated_at") or status.get("observed_at")
        return "utter_weather", {"weather": told, "time": clock(at), "date": day(at)}
