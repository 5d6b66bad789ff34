"""The sea, the beaches and the sky, from the status that lifeguards and staff keep."""

import asyncio
from abc import abstractmethod
from datetime import datetime
from typing import Any, Optional

from actions.answer import (
    TOWN_TIME,
    Answer,
    Json,
    Turn,
    clock,
    day,
    link,
    mentions,
    moment,
    source,
)
from actions.context import goes_on
from actions.when import Day

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
_day = day  # in methods that name a day


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
    if not named and (turn.context.get("follows") or goes_on(turn.text)):
        named = str(turn.context.get("beach") or "")
    wanted = [
        beach
        for beach in known
        if any(
            mentions(f"{named} | {turn.text}", name)
            for name in (beach["name"], *(beach.get("aliases") or []))
        )
    ]
    chosen = wanted or known
    turn.remember(beach=wanted[0]["name"] if len(wanted) == 1 else None)
    statuses = await asyncio.gather(*(turn.api.get(f"/beaches/{b['id']}/status") for b in chosen))
    beaches = [_Beach(b, status or {}) for b, status in zip(chosen, statuses, strict=True)]
    return sorted(beaches, key=lambda each: WORST_FIRST.index(each.swimming))


def _names(beaches: list[_Beach]) -> str:
    return ", ".join(str(each.beach.get("name")) for each in beaches)


def _say_unknown(turn: Turn, response: str, beaches: list[_Beach]) -> None:
    turn.fail(response, beaches=_names(beaches) or "?")


class SwimSafety(Answer):
    """May one swim? Never answered with a promise: what is stale or unknown is said to be so."""

    when_down = "utter_swim_api_down"
    asks_back = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """One reply for each beach that is known, the worst first, and one for the unknown.

        Of another day than today only the forecast can be told.
        """
        wanted = turn.day
        if wanted and wanted.first > turn.now.date():
            turn.say("utter_swim_ahead", days=wanted.in_words)
            return await Weather().answer(turn)
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

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The meaning of all flags, and where to see which one is up."""
        turn.say("utter_flag_meaning")
        return None


class StormWarning(Answer):
    """Storms and bans: what is in force at the beaches, and the announcements about it."""

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
        wanted = turn.day
        if wanted and wanted.last > turn.now.date():
            turn.say("utter_storm_ahead")
        return None


class _OfStatus(Answer):
    """An answer from one part of the beaches' status; `unknown` is said where that is missing."""

    unknown = ""
    differs_by_beach = False

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """One reply for each beach that has the part, and one for the others."""
        beaches = sorted(await _beaches(turn), key=lambda each: str(each.beach.get("name")))
        said: list[tuple[str, Json]] = []
        wanted = turn.day
        for each in beaches:
            told = self.of_day(each.status, wanted) if wanted else self.part(each.status)
            if told is not None and (self.differs_by_beach or told not in said):
                response, values = told
                said.append(told)
                turn.say(response, sources=each.sources, **{**each.facts, **values})
        if not said:
            _say_unknown(turn, self.unknown, beaches)
        return None

    def of_day(self, status: Json, day: Day) -> Optional[tuple[str, Json]]:
        """As `part`, of a day that was named; what is known of now alone says nothing of later."""
        return self.part(status) if day.first == datetime.now(TOWN_TIME).date() else None

    @abstractmethod
    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The response for this part and its values; None when it is unknown."""


class Lifeguard(_OfStatus):
    """Whether lifeguards are on duty."""

    when_down = "utter_swim_api_down"
    unknown = "utter_lifeguard_unknown"
    differs_by_beach = True

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """On duty or not, unless stale, and today's hours where a schedule holds them."""
        on_duty = status.get("lifeguards_on_duty")
        hours = ", ".join(
            f"{each.get('from')}–{each.get('to')}" for each in status.get("lifeguard_hours") or []
        )
        by_schedule = status.get("lifeguards_by") == "schedule"
        if on_duty is None or (status.get("stale") and not by_schedule):
            return ("utter_lifeguard_hours", {"hours": hours}) if hours else None
        if by_schedule:
            said = "utter_lifeguard_scheduled" if on_duty else "utter_lifeguard_not_scheduled"
            return said, {"hours": hours or "–"}
        return ("utter_lifeguard_on_duty" if on_duty else "utter_lifeguard_off_duty"), {}


