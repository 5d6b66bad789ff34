"""Festivals and shows: what the calendar holds, on the day asked about or next."""

from datetime import timedelta
from typing import Optional

from actions.answer import Answer, Json, Turn, clock, day, link, source
from actions.published import say_found
from actions.retrieval import content_words, coverage, look_up
from actions.when import Day
from components.text import fold

_SHOWN = 4
_AHEAD = timedelta(days=60)
_MANY = frozenset("le hoi su kien event events festival festivals show shows chuong trinh".split())


class Events(Answer):
    """What is on."""

    async def answer(self, turn: Turn) -> Optional[list[Json]]:
        """The events of the days named, else the next ones; what is called off is said so."""
        wanted = turn.day
        today = turn.now.date()
        days = wanted or Day(today, today + _AHEAD)
        events = await turn.api.items(
            "/events",
            **{"from": days.first.isoformat(), "to": days.last.isoformat(), "limit": 20},
        )
        named = self._named(turn, events)
        shown = named or events
        if not shown:
            if wanted:
                turn.fail("utter_no_events_then", days=_in_words(days))
                return None
            return await self._published(turn)
        found = [] if named or wanted else await look_up(turn, turn.text)
        if found and found[0].is_sure:
            # A festival asked for by name that is not among the next: what is written about it.
            await say_found(turn, found[:1])
            return None
        turn.say("utter_events" if not wanted else "utter_events_then", days=_in_words(days))
        for event in shown[:_SHOWN]:
            self._say(turn, event)
        if any(event.get("is_sample") for event in shown[:_SHOWN]):
            turn.say("utter_sample_data")
        return None

    def _named(self, turn: Turn, events: list[Json]) -> list[Json]:
        asked = [word for word in content_words(turn.text) if fold(word) not in _MANY]
        return [e for e in events if asked and coverage(asked, str(e.get("title"))) >= 0.6]

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


def _in_words(days: Day) -> str:
    first, last = f"{days.first:%d/%m/%Y}", f"{days.last:%d/%m/%Y}"
    return first if days.is_one else f"{first} – {last}"
