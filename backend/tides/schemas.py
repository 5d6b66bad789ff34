"""Tides as readers get them, and what an import answers."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.rest import Moment, OneOf
from content.tides.models import TideKind


class TideSchema(Schema):
    """A high or low tide; `height_m` in metres above the table's own zero."""

    station = fields.String()
    time = Moment(attribute="at")
    kind = OneOf(*TideKind)
    height_m = fields.Float()


class StationSchema(Schema):
    """How many tides of a station are known, from when to when."""

    station = fields.String()
    count = fields.Integer()
    first = Moment()
    last = Moment()


class ImportedStationSchema(StationSchema):
    """What a table holds of a station; `replaced` tides were known of the same time before."""

    replaced = fields.Integer()


class TideImportSchema(Schema):
    """What an import wrote, or would write."""

    dry_run = fields.Boolean()
    stations = fields.List(fields.Nested(ImportedStationSchema))


class ImportQuery(Schema):
    """Whether the table is only to be checked."""

    dry_run = fields.Boolean(load_default=False)
