"""Bringing places in from a file: tried first, then written whole or not at all."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console import desks
from backend.console.desks import Desk
from backend.console.forms import Form
from backend.console.layout import console, language_name
from backend.database import session
from backend.exchange import reading
from backend.exchange.importing import Change, Importer
from backend.exchange.kinds import SHEETS
from backend.exchange.rows import MOST_ROWS
from backend.exchange.sheets import Column, Sheet
from backend.languages import languages
from backend.staff_content import editing, two_person
from backend.uploads import files_of, up_to
from content.errors import N_, Invalid

WRITE = access.staff(Permission.WRITE_CONTENT)

SHARED = {
    "id": lazy_gettext("Number on file; empty for what is new"),
    "lat": lazy_gettext("Latitude"),
    "lng": lazy_gettext("Longitude"),
    "expires_at": lazy_gettext("Until when the public sees it"),
    "sources": lazy_gettext("Sources"),
}
"""What columns are called that no form has under this name."""


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
        """How many rows are new."""
        return sum(change.action == "new" for change in self.changes)


def may_publish() -> bool:
    """Whether whoever calls may publish what a file brings, without anybody's approval."""
    return desks.may(Permission.PUBLISH_CONTENT) and not two_person()


@console.get("/import", endpoint="imports")
@WRITE
def ask() -> ResponseReturnValue:
    """The form to bring a file of one kind in, and the way out beside it."""
    return _page(_sheet(request.args.get("kind")), Form(), None)


@console.post("/import", endpoint="imports_bring")
@WRITE
@up_to("max_import_bytes")
def bring() -> ResponseReturnValue:
    """Try a file; write it where that button was pressed and nothing is wrong with it.

    A file that is not the one that was tried is tried only, so that nobody writes unseen.
    """
    form = Form.sent()
    sheet = _sheet(form["kind"])
    try:
        tried = _try(sheet, form)
    except Invalid as error:
        said = [_said(text, error.values) for texts in error.errors.values() for text in texts]
        tried = Tried(written=False, problems=[Wrong(None, "", sentence) for sentence in said])
    if tried.written:
        session.commit()
    else:
        session.rollback()
    return _page(sheet, form, tried)


def _sheet(path: str | None) -> Sheet:
    """The sheet below *path*; that of places for none that is known."""
    return SHEETS.get(path or "", SHEETS["places"])


def _try(sheet: Sheet, form: Form) -> Tried:
    sent = files_of("file", also=[*form.values.keys()])
    if len(sent) > 1:
        raise Invalid({"file": [N_("One file at a time.")]})
    data = sent[0].read()
    digest = hashlib.sha256(sheet.path.encode() + b":" + data).hexdigest()
    was_tried = form["then"] == "write" and form["tried"] == digest
    publish = bool(form["publish"]) and may_publish()
    rows = reading.read(data, sheet, languages())
    outcome = Importer(session, sheet, editing(), publish=publish).run(rows)
    return Tried(
        written=was_tried and not outcome.problems,
        digest=digest,
        unchanged=outcome.unchanged,
        changes=outcome.changes,
        problems=[
            Wrong(one.row, one.field, _said(one.message, one.values)) for one in outcome.problems
        ],
    )


def _page(sheet: Sheet, form: Form, tried: Tried | None) -> ResponseReturnValue:
    languages_here = languages()
    columns = {
        head: column for head, column in sheet.by_head(languages_here).items() if not column.informs
    }
    answer = render_template(
        "console/import.html",
        form=form,
        tried=tried,
        may_publish=may_publish(),
        sheet=sheet,
        kinds={path: _desk(one).many for path, one in SHEETS.items()},
        needed=_needed(sheet),
        columns=columns,
        column_words=lambda head: column_words(sheet, columns.get(head), head),
        most=MOST_ROWS,
    )
    return answer, 422 if tried and tried.problems else 200


def _needed(sheet: Sheet) -> str:
    """The columns that something new cannot do without."""
    return ", ".join(f"{name}_vi" if name in sheet.localised else name for name in sheet.needs)


def _desk(sheet: Sheet) -> Desk:
    return desks.DESKS[sheet.kind.search_type]


def column_words(sheet: Sheet, column: Column | None, head: str) -> str:
    """What a column of a file is called in the form of a piece; nothing where it has no name."""
    labels = _desk(sheet).labels
    if column is None:
        return ""
    if column.localised:
        code = head.removeprefix(f"{column.name}_")
        return f"{labels[column.name]} – {language_name(code)}"
    named = labels.get(column.name) or labels.get(f"{column.name}_id")
    return str(named or SHARED.get(column.name, ""))


def _said(message: str, values: Mapping[str, Any]) -> str:
    return _(message, **values) if values else _(message)
