"""Photos as people's telephones make them, made safe to keep: no metadata, no surprises."""

from __future__ import annotations

import struct
import threading
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps

from content.errors import N_, Invalid

FORMATS = ("JPEG", "PNG", "WEBP")
MOST_PIXELS = 65_000_000
"""What telephones make; up to 260 MB once unpacked."""
LONGEST_SIDE = 2048
THUMBNAIL_SIDE = 400
QUALITY = 85

ONE_AT_A_TIME = threading.Lock()
"""So that many huge photos sent at once cost time and not all the memory of the process."""


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
    try:
        return _cleaned(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels() from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error):
        # Pillow's decoders raise all of these for broken files.
        raise Invalid({"photo": [N_("This is not a whole JPEG, PNG or WebP image.")]}) from None


def _cleaned(data: bytes) -> CleanPhoto:
    with Image.open(BytesIO(data), formats=FORMATS) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise _too_many_pixels()
        with ONE_AT_A_TIME:
            small = _scalable(opened)
            # The gap lets a large JPEG be read at half its size, which saves most of the work.
            small.thumbnail(
                (LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS, reducing_gap=1.5
            )
            image = _on_white(ImageOps.exif_transpose(small))
    thumbnail = image.copy()
    thumbnail.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    return CleanPhoto(_jpeg(image), _jpeg(thumbnail), image.width, image.height)


def _scalable(image: Image.Image) -> Image.Image:
    """*image* in a mode whose pixels can be averaged."""
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image.convert("RGB")
    layer = image.convert("RGBA")
    paper = Image.new("RGB", layer.size, "white")
    paper.paste(layer, mask=layer)
    return paper


def _jpeg(image: Image.Image) -> bytes:
    image.info = {}  # whatever Pillow would carry over: EXIF, XMP, comments, colour profiles
    file = BytesIO()
    image.save(file, "JPEG", quality=QUALITY, optimize=True)
    return file.getvalue()


def _too_many_pixels() -> Invalid:
    return Invalid({"photo": [N_("The image has too many pixels.")]})
