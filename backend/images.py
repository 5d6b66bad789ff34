"""Images that people send: known by their content, unpacked within bounds, drawn anew."""

from __future__ import annotations

import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from PIL import Image, ImageOps

from content.errors import N_, Invalid

FORMATS = ("JPEG", "PNG", "WEBP")

ONE_AT_A_TIME = threading.Lock()
"""So that many huge images sent at once cost time and not all the memory of the process."""


@contextmanager
def decoding(data: bytes, *, field: str, most_pixels: int) -> Iterator[Image.Image]:
    """Work on the image in *data*, which is not unpacked yet; nobody else decodes meanwhile.

    What the file is, is read from its content. Raises Invalid that names *field*, also out of
    the block, for anything but a whole JPEG, PNG or WebP of at most *most_pixels*.
    """
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > most_pixels:
                raise _too_many_pixels(field)
            with ONE_AT_A_TIME:
                yield image
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_many_pixels(field) from None
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error):
        # Pillow's decoders raise all of these for broken files.
        raise Invalid({field: [N_("This is not a whole JPEG, PNG or WebP image.")]}) from None


def upright(image: Image.Image, longest: int) -> Image.Image:
    """*image* turned as its metadata says, scaled down where a side is over *longest* pixels."""
    small = _scalable(image)
    # The gap lets a large JPEG be read at half its size, which saves most of the work.
    small.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=1.5)
    return ImageOps.exif_transpose(small)


def _scalable(image: Image.Image) -> Image.Image:
    """*image* in a mode whose pixels can be averaged."""
    if image.mode in ("L", "RGB", "RGBA", "CMYK"):
        return image
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def encoded(image: Image.Image, format: str, **options: int | bool) -> bytes:
    """*image* as a file of *format* that holds its pixels and nothing else."""
    image.info = {}  # whatever Pillow would carry over: EXIF, XMP, comments, colour profiles
    file = BytesIO()
    image.save(file, format, **options)
    return file.getvalue()


def _too_many_pixels(field: str) -> Invalid:
    return Invalid({field: [N_("The image has too many pixels.")]})
