"""Pictures and attachments in the schemas of content: as readers get them, as editors give them."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext
from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from backend import dumping
from backend.languages import language
from backend.media import showing
from backend.rest import Localized, Text, Translated
from content.text import in_language


class Html(fields.String):
    """A localised text in Markdown, answered as safe HTML in the reader's language."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return showing.html(in_language(value, language()), absolute=True)


@dumping.writes(Html._serialize)
def _html(_: Html) -> dumping.Write:
    code = language()
    return lambda value: showing.html(in_language(value, code), absolute=True)


class SizeSchema(Schema):
    """A picture in another size."""

    url = fields.String()
    width = fields.Integer()
    height = fields.Integer()


class ImageSchema(Schema):
    """A picture, and who has the rights in it."""

    url = fields.String()
    width = fields.Integer()
    height = fields.Integer()
    alt = Translated()
    licence = fields.String()
    credit = fields.String()
    sizes = fields.List(fields.Nested(SizeSchema), metadata={"description": "The smallest first"})


class Image(fields.Nested):
    """One picture, or null; what the library says of it is filled in."""

    def __init__(self, **options: Any) -> None:
        super().__init__(ImageSchema, allow_none=True, **options)

    def _serialize(  # type: ignore[override] # its bases disagree on the name of the first
        self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any
    ) -> Any:
        shown = showing.picture(nested_obj, absolute=True)
        return super()._serialize(shown, attr, obj, **kwargs)


@dumping.writes(Image._serialize)
def _image(field: Image) -> dumping.Write:
    put = dumping.WRITERS[fields.Nested._serialize](field)
    return lambda stored: put(showing.picture(stored, absolute=True))


class FromLibrary(fields.List):
    """What the library says of each that is named; what it has no more is left out."""

    show: staticmethod[..., dict[str, Any] | None]

    def shown(self, value: Any) -> list[dict[str, Any]]:
        """What is to be written of *value*, a field of content."""
        every = (self.show(stored, absolute=True) for stored in value or ())
        return [one for one in every if one]

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(self.shown(value), *args, **kwargs)


@dumping.writes(FromLibrary._serialize)
def _from_library(field: FromLibrary) -> dumping.Write:
    put = dumping.WRITERS[fields.List._serialize](field)
    return lambda value: put(field.shown(value)) if value else []


class Images(FromLibrary):
    """Pictures of a piece of content."""

    show = staticmethod(showing.picture)

    def __init__(self, **options: Any) -> None:
        super().__init__(fields.Nested(ImageSchema), **options)


class AttachmentSchema(Schema):
    """A document to take along."""

    url = fields.String()
    title = Translated()
    mime = fields.String()
    bytes = fields.Integer()


class Attachments(FromLibrary):
    """Documents of a piece of content."""

    show = staticmethod(showing.document)

    def __init__(self, **options: Any) -> None:
        super().__init__(fields.Nested(AttachmentSchema), **options)


class MediaId(fields.UUID):
    """The id of something in the library, kept as text."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return str(super()._deserialize(value, *args, **kwargs))


ELSEWHERE = ("url", "width", "height", "alt", "licence", "credit")


class ImageDraftSchema(Schema):
    """A picture as an editor gives it: `media_id` alone, or all about one that lies elsewhere."""

    media_id = MediaId()
    url = fields.URL()
    width = fields.Integer(strict=True, validate=validate.Range(1, 20_000))
    height = fields.Integer(strict=True, validate=validate.Range(1, 20_000))
    alt = Localized(300)
    licence = Text(100, least=1)
    credit = Text(200, least=1)

    @validates_schema(skip_on_field_errors=True)
    def _one_or_the_other(self, data: dict[str, Any], **_: Any) -> None:
        if "media_id" in data:
            wrong, why = data.keys() & set(ELSEWHERE), lazy_gettext("The library says this.")
        else:
            wrong = set(ELSEWHERE) - data.keys()
            why = lazy_gettext("Missing data for required field.")
        if wrong:
            raise ValidationError({name: [why] for name in sorted(wrong)})


class AttachmentDraftSchema(Schema):
    """A document of the library; without a title it is called as the library says."""

    media_id = MediaId(required=True)
    title = Localized(200)
