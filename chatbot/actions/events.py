"""Festivals and shows: what the calendar holds, on the day asked about or next."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Optional

from actions.answer import Answer, Json, Turn, clock, day, link, source
from actions.published import say_found
from actions.retrieval import content_words, coverage, look_up
from actions.when import Day
from components.text import fold

_SHOWN = 4
_AHEAD = timedelta(days=60)
_A_YEAR = timedelta(days=400)
_MANY = frozenset("le hoi su kien event events festival festivals show shows chuong trinh".split())


def _is_named(asked: list[str], event: Json) -> bool:
    return coverage(asked, str(event.get("title"))) >= 0.6


def _next_ones(events: Iterable[Json]) -> list[Json]:
    """Of each event its next day alone."""
    first: dict[Any, Json] = {}
    for event in events:
        first.setdefault(event.get("id"), event)
    return list(first.values())


class Events(Answer):
    """What is on."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The events of the days named, else the next ones; what is called off is said so.

        One that is asked for by name is looked for a year ahead.
        """
        wanted = turn.day
        today = turn.now.date()
        days = wanted or Day(today, today + _AHEAD)
        asked = [word for word in content_words(turn.text) if fold(word) not in _MANY]
        far = Day(days.first, today + _A_YEAR) if asked and not wanted else days
        events = await turn.api.items(
            "/events", **{"from": far.first.isoformat(), "to": far.last.isoformat(), "limit": 100}
        )
        named = _next_ones(e for e in events if asked and _is_named(asked, e))
        soon = [e for e in events if str(e.get("date")) <= days.last.isoformat()]
        shown = named or soon
        found = [] if named or wanted or not asked else await look_up(turn, turn.text)
        if found and found[0].is_sure:
            # What is written about it, where the calendar does not hold it.
            await say_found(turn, found[:1])
            return None
        if not shown:
            if wanted:
                turn.fail("utter_no_events_then", days=days.in_words)
                return None
            return await self._published(turn)
        turn.say("utter_events" if not wanted else "utter_events_then", days=days.in_words)
        for event in shown[:_SHOWN]:
            self._say(turn, event)
        if any(event.get("is_sample") for event in shown[:_SHOWN]):
            turn.say("utter_sample_data")
        return None

    async def _published(self, turn: Turn) -> Optional[list[Json]]:
        usual = "lễ hội du lịch" if turn.language == "vi" else "festivals"
        found = await look_up(turn, turn.text or usual) or await look_up(turn, usual)
        if found:
            turn.say("utter_no_events")
            await say_found(turn, found[:2])
        else:
            turn.fail("utter_no_events")
        return None

    def _say(self, turn: Turn, event: Json) -> None:
        place = (event.get("place") or {}).get("name") or event.get("place_text") or "–"
        status = event.get("status")
        turn.say(
            {"cancelled": "utter_event_cancelled", "moved": "utter_event_moved"}.get(
                str(status), "utter_event"
            ),
            title=event.get("title"),
            when=_when(event),
            place=place,
            note=event.get("note") or "",
            updated=day(event.get("updated_at")),
            links=link(event),
            sources=[source("event", event)],
        )


def _when(event: Json) -> str:
    starts = event.get("starts_at")
    if event.get("all_day") or not starts:
        return day(f"{event.get('date')}T00:00:00+07:00")
    return f"{clock(starts)}, {day(starts)}"
