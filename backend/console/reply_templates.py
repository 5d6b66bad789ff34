"""Words for replies that officers use again and again."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.feedback import desk
from backend.staff_content import editing
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import tree

WORKS = access.staff(Permission.WORK_ON_REPORTS)


@console.get("/reply-templates", endpoint="reply_templates")
@WORKS
def all_templates() -> ResponseReturnValue:
    """All of them, and the form for one more."""
    return _page(Form(), None)


@console.get("/reply-templates/<uuid:template_id>", endpoint="reply_templates_one")
@WORKS
def one_template(template_id: uuid.UUID) -> ResponseReturnValue:
    """All of them, one open to be changed."""
    kept = desk.template(session, template_id)
    texts = [(f"text.{code}", words) for code, words in kept.text.items()]
    chosen = [("categories", category) for category in kept.categories]
    return _page(Form.of([("name", kept.name), *texts, *chosen]), template_id)


@console.post("/reply-templates", endpoint="reply_templates_add")
@WORKS
def add_template() -> ResponseReturnValue:
    """Keep new words."""
    return _keep(None)


@console.post("/reply-templates/<uuid:template_id>", endpoint="reply_templates_change")
@WORKS
def change_template(template_id: uuid.UUID) -> ResponseReturnValue:
    """Change words."""
    return _keep(template_id)


@console.post("/reply-templates/<uuid:template_id>/remove", endpoint="reply_templates_remove")
@WORKS
def remove_template(template_id: uuid.UUID) -> ResponseReturnValue:
    """Remove words; replies that used them stay as they are."""
    desk.remove_template(session, template_id)
    session.commit()
    flash(_("Removed."))
    return redirect(url_for("console.reply_templates"))


def _keep(template_id: uuid.UUID | None) -> ResponseReturnValue:
    form = Form.sent()
    with form.trying():
        name = form.text("name", most=100, required=True)
        desk.keep_template(
            session,
            template_id,
            name,
            form.localized("text"),
            editing(),
            categories=form.every("categories"),
        )
        session.commit()
        flash(_("Saved."))
        return redirect(url_for("console.reply_templates"))
    return _page(form, template_id)


def _page(form: Form, template_id: uuid.UUID | None) -> ResponseReturnValue:
    page = render_template(
        "console/reports/templates.html",
        templates=desk.templates(session),
        categories=tree(session, Vocabulary.REPORT),
        form=form,
        template_id=template_id,
    )
    return page, 200 if form else 422
