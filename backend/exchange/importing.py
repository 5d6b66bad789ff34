"""Bringing a file onto file, row by row, through the verbs that editors use."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from marshmallow import ValidationError
from sqlalchemy.orm import Session

from backend.exchange import finding, sheets
from backend.exchange.rows import REPEATED, Problem, Row
from backend.exchange.sheets import Sheet
from content import publishing
from content.errors import N_, Conflict, DomainError, Invalid
from content.publishing import Edit, Publishable
from content.store import Localized


@dataclass(frozen=True)
class Change:
    """What a row did: the piece's address and name, and the names of the fields that changed."""

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

    def __init__(self, session: Session, sheet: Sheet, edit: Edit, *, publish: bool) -> None:
        self.session, self.sheet, self.edit, self.publish = session, sheet, edit, publish
        # Not partial=True, which would let what is nested be incomplete too.
        self.schema = sheet.schema(partial=tuple(sheet.schema().fields))
        self.known = finding.Known(session)
        self.checked: dict[str, list[tuple[str, dict[str, Any]]]] = {}
        self.row_of: dict[uuid.UUID, int] = {}

    def run(self, rows: Sequence[Row]) -> Outcome:
        """Bring *rows* onto file. Every problem is listed; after one nothing may be kept."""
        outcome = Outcome(rows=len(rows))
        self.known = finding.look_up(self.session, self.sheet.kind, rows)
        for row in rows:
            if not self.session.is_active:
                break  # a row made the database refuse; what follows cannot be tried
            self._bring(row, outcome)
            outcome.problems += row.problems
        return outcome

    def _bring(self, row: Row, outcome: Outcome) -> None:
        if row.problems and not row.values:
            return
        values = dict(row.values)
        key = values.pop("id", None)
        piece = self.known.find(key or values.get("slug"))
        if key and piece is None:
            row.wrong("id", N_("Nothing has this id: leave it empty for what is new."))
            return
        copy = None
        if piece is not None:
            meant = self.sheet.meant
            piece = meant(self.session, piece, self.known.copy(piece), values, self.edit.now)
            copy = self.known.copy(piece)
            other = self.row_of.setdefault(piece.id, row.number)
            if other != row.number and not row.problems:
                row.wrong("id" if key else "slug", REPEATED, other=other)
        if row.by_language:
            _merge_languages(values, copy, self.sheet.localised)
        self._note_missing(row, values, is_new=piece is None)
        loaded = self._loaded(row, values)
        for name, value in loaded.items():
            for message, given in self._breaks({name: value}):
                row.wrong(self.sheet.head_of((name,)), message, **given)
        if not row.problems:
            self._write(row, piece, copy, values, loaded, outcome)

    def _note_missing(self, row: Row, values: dict[str, Any], *, is_new: bool) -> None:
        """Note what a piece cannot be without, also as a draft that came with a file."""
        for name, sentence in self.sheet.needs.items():
            if name in self.sheet.localised:
                texts = values.get(name, {} if is_new else None)
                if isinstance(texts, dict) and not texts.get("vi"):
                    row.wrong(f"{name}_vi", sentence)
            elif not values.get(name, "" if is_new else "unchanged"):
                values.pop(name, None)
                row.wrong(name, sentence)

    def _loaded(self, row: Row, values: Mapping[str, Any]) -> dict[str, Any]:
        """The attributes that *values* load to; what does not load is noted and left out."""
        try:
            loaded: dict[str, Any] = self.schema.load(values)
        except ValidationError as error:
            messages = error.normalized_messages()
            for path, message in _flattened((), messages):
                head = self.sheet.head_of(path)
                inside = path[1:] if head == self.sheet.head_of(path[:1]) else ()
                row.wrong(head, f"{_place_of(inside)}: {message}" if inside else message)
            valid = error.valid_data if isinstance(error.valid_data, dict) else {}
            return {name: value for name, value in valid.items() if name not in messages}
        return loaded

    def _breaks(self, values: Mapping[str, Any]) -> list[tuple[str, dict[str, Any]]]:
        """The rules that the one field in *values* breaks: messages and their values."""
        key = repr(values)
        if key not in self.checked:
            self.checked[key] = []
            try:
                self.sheet.check(self.session, values)
            except Invalid as error:
                self.checked[key] = [
                    (text, error.values) for texts in error.errors.values() for text in texts
                ]
        return self.checked[key]

    def _write(
        self,
        row: Row,
        piece: Publishable | None,
        copy: Publishable | None,
        values: dict[str, Any],
        loaded: dict[str, Any],
        outcome: Outcome,
    ) -> None:
        said = {name: self.schema.fields[name].attribute or name for name in values}
        if copy is not None:
            said = {
                name: attribute
                for name, attribute in said.items()
                if not _same(getattr(copy, attribute), loaded[attribute])
            }
            if not said:
                outcome.unchanged += 1
                return
            # What a schema adds of itself goes with the fields that it made it of.
            loaded = self.schema.load({name: values[name] for name in said})
        try:
            self._check_together(copy, loaded)
            made = self._kept(piece, loaded)
            publish = self.sheet.publish if self.publish else sheets.as_named
            held = publish(self.session, made, self.edit) or made
        except Invalid as error:
            for name, texts in error.errors.items():
                for text in texts:
                    row.wrong(self.sheet.head_of((name,)), text, **error.values)
        except DomainError as error:
            name = "slug" if isinstance(error, Conflict) and "slug" in error.values else ""
            row.wrong(name, error.message, **error.values)
        else:
            slug = loaded.get("slug", made.slug) if held is made else held.slug
            heading = loaded.get(self.sheet.heading) or getattr(copy or made, self.sheet.heading)
            changed = sorted(said if copy else set(said) - {"slug"})
            action = "changed" if copy else "new"
            outcome.changes.append(Change(row.number, slug, action, changed, heading))

    def _check_together(self, copy: Publishable | None, loaded: Mapping[str, Any]) -> None:
        """Raise Invalid for fields that do not go with each other, or with those on file."""
        names = self.sheet.together
        self.sheet.check(
            self.session, {name: loaded.get(name, getattr(copy, name, None)) for name in names}
        )

    def _kept(self, piece: Publishable | None, values: dict[str, Any]) -> Publishable:
        """The new piece of *values*, or *piece* with them as its draft."""
        if piece is None:
            rest = {name: value for name, value in values.items() if name != "slug"}
            made = self.sheet.kind(**rest)
            return publishing.create(self.session, made, self.edit, slug=values.get("slug"))
        publishing.revise(self.session, piece, values, self.edit)
        return piece


def _merge_languages(
    values: dict[str, Any], copy: Publishable | None, localised: Sequence[str]
) -> None:
    """Keep the languages that the file has no column for; leave out those without a text."""
    for name in localised:
        if name in values:
            texts = dict(getattr(copy, name, None) or {}) | values[name]
            values[name] = {language: text for language, text in texts.items() if text}


def _same(old: Any, new: Any) -> bool:
    if isinstance(old, datetime) and isinstance(new, datetime):
        return old.replace(microsecond=0) == new.replace(microsecond=0)
    if isinstance(old, dict) and isinstance(new, dict):
        return _without_nothing(old) == _without_nothing(new)
    return bool(old == new)


def _without_nothing(values: dict[str, Any]) -> dict[str, Any]:
    """*values* without what says no more than if it were not there."""
    return {
        name: value
        for name, value in values.items()
        if value is not None and value is not False and value != ""
    }


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


def _place_of(path: tuple[str, ...]) -> str:
    return ", ".join(str(int(step) + 1) if step.isdigit() else step for step in path)
