"""Tide tables: their format, checking one, taking it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.staff_content import editing
from content import town
from content.errors import N_, Invalid
from content.tides import verbs
from content.tides.table import HEADER
from content.tides.verbs import Span

KEEP = access.staff(Permission.KEEP_TIDES)

ENDS_SOON = timedelta(days=30)
SHOWN = 50
"""How many bad lines are listed at once; those below them follow when these are put right."""

EXAMPLE = (
    ("Mẫu", "T05:12:00+07:00", "2.4", "high"),
    ("Mẫu", "T12:30:00+07:00", "0.7", "low"),
)


@dataclass(frozen=True)
class BadLine:
    """A line of a table, what it says and what is wrong with it; 0 for the file as a whole."""

    number: int
    text: str
    messages: Sequence[str]


def example() -> list[tuple[str, ...]]:
    """Lines that show the format, of tomorrow."""
    day = (current.now().astimezone(town.TIME) + timedelta(days=1)).date()
    return [(name, f"{day}{time}", height, kind) for name, time, height, kind in EXAMPLE]


@console.get("/tides", endpoint="tides")
@KEEP
def every() -> ResponseReturnValue:
    """Which tables are on file, and the form to bring another."""
    return _page(Form(), [], [])


@console.get("/tides/example.csv", endpoint="tides_example")
@KEEP
def template() -> Response:
    """A file to begin with."""
    lines = [",".join(HEADER), *(",".join(cells) for cells in example())]
    answer = Response("\ufeff" + "\r\n".join(lines) + "\r\n", mimetype="text/csv")
    answer.headers["Content-Disposition"] = 'attachment; filename="tides.csv"'
    return answer


@console.post("/tides", endpoint="tides_import")
@KEEP
def bring() -> ResponseReturnValue:
    """Check a table; take it in, where that button was pressed and no line is bad."""
    form, spans, bad = Form.sent(), [], []
    data = b""
    with form.trying():
        dry_run = form.chosen("then", ("check", "import")) == "check"
        file = request.files.get("file")
        data = file.read() if file else b""
        if not data:
            raise Invalid({"file": [N_("Choose a file first.")]})
        spans = verbs.import_tides(session, data, editing(), dry_run=dry_run)
        replaced = sum(span.replaced for span in spans)
        if replaced and not dry_run and form["replace"] != "yes":
            sentence = N_("%(count)s tides are on file of these days: tick that they are replaced.")
            raise Invalid({"replace": [sentence]}, count=replaced)
        session.commit()
        if not dry_run:
            for span in spans:
                flash(
                    _(
                        "%(count)s tides of %(station)s are on file.",
                        count=span.count,
                        station=span.station,
                    )
                )
            return redirect(url_for("console.tides"))
    bad = list(_bad_lines(form, data))
    return _page(form, spans, bad)


def _bad_lines(form: Form, data: bytes) -> Sequence[BadLine]:
    lines = data.decode("utf-8-sig", "replace").splitlines()
    found = []
    for name in [name for name in form.errors if name.startswith("line ")]:
        number = int(name.removeprefix("line "))
        text = lines[number - 1] if number <= len(lines) else ""
        found.append(BadLine(number, text[:200], form.errors.pop(name)))
    if found:
        form.refuse("file", _("Some lines are bad. Nothing was taken in."))
    return found


def _page(form: Form, spans: Sequence[Span], bad: Sequence[BadLine]) -> ResponseReturnValue:
    now = current.now()
    page = render_template(
        "console/tides/list.html",
        form=form,
        checked=spans,
        bad=bad[:SHOWN],
        more=max(0, len(bad) - SHOWN),
        stations=verbs.stations(session),
        header=HEADER,
        example=example(),
        is_over=lambda span: span.last < now,
        ends_soon=lambda span: span.last < now + ENDS_SOON,
    )
    return page, 200 if form else 422


@console.post("/tides/<path:station>/remove", endpoint="tides_remove")
@KEEP
def remove(station: str) -> ResponseReturnValue:
    """Remove all that is known of a station's tides."""
    verbs.remove_station(session, station, editing())
    session.commit()
    flash(_("All tides of %(station)s are removed.", station=station))
    return redirect(url_for("console.tides"))
