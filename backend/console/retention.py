"""What is anonymised when, what the job did last, and the proof that nothing older is held."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.layout import console
from backend.database import only_reads, session
from backend.feedback import retention

RUNS = 14


@console.get("/retention", endpoint="retention")
@access.staff(Permission.READ_AUDIT)
@only_reads
def anonymising() -> ResponseReturnValue:
    """The setting, what comes, the last runs; with `?check=yes` the proof by the data itself."""
    now, keep = current.now(), current.settings().report_retention
    before = now - keep - retention.DAY
    checked = request.args.get("check") == "yes"
    return render_template(
        "console/reports/retention.html",
        keep=keep.days,
        due=retention.coming(session, now, keep),
        runs=retention.last_runs(session, RUNS),
        before=before,
        held=retention.held(session, before) if checked else None,
        checked=checked,
    )
