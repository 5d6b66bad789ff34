"""Photos as people's telephones make them, made safe to keep: no metadata, no surprises."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from io import BytesIO

from PIL import ExifTags, Image, ImageDraw

from backend.images import decoding, encoded, upright

MOST_PIXELS = 65_000_000
"""What telephones make; up to 260 MB once unpacked."""
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 400
QUALITY = 85
COVER = (64, 64, 64)


@dataclass(frozen=True)
class CleanPhoto:
    """Two JPEG files, the larger one *width* by *height* pixels.

    *hint* is where the camera says that it stood, as (latitude, longitude).
    """

    image: bytes
    thumbnail: bytes
    width: int
    height: int
    hint: tuple[float, float] | None = None


@dataclass(frozen=True)
class Box:
    """A part of an image, in pixels from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


def cleaned(data: bytes) -> CleanPhoto:
    """The photo in *data*, upright, at most LONGEST_SIDE long, drawn anew without metadata.

    What the file is, is read from its content. Raises Invalid that names the field `photo`
    for anything but a whole JPEG, PNG or WebP of a size that can be handled.
    """
    with decoding(data, field="photo", most_pixels=MOST_PIXELS) as opened:
        hint = _position(opened)
        image = _on_white(upright(opened, LONGEST_SIDE))
    return _both(image, hint)


def covered(data: bytes, boxes: Collection[Box]) -> CleanPhoto:
    """Our own copy in *data* with *boxes* painted over: what was there is gone from it."""
    with Image.open(BytesIO(data), formats=("JPEG",)) as opened:
        image = opened.convert("RGB")
    brush = ImageDraw.Draw(image)
    for box in boxes:
        # Pillow paints the last row and column too.
        corner = (box.x + box.width - 1, box.y + box.height - 1)
        brush.rectangle(((box.x, box.y), corner), fill=COVER)
    return _both(image)


def _both(image: Image.Image, hint: tuple[float, float] | None = None) -> CleanPhoto:
    thumbnail = image.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return CleanPhoto(_jpeg(image), _jpeg(thumbnail), image.width, image.height, hint)


def _position(image: Image.Image) -> tuple[float, float] | None:
    """Where the metadata of *image* says that it was taken; None where it says nothing of use."""
    try:
        said = image.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        lat = _degrees(said[ExifTags.GPS.GPSLatitude], said.get(ExifTags.GPS.GPSLatitudeRef), "S")
        lng = _degrees(said[ExifTags.GPS.GPSLongitude], said.get(ExifTags.GPS.GPSLongitudeRef), "W")
    except (KeyError, TypeError, ValueError, ArithmeticError, OSError, SyntaxError):
        return None
    # Cameras without a fix write zeros.
    if (lat, lng) == (0, 0) or not (-90 <= lat <= 90 and -180 <= lng <= 180):
        return None
    return lat, lng


def _degrees(parts: tuple[float, float, float], side: object, negative: str) -> float:
    degrees, minutes, seconds = (float(part) for part in parts)
    value = degrees + minutes / 60 + seconds / 3600
    if not math.isfinite(value):
        raise ValueError("no number")
    return round(-value if side == negative else value, 6)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer)
    return paper


def _jpeg(image: Image.Image) -> bytes:
    return encoded(image, "JPEG", quality=QUALITY, optimize=True)
