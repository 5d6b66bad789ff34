"""What goes in and out of the address of statistics."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.feedback.statistics.figures import BY
from backend.rest import Moment, OneOf

SHARE = {"description": "From 0 to 1; null where there is nothing to divide", "x-nullable": True}
MINUTES = {
    "description": "Minutes that passed, by the nearest rank; within 9 %, since times are kept in "
    "buckets, and exact where those of a bucket are equal",
    "x-nullable": True,
}


class StatisticsQuery(Schema):
    """Which period, and by what."""

    first = fields.Date(
        data_key="from", load_default=None, metadata={"description": "1 January by default"}
    )
    last = fields.Date(data_key="to", load_default=None, metadata={"description": "Default: today"})
    by = OneOf(*BY, load_default="month")


class Times(Schema):
    median = fields.Integer(required=True, allow_none=True, metadata=MINUTES)
    p90 = fields.Integer(required=True, allow_none=True, metadata=MINUTES)


class Totals(Schema):
    """Of the reports that were filed in the period, as they stand now."""

    received = fields.Integer(required=True)
    open = fields.Integer(required=True)
    resolved = fields.Integer(required=True)
    on_time = fields.Integer(required=True, metadata={"description": "Of the resolved ones"})
    late = fields.Integer(required=True, metadata={"description": "Of the resolved ones"})
    on_time_share = fields.Float(required=True, allow_none=True, metadata=SHARE)
    acknowledged = fields.Integer(required=True)
    acknowledged_on_time = fields.Integer(required=True)
    rejected = fields.Integer(required=True)
    duplicate = fields.Integer(required=True)
    withdrawn = fields.Integer(required=True)
    reopened = fields.Integer(required=True, metadata={"description": "At least once"})
    acknowledge = fields.Nested(Times, required=True)
    resolve = fields.Nested(Times, required=True)
    rating = fields.Float(required=True, allow_none=True, metadata={"x-nullable": True})
    rated = fields.Integer(required=True)
    ratings = fields.List(
        fields.Integer(), required=True, metadata={"description": "How many of 1, 2, 3, 4, 5"}
    )


class Item(Totals):
    value = fields.String(
        required=True,
        metadata={"description": "The code, the first of the month or the season; may be empty"},
    )
    name = fields.String(required=True)
    received_last_year = fields.Integer(required=True)


class Age(Schema):
    from_days = fields.Integer(required=True)
    to_days = fields.Integer(required=True, allow_none=True, metadata={"x-nullable": True})
    open = fields.Integer(required=True)


class Cell(Schema):
    """A field of the grid over the town."""

    cell = fields.String(required=True)
    south = fields.Float(required=True)
    west = fields.Float(required=True)
    north = fields.Float(required=True)
    east = fields.Float(required=True)
    received = fields.Integer(required=True)
    open = fields.Integer(required=True)


class Repeater(Cell):
    """A category in a cell: reported again, or opened again."""

    category = fields.String(required=True)
    reopened = fields.Integer(required=True)
    repeated = fields.Integer(required=True)


class Statistics(Schema):
    first = fields.Date(required=True, data_key="from", attribute="period.first")
    last = fields.Date(required=True, data_key="to", attribute="period.last")
    by = OneOf(*BY, required=True)
    at = Moment(required=True)
    totals = fields.Nested(Totals, required=True)
    last_year = fields.Nested(Totals, required=True)
    items = fields.List(fields.Nested(Item), required=True)
    months = fields.List(fields.Nested(Item), required=True)
    backlog = fields.List(
        fields.Nested(Age),
        required=True,
        metadata={"description": "All that is open now, by age in days"},
    )
    late_now = fields.Integer(required=True)
    cells = fields.List(fields.Nested(Cell), required=True)
    repeaters = fields.List(fields.Nested(Repeater), required=True)
