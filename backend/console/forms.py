"""A form as the reader filled it in, with what is wrong beside each field."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from flask import flash, request
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from backend import current
from backend.database import session
from backend.errors import translated
from backend.languages import languages
from content.errors import N_, Conflict, Invalid


class Form:
    """Values by field, errors by field; an error that belongs to no field stands under "".

    `with form.trying():` runs verbs; what they refuse becomes errors of the form, and nothing
    of it is kept. Afterwards the form is true where all went well.
    """

    def __init__(self, values: Mapping[str, Any] | None = None) -> None:
        self.values = MultiDict(values or {})
        self.errors: dict[str, list[str]] = {}
        self.in_rows: set[str] = set()

    @classmethod
    def of(cls, pairs: Iterable[tuple[str, Any]]) -> Form:
        """A form with these fields; one that is named twice has two values."""
        form = cls()
        for name, value in pairs:
            form.values.add(name, value)
        return form

    @classmethod
    def sent(cls) -> Form:
        """The form that came with this request."""
        return cls(request.form)

    def __bool__(self) -> bool:
        return not self.errors

    def __getitem__(self, name: str) -> Any:
        """The value of a field, as it is shown; empty where there is none."""
        value = self.values.get(name)
        return "" if value is None else value

    def text(self, name: str, *, most: int, required: bool = False) -> str:
        """The text in a field, without white space around it.

        Raises Invalid for one that is longer than *most* characters, or missing and *required*.
        """
        value = str(self[name]).strip()
        if required and not value:
            raise Invalid({name: [N_("This is needed.")]})
        if len(value) > most:
            raise Invalid({name: [N_("At most %(most)s characters.")]}, most=most)
        return value

    def chosen(self, name: str, among: Any) -> str:
        """The value of a field, which is one of *among*. Raises Invalid for any other."""
        value = str(self[name])
        if value not in among:
            raise Invalid({name: [N_("Choose one of these.")]})
        return value

    def moment(self, name: str) -> datetime | None:
        """The moment in a field of the kind datetime-local, by the town's clocks; None for none.

        Raises Invalid for anything else.
        """
        value = str(self[name]).strip()
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            raise Invalid({name: [N_("Write a day and a time.")]}) from None
        return moment.replace(tzinfo=current.settings().timezone)

    def localized(self, name: str) -> dict[str, str]:
        """The texts in the fields `name.vi`, `name.en` and so on; those left empty are left out."""
        texts = {code: self.plain(f"{name}.{code}") for code in languages()}
        return {code: text for code, text in texts.items() if text}

    def plain(self, name: str) -> str:
        """The text in a field as it is kept: browsers send lines with two marks at their end."""
        return str(self[name]).replace("\r\n", "\n").strip()

    def optional(self, name: str) -> str | None:
        """The text in a field; None for none."""
        return self.plain(name) or None

    def number(self, name: str) -> int | None:
        """The whole number in a field, which may be grouped as in 50.000; None for none.

        Raises Invalid for anything else.
        """
        text = re.sub(r"[\s.,]", "", self.plain(name))
        if not text:
            return None
        if not text.isascii() or not text.lstrip("-").isdigit():
            raise Invalid({name: [N_("Write a whole number.")]})
        return int(text)

    def decimal(self, name: str) -> float | None:
        """The number in a field, with a point or a comma; None for none. Raises Invalid."""
        text = self.plain(name).replace(",", ".")
        try:
            return float(text) if text else None
        except ValueError:
            raise Invalid({name: [N_("Write a number.")]}) from None

    def objects(self, name: str) -> list[Any]:
        """The JSON objects that a field holds, one a value. Raises Invalid for anything else."""
        try:
            return [json.loads(value) for value in self.every(name)]
        except ValueError:
            raise Invalid({name: [N_("This cannot be read.")]}) from None

    def lines(self, name: str) -> list[str]:
        """The lines of a field that are not empty."""
        return [line.strip() for line in self.plain(name).split("\n") if line.strip()]

    def rows(self, name: str) -> list[dict[str, str]]:
        """The rows of the list *name*, whose fields are called `name.0.field`, in their order.

        A row of which all fields are empty is left out, and those after it move up; what is
        wrong with a row is then said beside its own fields.
        """
        self.in_rows.add(name)
        of_row = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})\.(.+)")
        found: dict[int, dict[str, str]] = {}
        for key in list(self.values):
            if match := of_row.fullmatch(key):
                found.setdefault(int(match[1]), {})[match[2]] = self.plain(key)
                del self.values[key]
        kept = [row for _number, row in sorted(found.items()) if any(row.values())]
        for number, row in enumerate(kept):
            for field, value in row.items():
                self.values[f"{name}.{number}.{field}"] = value
        return kept

    def count(self, name: str) -> int:
        """How many rows the list *name* has."""
        numbers = (key.removeprefix(f"{name}.").partition(".")[0] for key in self.values)
        return 1 + max((int(number) for number in numbers if number.isdigit()), default=-1)

    def every(self, name: str) -> list[str]:
        """All values of a field, for boxes that are ticked."""
        return [str(value) for value in self.values.getlist(name) if value]

    def refuse(self, name: str, message: str) -> None:
        """Add an error, in the reader's language, to the field *name*."""
        self.errors.setdefault(name, []).append(message)

    def flash_errors(self) -> None:
        """Say on the next page what was refused, for acts that have no form to show it in."""
        for messages in self.errors.values():
            for message in messages:
                flash(message, "error")

    @contextmanager
    def trying(self) -> Iterator[None]:
        """Run what may refuse; see the class."""
        try:
            yield
        except Invalid as error:
            for name, messages in error.errors.items():
                for message in messages:
                    self.refuse(name, _(message, **error.values))
        except Conflict as error:
            self.refuse("", _(error.message, **error.values))
        except ValidationError as error:
            for name, message in _flat(translated(error.messages_dict), self.in_rows):
                self.refuse(name, message)
        if self.errors:
            session.rollback()


# Positions in lists, and what marshmallow calls the halves of a dictionary's item.
_INNER = re.compile(r"\d+|key|value|_schema")


def _flat(messages: Any, in_rows: Collection[str], name: str = "") -> Iterator[tuple[str, str]]:
    """Each message with the name of its field, such as `title.vi`, or `links.0.url` *in_rows*."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            is_inner = _INNER.fullmatch(str(key)) and not (name in in_rows and key != "_schema")
            yield from _flat(inner, in_rows, name if is_inner else f"{name}.{key}".strip("."))
    elif isinstance(messages, list):
        for inner in messages:
            yield from _flat(inner, in_rows, name)
    else:
        yield name, str(messages)


def label_of(labels: Mapping[str, object], name: str) -> object:
    """What *labels* call the field *name*, which may stand in a row; *name* where they do not."""
    general = re.sub(r"\.\d+(?=\.|$)", "", name)
    for known in (name, general, general.partition(".")[0]):
        if known in labels:
            return labels[known]
    return name


def local_input(moment: datetime | None) -> str:
    """*moment* as a field of the kind datetime-local shows it, by the town's clocks."""
    if moment is None:
        return ""
    return moment.astimezone(current.settings().timezone).strftime("%Y-%m-%dT%H:%M")
