"""The media library as editors see and describe it."""

from __future__ import annotations

from typing import Any

from marshmallow import Schema, fields

from backend.database import session
from backend.media.serving import url_of
from backend.rest import Localized, Moment, OneOf, Paging, Text
from content.media.models import Kind, Media
from content.media.usage import uses


class MediaTextsSchema(Schema):
    """What an uploader says of a file: what is seen there, and who has the rights in it."""

    alt = Localized(300, required=True)
    licence = Text(100, least=1, required=True)
    credit = Text(200, least=1, required=True)
    source = Text(500)


class MediaChangesSchema(MediaTextsSchema):
    """What may be said anew of a file in the library."""

    name = Text(210, least=1, required=True)


class MediaFileSchema(Schema):
    """One size of a picture; the original of a document."""

    size = fields.String(metadata={"description": "`original`, or the width it was made for"})
    url = fields.String()
    mime = fields.String()
    width = fields.Integer(allow_none=True)
    height = fields.Integer(allow_none=True)
    bytes = fields.Integer()


class Files(fields.List):
    """The files of a record, each with its address."""

    def serialize(self, attr: str, obj: Media, *args: Any, **kwargs: Any) -> Any:
        shown = [{**file, "url": url_of(obj, file["size"])} for file in obj.files]
        return self._serialize(shown, attr, obj)


class MediaSchema(MediaChangesSchema):
    """A picture or a document of the library, its texts in all languages."""

    id = fields.UUID()
    kind = OneOf(*Kind)
    url = fields.Function(url_of, metadata={"type": "string", "description": "The original"})
    mime = fields.String()
    width = fields.Integer(allow_none=True)
    height = fields.Integer(allow_none=True)
    bytes = fields.Integer()
    sizes = Files(fields.Nested(MediaFileSchema))
    changed_by = fields.String()
    created_at = Moment()
    updated_at = Moment()


class UseSchema(Schema):
    """A piece of content that uses the file."""

    type = fields.String()
    id = fields.UUID()
    slug = fields.String()
    title = fields.String()


class UsedIn(fields.List):
    """The content that uses a record."""

    def serialize(self, attr: str, obj: Media, *args: Any, **kwargs: Any) -> Any:
        return self._serialize(uses(session, obj.id), attr, obj)


class MediaDetailSchema(MediaSchema):
    """The same, and which content uses it."""

    used_in = UsedIn(fields.Nested(UseSchema))


class MediaQuery(Paging):
    """Which files."""

    q = Text(200, load_default=None, metadata={"description": "Words of the texts or the name"})
    kind = OneOf(*Kind, load_default=None)