class WaterQuality(_OfStatus):
    """The class of the latest water sample."""

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

    unknown = "utter_tide_unknown"

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The times of high and of low water."""
        return self._told(status.get("tide") or [])

    def of_day(self, status: Json, day: Day) -> Optional[tuple[str, Json]]:
        """Of the day named, so far as the table goes."""
        return self._told(
            [
                tide
                for tide in status.get("tide") or []
                if (at := moment(tide.get("time"))) and day.first <= at.date() <= day.last
            ]
        )

    def _told(self, tides: list[Json]) -> Optional[tuple[str, Json]]:
        high, low = _times(tides, "high"), _times(tides, "low")
        return ("utter_tide", {"high": high or "–", "low": low or "–"}) if high or low else None


def _times(tides: list[Json], kind: str) -> str:
    return ", ".join(
        f"{clock(tide.get('at'))} ({day(tide.get('at'))})"
        + (f" {tide['height_m']} m" if tide.get("height_m") is not None else "")
        for tide in tides
        if tide.get("kind") == kind
    )


class SunTimes(_OfStatus):
    """Sunrise and sunset."""

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

    def of_day(self, status: Json, day: Day) -> Optional[tuple[str, Json]]:
        """Today's, which name their day: they move by a minute or two from one day to the next."""
        return self.part(status)


class Weather(_OfStatus):
    """The weather as the status holds it; no forecast is made up."""

    unknown = "utter_weather_unknown"

    def part(self, status: Json) -> Optional[tuple[str, Json]]:
        """The weather now, in words and figures, with its source."""
        weather: Json = status.get("weather") or {}
        told = self._now(weather)
        if not told:
            return None
        at = weather.get("observed_at")
        source_name = weather.get("source") or "–"
        return "utter_weather", {
            "weather": told, "time": clock(at), "date": day(at), "source_name": source_name,
        }  # fmt: skip

    def of_day(self, status: Json, day: Day) -> Optional[tuple[str, Json]]:
        """The forecast of the days named, so far as it goes."""
        weather: Json = status.get("weather") or {}
        if day.last == datetime.now(TOWN_TIME).date():
            return self.part(status)
        days = [
            each
            for each in weather.get("days") or []
            if day.first.isoformat() <= str(each.get("date")) <= day.last.isoformat()
        ]
        if not days:
            return None
        at = weather.get("observed_at")
        return "utter_forecast", {
            "lines": "\n".join(map(_of_forecast, days)),
            "time": clock(at), "date": _day(at), "source_name": weather.get("source") or "–",
        }  # fmt: skip

    def _now(self, weather: Json) -> str:
        parts = [
            weather.get("text"),
            _figure(weather.get("temperature_c"), "°C"),
            _figure(weather.get("wind_kmh"), "km/h", "💨 "),
            _figure(weather.get("wave_height_m"), "m", "🌊 "),
        ]
        return ", ".join(part for part in parts if part)


def _figure(value: Any, unit: str, sign: str = "") -> Optional[str]:
    return None if value is None else f"{sign}{value:g} {unit}"


def _of_forecast(forecast: Json) -> str:
    low, high = forecast.get("lowest_c"), forecast.get("highest_c")
    parts = [
        forecast.get("text"),
        f"{low:g}–{high:g} °C" if low is not None and high is not None else None,
        _figure(forecast.get("rain_chance_percent"), "%", "🌧 "),
        _figure(forecast.get("gusts_kmh"), "km/h", "💨 "),
    ]
    told = ", ".join(part for part in parts if part)
    return f"• {_day(str(forecast.get('date')) + 'T00:00:00+07:00')}: {told}"
