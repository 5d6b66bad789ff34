"""Open-Meteo's two services, forecast and marine, as seen from here.

Their answers are checked before they are believed: that they are JSON of the documented shape,
in the units that were asked for, with numbers that can be.
"""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import orjson

from content import town

SOURCE = "Open-Meteo.com"
LARGEST = 262_144
"""Bytes; the answers are a hundredth of this."""

DAYS = 3

AIR = {
    "temperature_2m": ("temperature_c", "°C", -60, 60),
    "apparent_temperature": ("feels_like_c", "°C", -80, 80),
    "relative_humidity_2m": ("humidity_percent", "%", 0, 100),
    "precipitation": ("rain_mm", "mm", 0, 500),
    "weather_code": ("code", "wmo code", 0, 99),
    "wind_speed_10m": ("wind_kmh", "km/h", 0, 500),
    "wind_direction_10m": ("wind_direction_degrees", "°", 0, 360),
    "wind_gusts_10m": ("gusts_kmh", "km/h", 0, 500),
}
SEA = {
    "wave_height": ("wave_height_m", "m", 0, 40),
    "wave_direction": ("wave_direction_degrees", "°", 0, 360),
    "wave_period": ("wave_period_s", "s", 0, 60),
    "sea_surface_temperature": ("sea_temperature_c", "°C", -5, 45),
}
DAILY = {
    "weather_code": ("code", "wmo code", 0, 99),
    "temperature_2m_max": ("highest_c", "°C", -60, 60),
    "temperature_2m_min": ("lowest_c", "°C", -60, 60),
    "precipitation_probability_max": ("rain_chance_percent", "%", 0, 100),
    "wind_gusts_10m_max": ("gusts_kmh", "km/h", 0, 500),
}
"""Open-Meteo's name of each value, with ours, the unit and the least and greatest that can be."""

Wanted = Mapping[str, tuple[str, str, float, float]]


class WeatherUnavailable(Exception):
    """The service is down, too slow, or said what cannot be believed; the message says which."""


@dataclass(frozen=True)
class Said:
    """What a service says of the moment *at*, by our names."""

    at: datetime
    values: dict[str, Any]


class OpenMeteo:
    """Asks the services at the given addresses; *patience* is the longest wait for one answer."""

    def __init__(self, patience: float = 15.0) -> None:
        self._patience = patience

    def air(self, url: str) -> Said:
        """The weather now and the days ahead. Raises WeatherUnavailable."""
        answer = self._ask(
            url,
            {
                "current": ",".join(AIR),
                "daily": ",".join(DAILY),
                "forecast_days": DAYS,
                "temperature_unit": "celsius",
                "wind_speed_unit": "kmh",
                "precipitation_unit": "mm",
            },
        )
        said = _current(answer, AIR)
        said.values["days"] = _days(answer)
        return said

    def sea(self, url: str) -> Said:
        """Waves and the sea's temperature now. Raises WeatherUnavailable."""
        asked = {"current": ",".join(SEA), "length_unit": "metric", "cell_selection": "sea"}
        return _current(self._ask(url, asked), SEA)

    def _ask(self, url: str, asked: Mapping[str, Any]) -> Mapping[str, Any]:
        lat, lng = town.POINT
        query = {"latitude": lat, "longitude": lng, "timezone": town.TIME.key, **asked}
        deadline = time.monotonic() + self._patience
        body = bytearray()
        try:
            with (
                httpx.Client(timeout=self._patience, trust_env=False) as client,
                client.stream("GET", url, params=query) as answer,
            ):
                answer.raise_for_status()
                for chunk in answer.iter_bytes():
                    body += chunk
                    # A time-out counts from one byte to the next: one that drips never ends.
                    if len(body) > LARGEST or time.monotonic() > deadline:
                        raise WeatherUnavailable("the answer is too long or too slow")
            found = orjson.loads(bytes(body))
        except httpx.HTTPStatusError as error:
            raise WeatherUnavailable(f"HTTP {error.response.status_code}") from None
        except httpx.HTTPError as error:
            raise WeatherUnavailable(type(error).__name__) from None
        except orjson.JSONDecodeError:
            raise WeatherUnavailable("the answer is no JSON") from None
        if not isinstance(found, dict):
            raise WeatherUnavailable("the answer is no object")
        return found


def _current(answer: Mapping[str, Any], wanted: Wanted) -> Said:
    current = _part(answer, "current")
    values = _values(current, _part(answer, "current_units"), wanted)
    if not any(value is not None for value in values.values()):
        raise WeatherUnavailable("the answer says nothing")
    return Said(_moment(answer, current.get("time")), values)


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = answer.get(name)
    if not isinstance(part, dict):
        raise WeatherUnavailable(f"the answer has no {name}")
    return part


def _moment(answer: Mapping[str, Any], text: Any) -> datetime:
    """The answer's local time, which is written without its offset."""
    offset = answer.get("utc_offset_seconds")
    if not isinstance(text, str) or not isinstance(offset, int):
        raise WeatherUnavailable("the answer has no time")
    try:
        local = datetime.fromisoformat(text)
        moment = local.replace(tzinfo=UTC) - timedelta(seconds=offset)
    except (ValueError, OverflowError):
        raise WeatherUnavailable("the answer has no time") from None
    return moment


def _values(said: Mapping[str, Any], units: Mapping[str, Any], wanted: Wanted) -> dict[str, Any]:
    return {
        ours: _checked(name, said.get(name), units.get(name), wanted[name])
        for name, (ours, *_) in wanted.items()
    }


def _checked(
    name: str, value: Any, unit: Any, rule: tuple[str, str, float, float]
) -> float | int | None:
    _, wanted_unit, least, greatest = rule
    if value is None:
        return None  # a model's grid may have no value here
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not least <= value <= greatest:
        raise WeatherUnavailable(f"{name} cannot be")
    if unit != wanted_unit:
        raise WeatherUnavailable(f"{name} is in another unit")
    checked: float | int = value
    return checked


def _days(answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    daily, units = _part(answer, "daily"), _part(answer, "daily_units")
    dates = daily.get("time")
    columns = {name: daily.get(name) for name in DAILY}
    if not isinstance(dates, list) or not all(
        isinstance(column, list) and len(column) == len(dates) for column in columns.values()
    ):
        raise WeatherUnavailable("the days are not whole")
    days = []
    for n, day in enumerate(dates[:DAYS]):
        try:
            date = datetime.fromisoformat(day).date().isoformat()
        except (TypeError, ValueError):
            raise WeatherUnavailable("the days have no dates") from None
        row = {name: column[n] for name, column in columns.items() if column}
        days.append({"date": date} | _values(row, units, DAILY))
    return days
