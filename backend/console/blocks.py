"""Who may send no reports for a while: the list, one more, ending one early."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend import current
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.console.acts import needed_moment
from backend.console.forms import Form, local_input
from backend.console.layout import console
from backend.database import session
from backend.feedback import blocking
from backend.feedback.block_models import SenderBlock
from backend.feedback.block_routes import NewBlock, shown
from backend.feedback.reading import report_of_code
from backend.paging import page
from backend.staff_content import editing
from content.errors import Invalid, NotFound

BLOCKS = access.staff(Permission.BLOCK_SENDERS)
A_PAGE = 30
USUAL = timedelta(days=7)
SCHEMA = NewBlock()

KINDS = {
    blocking.CITIZEN: lazy_gettext("a person who signed in"),
    blocking.DEVICE: lazy_gettext("a device"),
    blocking.ADDRESS: lazy_gettext("a network address"),
}


@console.get("/blocks", endpoint="blocks")
@BLOCKS
def every_block() -> ResponseReturnValue:
    """All blocks, the newest first; a report may be named to block its sender."""
    until = local_input(current.now() + USUAL)
    return _page(Form({"until": until, "report": request.args.get("report", "")}))


@console.post("/blocks", endpoint="blocks_add")
@BLOCKS
def add_block() -> ResponseReturnValue:
    """Block whoever sent a report, or an address."""
    form = Form.sent()
    with form.trying():
        body = SCHEMA.load(_said(form))
        blocking.block(
            session,
            report_id=body.get("report"),
            citizen_id=None,
            address=body.get("address"),
            reason=body["reason"],
            until=body["until"],
            secret=current.settings().secret_key,
            edit=editing(),
        )
        session.commit()
        flash(_("Blocked. Whoever it is reads why, and until when."))
        return redirect(url_for("console.blocks"))
    return _page(form)


@console.post("/blocks/<uuid:block_id>/end", endpoint="blocks_end")
@BLOCKS
def end_block(block_id: uuid.UUID) -> ResponseReturnValue:
    """Let the sender file again; that there was a block stays on file."""
    blocking.unblock(session, block_id, editing())
    session.commit()
    flash(_("Ended. This sender may file reports again."))
    return redirect(url_for("console.blocks"))


def _said(form: Form) -> dict[str, Any]:
    body: dict[str, Any] = {
        "reason": form.plain("reason"),
        "until": needed_moment(form, "until").isoformat(),
    }
    if address := form.optional("address"):
        body["address"] = address
    if code := form.optional("report"):
        try:
            body["report"] = str(report_of_code(session, code).id)
        except NotFound as error:
            raise Invalid({"report": [error.message]}) from None
    return body


def _page(form: Form) -> ResponseReturnValue:
    order = (SenderBlock.created_at, SenderBlock.id)
    found = page(
        session,
        blocking.blocks(),
        order,
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    blocks = [shown(block) for block in found["items"]]
    answer = render_template(
        "console/reports/blocks.html",
        blocks=blocks,
        kinds=KINDS,
        names=people.names(session, {block["created_by"] for block in blocks}),
        next_cursor=found["next_cursor"],
        form=form,
    )
    return answer, 200 if form else 422
