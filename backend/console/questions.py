"""Questions that the chatbot could not answer: taught, answered in an article, or dropped."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.chat import learning
from backend.chat.intents import INTENTS
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from content.errors import N_, Invalid

SHOWN = 50
TEACHES = access.staff(Permission.WRITE_CONTENT)


@console.get("/questions", endpoint="questions")
@TEACHES
def all_questions() -> ResponseReturnValue:
    """Those that failed, were rated badly or hardly understood, grouped."""
    return _page(Form())


@console.post("/questions/<act>", endpoint="questions_settle")
@TEACHES
def settle(act: str) -> ResponseReturnValue:
    """Give questions an intent, write an article that answers them, or drop them."""
    form = Form.sent()
    with form.trying():
        if act not in ("intent", "faq", "dropped"):
            raise Invalid({"": [N_("There is no such act.")]})
        ids = [int(part) for part in form["ids"].split() if part.isascii() and part.isdigit()]
        settled = learning.settle(session, ids, act, label=form["label"])
        title = settled[0].text[:200]
        session.commit()
        if act == "faq":
            fields = {"kind": "faq", "title.vi": title}
            address = url_for("console.articles_new", group="answers")
            return redirect(f"{address}&{urlencode(fields)}")
        flash(_("Saved."))
        return redirect(url_for("console.questions"))
    return _page(form)


@console.get("/questions.yml", endpoint="questions_export")
@TEACHES
def export() -> Response:
    """The sentences that were given an intent, as training data without personal data."""
    answer = Response(learning.as_training(session), mimetype="application/yaml")
    answer.headers["Content-Disposition"] = "attachment; filename=learned.yml"
    return answer


def _page(form: Form) -> ResponseReturnValue:
    page = render_template(
        "console/questions/list.html",
        groups=learning.groups(session)[:50],
        intents=INTENTS,
        form=form,
    )
    return page, 200 if form else 422
