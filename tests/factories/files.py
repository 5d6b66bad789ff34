"""Files as people send them, and as nobody should."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from io import BytesIO

from PIL import Image
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    NameObject,
    TextStringObject,
)


def image(
    format: str = "JPEG", size: tuple[int, int] = (80, 60), colour: str = "red", **options: object
) -> bytes:
    """A picture of one colour."""
    file = BytesIO()
    Image.new("RGB", size, colour).save(file, format, **options)
    return file.getvalue()


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose header promises that many pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\x00" * 1000))
        + chunk(b"IEND", b"")
    )


def pdf(arrange: Callable[[PdfWriter], object] | None = None, *, pages: int = 1) -> bytes:
    """A PDF of empty pages; *arrange* may put something into it."""
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if arrange:
        arrange(writer)
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


def action(kind: str, **more: str) -> DictionaryObject:
    """A PDF's action of that *kind*."""
    made = DictionaryObject({NameObject("/S"): NameObject(f"/{kind}")})
    made.update({NameObject(f"/{key}"): TextStringObject(text) for key, text in more.items()})
    return made


def pdf_that_acts(kind: str, **more: str) -> bytes:
    """A PDF with a link that does an action."""

    def arrange(writer: PdfWriter) -> None:
        link = DictionaryObject(
            {NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): action(kind, **more)}
        )
        writer.pages[0][NameObject("/Annots")] = ArrayObject([link])

    return pdf(arrange)


def pdf_that_opens(kind: str, **more: str) -> bytes:
    """A PDF that does an action as it is opened."""

    def arrange(writer: PdfWriter) -> None:
        writer.root_object[NameObject("/OpenAction")] = action(kind, **more)

    return pdf(arrange)
