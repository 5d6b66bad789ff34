"""Bringing a file of places onto file, row by row, through the verbs that editors use."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.places.exchange.columns import LOCALISED
from backend.places.exchange.reading import Problem, Row
from backend.places.schemas import PlaceDraftSchema
from content import publishing
from content.errors import N_, Conflict, DomainError, Invalid
from content.places.models import Place
from content.places.rules import check
from content.publishing import Edit
from content.store import Localized

CHUNK = 500
SCHEMA = PlaceDraftSchema(partial=tuple(PlaceDraftSchema().fields))

Publish = Callable[[Session, Place, Edit], None]


@dataclass(frozen=True)
class Change:
    """What a row did: the place's address and name, and the names of the fields that changed."""

    row: int
    slug: str
    action: str
    fields: list[str]
    name: Localized


@dataclass
class Outcome:
    """What an import did, or would do; with problems it must not be committed."""

    rows: int
    unchanged: int = 0
    changes: list[Change] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def count(self, action: str) -> int:
        """How many rows did *action*: `new` or `changed`."""
        return sum(change.action == action for change in self.changes)


class Importer:
    """Brings rows onto file in the session's transaction; whoever calls commits or rolls back."""

    def __init__(self, session: Session, edit: Edit, publish: Publish | None) -> None:
        self.session, self.edit, self.publish = session, edit, publish
        self.found: dict[str, Place] = {}
        self.copies: dict[uuid.UUID, Place] = {}
        self.checked: dict[str, list[tuple[str, dict[str, Any]]]] = {}

    def run(self, rows: Sequence[Row]) -> Outcome:
        """Bring *rows* onto file. Every problem is listed; after one nothing may be kept."""
        outcome = Outcome(rows=len(rows))
        self._look_up(rows)
        for row in rows:
            if not self.session.is_active:
                break  # a row made the database refuse; what follows cannot be tried
            outcome.problems += self._bring(row, outcome)
        return outcome

    def _look_up(self, rows: Sequence[Row]) -> None:
        keys = {
            str(row.values[name])
            for row in rows
            for name in ("id", "slug")
            if isinstance(row.values.get(name), str)
        }
        slugs = sorted(key for key in keys if key.isprintable())
        ids = [found for key in slugs if (found := _uuid(key))]
        for column, wanted in ((Place.id, ids), (Place.slug, slugs)):
            for start in range(0, len(wanted), CHUNK):
                part: Sequence[Any] = wanted[start : start + CHUNK]
                for place in self.session.scalars(select(Place).where(column.in_(part))):
                    self.found |= {str(place.id): place, place.slug: place}
        places = list({place.id: place for place in self.found.values()}.values())
        for start in range(0, len(places), CHUNK):
            part = places[start : start + CHUNK]
            copies = publishing.working_copies(self.session, part)
            self.copies |= {place.id: copy for place, copy in zip(part, copies, strict=True)}

    def _bring(self, row: Row, outcome: Outcome) -> list[Problem]:
        if row.problems and not row.values:
            return row.problems
        values = dict(row.values)
        key = values.pop("id", None)
        place = self.found.get(str(key if key else values.get("slug")))
        if key and place is None:
            unknown = N_("No place has this id: leave it empty for a new one.")
            return [*row.problems, Problem(row.number, "id", unknown)]
        copy = self.copies[place.id] if place else None
        if row.by_language:
            _merge_languages(values, copy)
        problems = [*row.problems, *_missing(row, values, is_new=place is None)]
        loaded: dict[str, Any] = {}
        try:
            loaded = SCHEMA.load(values)
        except ValidationError as error:
            messages = error.normalized_messages()
            problems += _problems(row.number, messages)
            valid = error.valid_data if isinstance(error.valid_data, dict) else {}
            loaded = {name: value for name, value in valid.items() if name not in messages}
        problems += [
            Problem(row.number, name, message, given)
            for name, value in loaded.items()
            for message, given in self._breaks(name, value)
        ]
        return problems or list(self._write(row, place, copy, loaded, outcome))

    def _breaks(self, name: str, value: Any) -> list[tuple[str, dict[str, Any]]]:
        """The rules that *value* of the field *name* breaks: messages and their values."""
        key = f"{name}={value!r}"
        if key not in self.checked:
            self.checked[key] = []
            try:
                check(self.session, {name: value})
            except Invalid as error:
                self.checked[key] = [
                    (text, error.values) for texts in error.errors.values() for text in texts
                ]
        return self.checked[key]

    def _write(
        self,
        row: Row,
        place: Place | None,
        copy: Place | None,
        values: dict[str, Any],
        outcome: Outcome,
    ) -> Iterator[Problem]:
        try:
            if place is None or copy is None:
                slug = values.pop("slug", None)
                place = publishing.create(self.session, Place(**values), self.edit, slug=slug)
                change = Change(row.number, place.slug, "new", sorted(values), place.name)
            else:
                different = {
                    name: value
                    for name, value in values.items()
                    if not _same(getattr(copy, name), value)
                }
                if not different:
                    outcome.unchanged += 1
                    return
                publishing.revise(self.session, place, different, self.edit)
                slug = different.get("slug", place.slug)
                name = different.get("name", copy.name)
                change = Change(row.number, slug, "changed", sorted(different), name)
            if self.publish:
                self.publish(self.session, place, self.edit)
            outcome.changes.append(change)
        except Invalid as error:
            for name, texts in error.errors.items():
                yield from (Problem(row.number, name, text, error.values) for text in texts)
        except DomainError as error:
            name = "slug" if isinstance(error, Conflict) and "slug" in error.values else ""
            yield Problem(row.number, name, error.message, error.values)


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def _merge_languages(values: dict[str, Any], copy: Place | None) -> None:
    """Keep the languages that the file has no column for; leave out those without a text."""
    for name in LOCALISED:
        if name in values:
            texts = dict(getattr(copy, name) or {}) if copy else {}
            texts |= values[name]
            values[name] = {language: text for language, text in texts.items() if text}


