"""The weather as readers get it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from backend.rest import Moment
from backend.weather.open_meteo import SOURCE
from backend.weather.words import in_words


def _text(said: Any) -> str | None:
    return in_words(said.get("code"))


class WeatherDaySchema(Schema):
    """A day ahead."""

    date = fields.String()
    text = fields.Function(_text, metadata={"type": "string", "x-nullable": True})
    highest_c = fields.Float(allow_none=True)
    lowest_c = fields.Float(allow_none=True)
    rain_chance_percent = fields.Float(allow_none=True)
    gusts_kmh = fields.Float(allow_none=True)


class WeatherSchema(Schema):
    """The weather by a model, not by an eye; what is not known is null."""

    observed_at = Moment()
    text = fields.Function(_text, metadata={"type": "string", "x-nullable": True})
    code = fields.Integer(dump_default=None, allow_none=True)
    temperature_c = fields.Float(dump_default=None, allow_none=True)
    feels_like_c = fields.Float(dump_default=None, allow_none=True)
    humidity_percent = fields.Float(dump_default=None, allow_none=True)
    rain_mm = fields.Float(dump_default=None, allow_none=True)
    wind_kmh = fields.Float(dump_default=None, allow_none=True)
    gusts_kmh = fields.Float(dump_default=None, allow_none=True)
    wind_direction_degrees = fields.Float(dump_default=None, allow_none=True)
    wave_height_m = fields.Float(dump_default=None, allow_none=True)
    wave_period_s = fields.Float(dump_default=None, allow_none=True)
    wave_direction_degrees = fields.Float(dump_default=None, allow_none=True)
    sea_temperature_c = fields.Float(dump_default=None, allow_none=True)
    days = fields.List(fields.Nested(WeatherDaySchema), dump_default=[])
    source = fields.Constant(SOURCE, metadata={"type": "string"})
