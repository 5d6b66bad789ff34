"""Files as they come from spreadsheets and maps: decoded, cut into rows, refused with a reason."""

from __future__ import annotations

import csv
import dataclasses
import io
import re
from dataclasses import dataclass
from typing import Any

import orjson

from backend.places.exchange import columns
from content.errors import N_, Invalid

MOST_ROWS = 5000
LONGEST_CELL = 100_000


@dataclass(frozen=True)
class Problem:
    """What is wrong in a row, and in which field; the row of a file's head is 1."""

    row: int
    field: str
    message: str
    values: dict[str, Any] = dataclasses.field(default_factory=dict)


@dataclass
class Row:
    """One row or feature: its number in the file, and the fields that it says something of.

    With *by_language* it says something only of the languages that it has.
    """

    number: int
    values: dict[str, Any]
    by_language: bool = False
    problems: list[Problem] = dataclasses.field(default_factory=list)


def read(data: bytes, languages: tuple[str, ...]) -> list[Row]:
    """The rows of a CSV or GeoJSON file. Raises Invalid, about `file`, for what is neither."""
    text = _text(data)
    rows = _features(text) if text.lstrip()[:1] in ("{", "[") else _records(text, languages)
    if not rows:
        raise Invalid({"file": [N_("The file has no places in it.")]})
    mark_repeated(rows)
    return rows


def _text(data: bytes) -> str:
    if not data.strip():
        raise Invalid({"file": [N_("The file is empty.")]})
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


def _records(text: str, languages: tuple[str, ...]) -> list[Row]:
    head, *records = _cells(text)
    names = [name.strip().lower() for name in head]
    _check_head(names, languages)
    rows = []
    for number, cells in enumerate(records, 2):
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(names):
            row = Row(number, {})
            message = N_("Has %(count)s cells, but the head has %(wanted)s.")
            counts = {"count": len(cells), "wanted": len(names)}
            row.problems.append(Problem(number, "", message, counts))
        else:
            row = _record(number, dict(zip(names, cells, strict=True)))
        rows.append(row)
        _refuse_many(rows)
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


def _check_head(names: list[str], languages: tuple[str, ...]) -> None:
    known = columns.known(languages)
    if not set(names) & known:
        raise Invalid(
            {"file": [N_("Row 1 has to name the columns, such as name_vi, category, lat, lng.")]}
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


def _record(number: int, cells: dict[str, str]) -> Row:
    row = Row(number, {}, by_language=True)
    for name, cell in cells.items():
        try:
            columns.put(row.values, name, columns.unescaped(cell.strip()))
        except columns.Unreadable as error:
            row.problems.append(Problem(number, name, str(error)))
    if not {problem.field for problem in row.problems} & {"lat", "lng"}:
        lat, lng = row.values.get("lat"), row.values.get("lng")
        if (lat is None) != (lng is None):
            missing = "lat" if lat is None else "lng"
            row.problems.append(Problem(number, missing, N_("Give both lat and lng, or neither.")))
    columns.join_point(row.values)
    return row


def _features(text: str) -> list[Row]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid(
            {"file": [N_("Line %(row)s, column %(position)s is not valid JSON.")]},
            row=error.lineno,
            position=error.colno,
        ) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise Invalid({"file": [N_("This JSON is no GeoJSON FeatureCollection.")]})
    features = found.get("features")
    if not isinstance(features, list):
        raise Invalid({"file": [N_("The FeatureCollection has no list of features.")]})
    rows = []
    for number, feature in enumerate(features, 1):
        rows.append(_feature(number, feature))
        _refuse_many(rows)
    return rows


def _feature(number: int, feature: Any) -> Row:
    row = Row(number, {})

    def wrong(field: str, message: str) -> None:
        row.problems.append(Problem(number, field, message))

    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        wrong("", N_("This is no GeoJSON Feature."))
        return row
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        wrong("properties", N_("A feature has to have properties."))
        return row
    row.values = {
        name: value for name, value in properties.items() if name not in columns.INFORMING
    }
    if isinstance(feature.get("id"), str):
        row.values.setdefault("id", feature["id"])
    if "location" in row.values:
        wrong("location", N_("The point stands in the geometry."))
    geometry = feature.get("geometry")
    if geometry is None:
        row.values["location"] = None
        return row
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        wrong("geometry", N_("A place has to be a Point, or null where it is not known."))
    elif (point := _position(geometry.get("coordinates"))) is None:
        wrong("geometry", N_("The coordinates of a Point are [lng, lat]."))
    else:
        row.values["location"] = {"lat": point[1], "lng": point[0]}
    return row


def _position(given: Any) -> list[float] | None:
    if not isinstance(given, list) or len(given) not in (2, 3):
        return None
    fits = all(isinstance(n, int | float) and not isinstance(n, bool) for n in given)
    return given if fits else None


def _refuse_many(rows: list[Row]) -> None:
    if len(rows) > MOST_ROWS:
        raise Invalid(
            {"file": [N_("The file has more than %(most)s places: divide it.")]}, most=MOST_ROWS
        )


def mark_repeated(rows: list[Row]) -> None:
    """Give a problem to each row that says the same id or slug as one above it."""
    first: dict[tuple[str, str], int] = {}
    for row in rows:
        for name in ("id", "slug"):
            value = row.values.get(name)
            if not isinstance(value, str) or not value:
                continue
            other = first.setdefault((name, value), row.number)
            if other != row.number:
                message = N_("Is the same as in row %(other)s.")
                row.problems.append(Problem(row.number, name, message, {"other": other}))
