"""Photos as people's telephones make them, made safe to keep: no metadata, no surprises."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image

from backend.images import decoding, encoded, upright

MOST_PIXELS = 65_000_000
"""What telephones make; up to 260 MB once unpacked."""
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 400
QUALITY = 85


@dataclass(frozen=True)
class CleanPhoto:
    """Two JPEG files, the larger one *width* by *height* pixels."""

    image: bytes
    thumbnail: bytes
    width: int
    height: int


def cleaned(data: bytes) -> CleanPhoto:
    """The photo in *data*, upright, at most LONGEST_SIDE long, drawn anew without metadata.

    What the file is, is read from its content. Raises Invalid that names the field `photo`
    for anything but a whole JPEG, PNG or WebP of a size that can be handled.
    """
    with decoding(data, field="photo", most_pixels=MOST_PIXELS) as opened:
        image = _on_white(upright(opened, LONGEST_SIDE))
    thumbnail = image.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return CleanPhoto(_jpeg(image), _jpeg(thumbnail), image.width, image.height)


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer)
    return paper


def _jpeg(image: Image.Image) -> bytes:
    return encoded(image, "JPEG", quality=QUALITY, optimize=True)
