"""What is asked of search, and what it answers."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate

from backend.links import PATHS, url_of
from backend.rest import Language, Moment, OneOf, Text
from content.search import Hit


class Types(fields.String):
    """Types of content separated by commas, such as `place,article`."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        types = super()._deserialize(value, *args, **kwargs).split(",")
        if set(types) - set(PATHS):
            allowed = ", ".join(sorted(PATHS))
            raise ValidationError(lazy_gettext("Must be one of: %(words)s.", words=allowed))
        return types


class SearchQuery(Schema):
    """What is looked for."""

    q = Text(200, least=1, required=True)
    types = Types(load_default=(), metadata={"description": ", ".join(sorted(PATHS))})
    lang = Language(load_default=None)
    limit = fields.Integer(
        load_default=20,
        validate=validate.Range(1, 50, error=lazy_gettext("Between {min} and {max}.")),
    )


class SuggestQuery(SearchQuery):
    """What somebody has typed so far."""

    limit = fields.Integer(
        load_default=8,
        validate=validate.Range(1, 20, error=lazy_gettext("Between {min} and {max}.")),
    )


def _url(hit: Hit) -> str:
    return url_of(hit.type, hit.slug)


class HitSchema(Schema):
    """Something found; `highlight` is safe HTML with the found words in <mark>."""

    type = OneOf(*sorted(PATHS))
    id = fields.UUID()
    slug = fields.String()
    title = fields.String()
    highlight = fields.String()
    url = fields.Function(_url, metadata={"type": "string"})
    updated_at = Moment()
    score = fields.Float(metadata={"description": "More is better, within one answer"})


class HitsSchema(Schema):
    """What was found, best first."""

    items = fields.List(fields.Nested(HitSchema), required=True)
    next_cursor = fields.Constant(None, metadata={"x-nullable": True, "type": "string"})
