"""Articles as readers get them, and as editors write them."""

from __future__ import annotations

from marshmallow import Schema, fields, validate

from backend.content_schemas import Code, DraftSchema, ScheduleSchema, SourceSchema
from backend.links import address_of
from backend.media.fields import (
    AttachmentDraftSchema,
    Attachments,
    Html,
    Image,
    ImageDraftSchema,
)
from backend.rest import Language, Localized, Moment, OneOf, Paging, Text, Translated
from content.articles.models import Kind


class ProcedureSchema(Schema):
    """What a procedure takes: each as safe HTML."""

    documents = Html()
    steps = Html()
    fee = Html()
    duration = Html()
    office = Html()


class ArticleSchema(Schema):
    """An article."""

    id = fields.UUID()
    slug = fields.String()
    kind = OneOf(*Kind)
    title = Translated()
    summary = Translated()
    body_html = Html(attribute="body")
    procedure = fields.Nested(ProcedureSchema, allow_none=True)
    image = Image()
    attachments = Attachments()
    topics = fields.List(fields.String())
    quarters = fields.List(
        fields.String(), metadata={"description": "Codes; none for the whole town"}
    )
    pinned = fields.Boolean()
    published_at = Moment()
    expires_at = Moment(allow_none=True)
    updated_at = Moment()
    is_sample = fields.Boolean()
    sources = fields.List(fields.Nested(SourceSchema))
    url = fields.Function(address_of, metadata={"type": "string"})


class ArticleQuery(Paging):
    """Which articles."""

    kind = OneOf(*Kind, load_default=None)
    topic = Text(60, load_default=None)
    quarter = Text(60, load_default=None)
    pinned = fields.Boolean(load_default=None)
    lang = Language(load_default=None)


class ProcedureDraftSchema(Schema):
    """What a procedure takes, by language and in Markdown."""

    documents = Localized(5_000, draft=True)
    steps = Localized(10_000, draft=True)
    fee = Localized(500, draft=True)
    duration = Localized(500, draft=True)
    office = Localized(500, draft=True)


class ArticleDraftSchema(DraftSchema):
    """An article as editors see and write it, in all languages; the body in Markdown."""

    slug = Code()
    kind = OneOf(*Kind, required=True)
    title = Localized(200, draft=True, load_default=dict)
    summary = Localized(500, draft=True)
    body = Localized(50_000, draft=True)
    procedure = fields.Nested(ProcedureDraftSchema, allow_none=True)
    image = fields.Nested(ImageDraftSchema, allow_none=True)
    attachments = fields.List(
        fields.Nested(AttachmentDraftSchema), validate=validate.Length(max=20)
    )
    topics = fields.List(Code(), validate=validate.Length(max=10))
    quarters = fields.List(Code(), validate=validate.Length(max=10))
    pinned = fields.Boolean()


class ScheduleArticleSchema(ScheduleSchema):
    """When to publish: an announcement goes to people's phones then, unless `notify` is false."""

    notify = fields.Boolean(load_default=True)


class PublishSchema(Schema):
    """How to publish: an announcement goes to people's phones unless `notify` is false."""

    notify = fields.Boolean(load_default=True)
