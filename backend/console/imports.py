"""Bringing places in from a file: tried first, then written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console import desks
from backend.console.forms import Form
from backend.console.layout import console, language_name
from backend.database import session
from backend.languages import languages
from backend.places.exchange import columns, reading
from backend.places.exchange.importing import Change, Importer
from backend.staff_content import editing, publish, two_person
from backend.uploads import files_of, up_to
from content.errors import N_, Invalid

WRITE = access.staff(Permission.WRITE_CONTENT)


@dataclass(frozen=True)
class Wrong:
    """What is wrong in a row, in the reader's language; *row* is None for the file as a whole."""

    row: int | None
    column: str
    message: str


@dataclass
class Tried:
    """What a file did, or would do; with *problems* nothing of it is kept."""

    written: bool
    digest: str = ""
    unchanged: int = 0
    changes: Sequence[Change] = ()
    problems: list[Wrong] = field(default_factory=list)

    @property
    def new(self) -> int:
        """How many places are new."""
        return sum(change.action == "new" for change in self.changes)


def may_publish() -> bool:
    """Whether whoever calls may publish what a file brings, without anybody's approval."""
    return desks.may(Permission.PUBLISH_CONTENT) and not two_person()


@console.get("/import", endpoint="imports")
@WRITE
def ask() -> ResponseReturnValue:
    """The form to bring a file in, and the way out beside it."""
    return _page(Form(), None)


@console.post("/import", endpoint="imports_bring")
@WRITE
@up_to("max_import_bytes")
def bring() -> ResponseReturnValue:
    """Try a file; write it where that button was pressed and nothing is wrong with it.

    A file that is not the one that was tried is tried only, so that nobody writes unseen.
    """
    form = Form.sent()
    try:
        tried = _try(form)
    except Invalid as error:
        said = [_said(text, error.values) for texts in error.errors.values() for text in texts]
        tried = Tried(written=False, problems=[Wrong(None, "", sentence) for sentence in said])
    if tried.written:
        session.commit()
    else:
        session.rollback()
    return _page(form, tried)


def _try(form: Form) -> Tried:
    sent = files_of("file", also=[*form.values.keys()])
    if len(sent) > 1:
        raise Invalid({"file": [N_("One file at a time.")]})
    data = sent[0].read()
    digest = hashlib.sha256(data).hexdigest()
    was_tried = form["then"] == "write" and form["tried"] == digest
    publishing = publish if form["publish"] and may_publish() else None
    outcome = Importer(session, editing(), publishing).run(reading.read(data, languages()))
    return Tried(
        written=was_tried and not outcome.problems,
        digest=digest,
        unchanged=outcome.unchanged,
        changes=outcome.changes,
        problems=[
            Wrong(one.row, one.field, _said(one.message, one.values)) for one in outcome.problems
        ],
    )


def _page(form: Form, tried: Tried | None) -> ResponseReturnValue:
    answer = render_template(
        "console/import.html",
        form=form,
        tried=tried,
        may_publish=may_publish(),
        columns=[name for name in columns.ordered(languages()) if name not in columns.INFORMING],
        column_words=column_words,
        most=reading.MOST_ROWS,
    )
    return answer, 422 if tried and tried.problems else 200


def column_words(column: str) -> str:
    """What a column of a file of places is called in the form of a place."""
    labels = desks.DESKS["place"].labels
    name, _line, code = column.rpartition("_")
    if name in columns.LOCALISED:
        return f"{labels[name]} – {language_name(code)}"
    return str(labels.get(column, ""))


def _said(message: str, values: Mapping[str, Any]) -> str:
    return _(message, **values) if values else _(message)
