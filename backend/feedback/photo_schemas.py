"""What goes in and out of the addresses of photos beyond the photos themselves."""

from __future__ import annotations

from flask_babel import lazy_gettext
from marshmallow import Schema, fields, validate

MOST_BOXES = 50


def pixels(least: int) -> fields.Integer:
    """A whole number of pixels."""
    enough = validate.Range(least, error=lazy_gettext("At least {min}."))
    return fields.Integer(required=True, strict=True, validate=enough)


class CoveredBox(Schema):
    """A part of a photo, in pixels of the photo from its upper left corner."""

    x = pixels(0)
    y = pixels(0)
    width = pixels(1)
    height = pixels(1)


class Covering(Schema):
    """What is painted over; each time all of it."""

    boxes = fields.List(
        fields.Nested(CoveredBox),
        required=True,
        validate=validate.Length(
            1, MOST_BOXES, error=lazy_gettext("Between {min} and {max} boxes.")
        ),
    )
