"""What a member of staff is told of reports: given to them, answered, soon or already late."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.console.layout import console
from backend.database import session
from backend.feedback import notices
from backend.feedback.notices import NOTICE_WORDS, Notice, StaffNotice
from backend.paging import page

READS = access.staff(Permission.READ_REPORTS)
A_PAGE = 30


@console.get("/notices", endpoint="notices")
@READS
def my_notices() -> ResponseReturnValue:
    """One's own notices, the newest first."""
    found = page(
        session,
        notices.inbox(employees.required().id),
        (StaffNotice.id,),
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    return render_template(
        "console/reports/notices.html",
        notices=[
            (notice, _(NOTICE_WORDS[Notice(notice.kind)], code=notice.report.code))
            for notice in found["items"]
        ],
        next_cursor=found["next_cursor"],
    )


@console.post("/notices/read", endpoint="notices_read")
@READS
def read_all() -> ResponseReturnValue:
    """Note that all were read."""
    notices.mark_read(session, employees.required().id, current.now())
    session.commit()
    flash(_("Noted as read."))
    return redirect(url_for("console.notices"))
