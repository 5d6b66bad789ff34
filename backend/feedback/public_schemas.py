"""What goes in and out of the addresses where everybody finds reports, and "me too"."""

from __future__ import annotations

from marshmallow import EXCLUDE, Schema, fields, validate

from backend.feedback.schemas import ReportFilter, ReportHead, ReportPhotoSchema
from backend.rest import Box, Location, Moment, Paging, Text


class PublicReport(ReportHead):
    """A report as everybody may see it: words and photos only where an officer approved them."""

    description = fields.String(allow_none=True)
    location = fields.Nested(Location, allow_none=True)
    quarter = fields.String(allow_none=True)
    confirmations = fields.Integer(required=True)
    photos = fields.List(fields.Nested(ReportPhotoSchema), required=True)
    updated_at = Moment(required=True)


class PublicFilter(ReportFilter):
    """Which public reports somebody asks for."""

    bbox = Box(load_default=None, metadata={"description": "west,south,east,north"})


class PublicReportQuery(PublicFilter, Paging):
    """A page of them."""


class OpenQuery(PublicFilter):
    """Which of them become open data."""

    class Meta:
        unknown = EXCLUDE

    since = Moment(load_default=None, metadata={"description": "Filed at that moment or later"})


class SimilarQuery(Location):
    """Where and what somebody is about to report."""

    category = fields.String(load_default=None)
    text = fields.String(load_default="", validate=validate.Length(max=4000))


class SimilarReport(ReportHead):
    """An open report nearby that may mean the same; `score` from 0 to 1."""

    description = fields.String(allow_none=True)
    confirmations = fields.Integer(required=True)
    distance_m = fields.Integer(required=True)
    score = fields.Float(required=True)


class SimilarReports(Schema):
    items = fields.List(fields.Nested(SimilarReport), required=True)


class Confirmation(Schema):
    """That one's "me too" counts; `following` where one is told of each step."""

    code = fields.String(required=True)
    confirmations = fields.Integer(required=True)
    following = fields.Boolean(required=True)


class ReportApproval(Schema):
    """What everybody may read and see of a report from now on."""

    description = Text(
        4000,
        allow_none=True,
        load_default=None,
        metadata={"description": "The words without names and numbers; none without it"},
    )
    photos = fields.List(fields.UUID(), load_default=list, validate=validate.Length(max=20))


class ReportHiding(Schema):
    reason = Text(1000, least=1, required=True)
