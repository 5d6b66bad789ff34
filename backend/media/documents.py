"""PDF documents for the public: whole, readable by everybody, and nothing in them acts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

from content.errors import N_, Invalid

MARK = b"%PDF-"
MOST_OBJECTS = 20_000
"""What takes about two seconds to look through."""

ACTS = {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/RichMediaExecute", "/Rendition"}
"""Types of actions that run something or send something."""
CARRIERS = {"/JS", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"}
"""Keys under which scripts, acts at opening, and other files are carried."""


def check(data: bytes) -> None:
    """Raise Invalid that names `file` unless *data* is a PDF to be handed to the public.

    Refused are what is broken or followed by other data, encrypted, or holds scripts, actions
    that start programs or send forms, or other files. Links to addresses may stay.
    """
    if not re.search(rb"%%EOF\s*\Z", data[-1024:]):
        raise Invalid({"file": [N_("This PDF is not whole, or something else follows it.")]})
    try:
        _check(data)
    except (PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError,
            AssertionError, OverflowError, RecursionError, OSError):  # fmt: skip
        # pypdf raises all of these for broken files.
        raise Invalid({"file": [N_("This PDF cannot be read.")]}) from None


def _check(data: bytes) -> None:
    reader = PdfReader(BytesIO(data))
    if reader.is_encrypted:
        raise Invalid({"file": [N_("This PDF is encrypted: not everybody could read it.")]})
    if len(reader.pages) == 0:
        raise Invalid({"file": [N_("This PDF has no pages.")]})
    for found in _dictionaries(reader):
        action = found.get("/S")
        if not CARRIERS.isdisjoint(found) or (isinstance(action, str) and action in ACTS):
            raise Invalid(
                {"file": [N_("This PDF holds scripts, actions or other files. Save it without.")]}
            )


def _dictionaries(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Every dictionary of the file, whether anything refers to it or not."""
    numbers = {(number, 0) for number in reader.xref_objStm}
    numbers |= {(number, gen) for gen, found in reader.xref.items() for number in found if number}
    if len(numbers) > MOST_OBJECTS:
        raise Invalid({"file": [N_("This PDF has too many parts.")]})
    waiting: list[Any] = [reader.trailer]
    waiting += [reader.get_object(IndirectObject(*number, reader)) for number in sorted(numbers)]
    while waiting:
        item = waiting.pop()
        if isinstance(item, DictionaryObject):
            yield item
            waiting += (
                value for value in dict.values(item) if not isinstance(value, IndirectObject)
            )
        elif isinstance(item, ArrayObject):
            waiting += (
                value for value in list.__iter__(item) if not isinstance(value, IndirectObject)
            )
