"""Files as they come from spreadsheets and maps: decoded, cut into rows, refused with a reason."""

from __future__ import annotations

import csv
import io
import re

from backend.exchange import geojson
from backend.exchange.rows import Row, mark_repeated, refuse_many
from backend.exchange.sheets import POINT, Reading, Sheet
from content.errors import N_, Invalid

LONGEST_CELL = 100_000
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""How the files of Excel and LibreOffice begin, new ones and old ones."""


def read(data: bytes, sheet: Sheet, languages: tuple[str, ...]) -> list[Row]:
    """The rows of a file of *sheet*: CSV, and GeoJSON where that is on maps.

    Raises Invalid, about `file`, for what is neither.
    """
    text = _text(data)
    if text.lstrip()[:1] not in ("{", "["):
        rows = _records(text, sheet, languages)
    elif sheet.on_maps:
        rows = geojson.rows(text, sheet)
    else:
        raise Invalid({"file": [N_("This is JSON: save it from the spreadsheet as CSV UTF-8.")]})
    if not rows:
        raise Invalid({"file": [N_("The file has no %(things)s in it.")]}, things=sheet.things)
    mark_repeated(rows)
    return rows


def _text(data: bytes) -> str:
    if not data.strip():
        raise Invalid({"file": [N_("The file is empty.")]})
    if data.startswith(WORKBOOKS):
        raise Invalid({"file": [N_("This is a workbook: save it as “CSV UTF-8” and bring that.")]})
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(
            {"file": [N_("Line %(row)s is not in UTF-8: save the file as “CSV UTF-8”.")]},
            row=data.count(b"\n", 0, error.start) + 1,
        ) from None
    if "\0" in text:
        raise Invalid(
            {"file": [N_("Line %(row)s is not text: this is no CSV or GeoJSON file.")]},
            row=text.count("\n", 0, text.index("\0")) + 1,
        )
    return text


def _records(text: str, sheet: Sheet, languages: tuple[str, ...]) -> list[Row]:
    head, *records = _cells(text)
    names = [name.strip().lower() for name in head]
    columns = sheet.by_head(languages)
    _check_head(names, set(columns), sheet)
    rows = []
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = Row(number, {}, by_language=True)
        if len(cells) != len(names):
            message = N_("Has %(count)s cells, but the head has %(wanted)s.")
            row.wrong("", message, count=len(cells), wanted=len(names))
        else:
            reading = Reading(row.values)
            for name, cell in zip(names, cells, strict=True):
                reading.put(columns[name], name, cell)
            if POINT[0] in sheet.columns:
                reading.join_point()
            for name, message in reading.wrong:
                row.wrong(name, message)
        rows.append(row)
        refuse_many(rows)
    return rows


def _cells(text: str) -> list[list[str]]:
    declared = re.match(r"sep=(.)\r?\n", text)
    delimiter = declared[1] if declared else _delimiter(text)
    body = text[declared.end() :] if declared else text
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True)
    found: list[list[str]] = []
    try:
        for cells in reader:
            found.append(cells)
    except csv.Error:
        raise Invalid(
            {"file": [N_("Row %(row)s cannot be read: a quotation mark is not closed.")]},
            row=len(found) + 1,
        ) from None
    if not found:
        raise Invalid({"file": [N_("The file is empty.")]})
    return found


def _delimiter(text: str) -> str:
    """Of comma, semicolon and tab, what the head has most of."""
    head = text.lstrip("\r\n").partition("\n")[0]
    return max(",;\t", key=head.count)


def _check_head(names: list[str], known: set[str], sheet: Sheet) -> None:
    if not set(names) & known:
        raise Invalid(
            {"file": [N_("Row 1 has to name the columns, such as %(columns)s.")]},
            columns=", ".join(sheet.example),
        )
    for position, name in enumerate(names, 1):
        if not name:
            raise Invalid(
                {"file": [N_("Row 1: column %(position)s has no name.")]}, position=position
            )
        if name not in known:
            raise Invalid({"file": [N_("Row 1: there is no column “%(name)s”.")]}, name=name[:60])
        if names.count(name) > 1:
            raise Invalid({"file": [N_("Row 1: the column “%(name)s” is there twice.")]}, name=name)
