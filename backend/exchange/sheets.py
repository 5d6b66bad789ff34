"""A sheet: what a file of one kind of content holds, and how its rows are brought onto file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Session

from backend.content_schemas import DraftSchema
from backend.exchange import cells
from backend.exchange.cells import Unreadable, escaped, unescaped
from backend.staff_content import Check
from content.errors import N_
from content.publishing import Edit, Publishable

Publish = Callable[[Session, Any, Edit], Publishable | None]
Meant = Callable[[Session, Any, Any, dict[str, Any], datetime], Publishable]


@dataclass(frozen=True)
class Column:
    """A field of the schema in one cell of a row; a *localised* one has a cell per language.

    *write* makes a cell of what the schema dumps, *read* what it loads of a cell. *of* is the
    field where it has another name. An empty cell empties the field, unless the column *keeps*
    it then. One that *informs* is written only. A *bare* one holds numbers, which no spreadsheet
    has to be kept from. *hint* says how it is written.
    """

    name: str
    write: Callable[[Any], str] = cells.text_of
    read: Callable[[str], Any] = cells.text
    of: str = ""
    localised: bool = False
    keeps: bool = False
    informs: bool = False
    bare: bool = False
    hint: object = ""

    @property
    def field(self) -> str:
        """The field of the schema that this is about."""
        return self.of or self.name

    def heads(self, languages: tuple[str, ...]) -> list[str]:
        """What the head of a file calls this."""
        return [f"{self.name}_{code}" for code in languages] if self.localised else [self.name]

    def cells(self, value: Any, languages: tuple[str, ...]) -> list[str]:
        """The cells that hold *value*."""
        if self.localised:
            return [escaped((value or {}).get(code, "")) for code in languages]
        cell = self.write(value)
        return [cell if self.bare else escaped(cell)]


def localised(*names: str) -> tuple[Column, ...]:
    """Texts with a cell for each language."""
    return tuple(Column(name, read=cells.words, localised=True) for name in names)


DAY_HINT = lazy_gettext("30/04/2026 or 2026-04-30")
MOMENT_HINT = lazy_gettext("30/04/2026 19:30, by the town's clocks")
LIST_HINT = lazy_gettext("several parted by |")

NAMED_BY = (Column("id", keeps=True), Column("slug", keeps=True))
POINT = (
    Column("lat", cells.axis("lat"), cells.degrees, of="location", bare=True),
    Column("lng", cells.axis("lng"), cells.degrees, of="location", bare=True),
)
EXPIRES = Column("expires_at", cells.moment_of, cells.moment, hint=MOMENT_HINT)
SOURCES = Column("sources", cells.json_of, cells.json_list, hint="JSON")
INFORMING = tuple(
    Column(name, informs=True) for name in ("state", "stage", "is_sample", "updated_at")
)


def as_named(_: Session, piece: Publishable, *__: Any) -> Publishable:
    """The piece that a row names is the one it means."""
    return piece


@dataclass(frozen=True)
class Sheet:
    """One kind of content as a file.

    *path*: below /staff. *things*: what its rows are, in words. *heading*: the field that names
    a piece. *schema* loads a row, *check* judges it as for editors; *together* are attributes
    that it judges by each other. *needs*: the fields that no draft from a file goes without, and
    the sentence that says so. *example*: some columns, for who has named none. *publish* as
    `backend.staff_content` has it; it may answer the piece that holds from then on. *exported*
    leaves pieces out of an export. *meant* answers the piece that a row means which names one by
    its id or slug, of the session, the piece, its working copy, what the row says (it may change
    that), and now. *on_maps*: GeoJSON, too. *note*: what to know before one brings a file in.
    """

    path: str
    things: object
    kind: type[Publishable]
    schema: type[DraftSchema]
    check: Check
    publish: Publish
    columns: tuple[Column, ...]
    heading: str
    needs: Mapping[str, str]
    example: tuple[str, ...]
    together: tuple[str, ...] = ()
    exported: Callable[[datetime], ColumnElement[bool]] | None = None
    meant: Meant = as_named
    on_maps: bool = False
    note: object = ""

    @property
    def fields(self) -> list[str]:
        """The fields of the schema that an export shows."""
        return list(dict.fromkeys(column.field for column in self.columns))

    @property
    def localised(self) -> list[str]:
        """The fields that have a text for each language."""
        return [column.name for column in self.columns if column.localised]

    def heads(self, languages: tuple[str, ...]) -> list[str]:
        """The head of an export; an import may have any of its columns."""
        return list(self.by_head(languages))

    def by_head(self, languages: tuple[str, ...]) -> dict[str, Column]:
        """The columns by what the head of a file calls them."""
        return {head: column for column in self.columns for head in column.heads(languages)}

    def cells(self, shown: Mapping[str, Any], languages: tuple[str, ...]) -> list[str]:
        """The row of a piece, which is given as the schema dumps it."""
        return [
            cell
            for column in self.columns
            for cell in column.cells(shown.get(column.field), languages)
        ]

    def head_of(self, path: tuple[str, ...]) -> str:
        """The column in which the value at *path*, in the schema or the model, stands."""
        if not path:
            return ""
        if path[0] in self.localised and len(path) > 1:
            return f"{path[0]}_{path[1]}"
        if path[0] == "location" and len(path) > 1:
            return path[1]
        return self._names.get(path[0], path[0])

    @cached_property
    def _names(self) -> dict[str, str]:
        """The fields of the schema by the attributes of the model that they load."""
        fields = self.schema().fields.items()
        return {loaded.attribute: name for name, loaded in fields if loaded.attribute}


@dataclass
class Reading:
    """What a row says of the schema's fields, and the cells that say nothing their column can."""

    values: dict[str, Any] = field(default_factory=dict)
    wrong: list[tuple[str, str]] = field(default_factory=list)

    def put(self, column: Column, head: str, cell: str) -> None:
        """Take the *cell* below *head*, which is one of *column*'s."""
        cell = unescaped(cell.strip())
        if column.informs or (column.keeps and not cell):
            return
        try:
            value = column.read(cell)
        except Unreadable as error:
            self.wrong.append((head, str(error)))
            return
        if column.localised:
            self.values.setdefault(column.name, {})[head.removeprefix(f"{column.name}_")] = value
        else:
            self.values[column.name] = value

    def join_point(self) -> None:
        """Turn `lat` and `lng`, where the file has both, into a `location` or none."""
        lat, lng = self.values.get("lat"), self.values.get("lng")
        unreadable = {head for head, _ in self.wrong} & {"lat", "lng"}
        if not unreadable and (lat is None) != (lng is None):
            missing = "lat" if lat is None else "lng"
            self.wrong.append((missing, N_("Give both lat and lng, or neither.")))
        if "lat" in self.values and "lng" in self.values:
            point = {"lat": lat, "lng": lng}
            self.values["location"] = None if None in point.values() else point
        self.values.pop("lat", None)
        self.values.pop("lng", None)