def _missing(row: Row, values: dict[str, Any], *, is_new: bool) -> Iterator[Problem]:
    """What a place cannot be without, also as a draft that came with a file."""
    name = values.get("name", {} if is_new else None)
    if isinstance(name, dict) and not name.get("vi"):
        yield Problem(row.number, "name_vi", N_("Every place needs a Vietnamese name."))
    if not values.get("category", "" if is_new else "unchanged"):
        values.pop("category", None)
        yield Problem(row.number, "category", N_("Every place needs a category."))


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, datetime) and isinstance(new, datetime):
        return old.replace(microsecond=0) == new.replace(microsecond=0)
    return bool(old == new)


def _problems(row: int, messages: Mapping[str, Any]) -> Iterator[Problem]:
    for path, message in _flattened((), messages):
        top = _column(path)
        inside = path[1:] if top == path[0] else ()
        text = f"{_place_of(inside)}: {message}" if inside else message
        yield Problem(row, top, text)


def _flattened(path: tuple[str, ...], node: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(node, Mapping):
        for name, inner in node.items():
            step = () if name in ("_schema", "key", "value") else (str(name),)
            yield from _flattened((*path, *step), inner)
    elif isinstance(node, list | tuple):
        for message in node:
            yield from _flattened(path, message)
    else:
        yield path, str(node)


def _column(path: tuple[str, ...]) -> str:
    """The column that the field at *path* stands in."""
    if not path:
        return ""
    if path[0] in LOCALISED and len(path) > 1:
        return f"{path[0]}_{path[1]}"
    if path[0] == "location" and len(path) > 1:
        return path[1]
    return path[0]


def _place_of(path: tuple[str, ...]) -> str:
    return ", ".join(str(int(step) + 1) if step.isdigit() else step for step in path)
