"""What a reader learns of the vocabularies."""

from __future__ import annotations

from marshmallow import Schema, fields

from backend.rest import Translated


class WardSchema(Schema):
    """A ward of the state's register; `valid_until` is the last day its code meant it."""

    code = fields.String()
    name = Translated()
    valid_from = fields.Date(allow_none=True)
    valid_until = fields.Date(allow_none=True)


class QuarterSchema(Schema):
    """A part of the town, under the name of the ward it was."""

    code = fields.String()
    name = Translated()
    aliases = fields.List(fields.String())
    former_ward_code = fields.String()


class TermSchema(Schema):
    """An entry without others below it."""

    code = fields.String()
    name = Translated()


class AttributeSchema(Schema):
    """A question that a category asks of whoever reports."""

    code = fields.String()
    name = Translated()
    datatype = fields.String(metadata={"enum": ["string", "number"]})
    required = fields.Boolean()


class LeafCategorySchema(Schema):
    """A category to file under."""

    code = fields.String(attribute="term.code")
    name = Translated(attribute="term.name")
    keywords = fields.List(fields.String(), attribute="term.keywords")
    attributes = fields.List(fields.Nested(AttributeSchema), attribute="term.attributes")


class CategorySchema(LeafCategorySchema):
    """A category, or a group of them."""

    children = fields.List(fields.Nested(LeafCategorySchema))


class LanguageSchema(Schema):
    """A language that answers may be in."""

    code = fields.String()
    name = fields.String(metadata={"description": "In the language itself"})


class VocabulariesSchema(Schema):
    """All vocabularies. `categories` are those of reports."""

    wards = fields.List(fields.Nested(WardSchema))
    quarters = fields.List(fields.Nested(QuarterSchema))
    categories = fields.List(fields.Nested(CategorySchema))
    place_categories = fields.List(fields.Nested(CategorySchema))
    topics = fields.List(fields.Nested(TermSchema))
    tags = fields.List(fields.Nested(TermSchema))
    amenities = fields.List(fields.Nested(TermSchema))
    accessibility = fields.List(fields.Nested(TermSchema))
    languages = fields.List(fields.Nested(LanguageSchema))
