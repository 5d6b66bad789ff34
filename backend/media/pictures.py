"""Pictures for the public: drawn anew without metadata, in sizes for phones and desks."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageCms

from backend.images import decoding, encoded, upright
from content.media.models import ORIGINAL

MOST_PIXELS = 40_000_000
"""Up to 160 MB once unpacked."""
LONGEST_SIDE = 2560
WIDTHS = (320, 800, 1600)
"""Of the sizes made of every picture; one that is narrower stays as narrow as it is."""

OPTIONS: dict[str, dict[str, int | bool]] = {
    "JPEG": {"quality": 90, "optimize": True},
    "WEBP": {"quality": 82, "method": 2},
}
EXTENSIONS = {"JPEG": "jpg", "WEBP": "webp"}


@dataclass(frozen=True)
class Rendition:
    """One file of a picture, *width* by *height* pixels."""

    size: str
    data: bytes
    mime: str
    ext: str
    width: int
    height: int


def renditions(data: bytes) -> list[Rendition]:
    """The picture in *data* at its largest and, in WebP, in the WIDTHS; the largest comes first.

    That one is JPEG, which everything shows, or WebP where the picture is transparent. All are
    upright, in sRGB, at most LONGEST_SIDE long, and of an animation the first frame.
    Raises Invalid that names `file` for anything but a whole JPEG, PNG or WebP of at most
    MOST_PIXELS.
    """
    with decoding(data, field="file", most_pixels=MOST_PIXELS) as opened:
        picture = _in_srgb(upright(opened, LONGEST_SIDE))
        made = []
        smaller = picture
        for width in sorted(WIDTHS, reverse=True):
            smaller = _narrowed(smaller, width)
            made.append(_rendition(smaller, str(width), "WEBP"))
        largest = "WEBP" if picture.mode == "RGBA" else "JPEG"
        return [_rendition(picture, ORIGINAL, largest), *reversed(made)]


def _narrowed(picture: Image.Image, width: int) -> Image.Image:
    if picture.width <= width:
        return picture
    height = max(1, round(picture.height * width / picture.width))
    return picture.resize((width, height), Image.Resampling.LANCZOS, reducing_gap=2.0)


def _in_srgb(picture: Image.Image) -> Image.Image:
    """*picture* with the colours that its own profile means, in the one that all screens show."""
    mode = "RGBA" if picture.has_transparency_data else "RGB"
    if profile := picture.info.get("icc_profile"):
        try:
            converted = ImageCms.profileToProfile(
                picture,
                ImageCms.ImageCmsProfile(BytesIO(profile)),
                ImageCms.createProfile("sRGB"),
                outputMode=mode,
            )
        except (ImageCms.PyCMSError, OSError):
            return picture.convert(mode)  # a broken profile says nothing
        return converted or picture.convert(mode)
    return picture.convert(mode)


def _rendition(picture: Image.Image, size: str, format: str) -> Rendition:
    return Rendition(
        size=size,
        data=encoded(picture, format, **OPTIONS[format]),
        mime=Image.MIME[format],
        ext=EXTENSIONS[format],
        width=picture.width,
        height=picture.height,
    )
