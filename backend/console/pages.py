"""The console's front page, and the list of all its pages."""

from __future__ import annotations

from flask import Flask, render_template
from flask.typing import ResponseReturnValue

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission, Role
from backend.chat import handover
from backend.console import (
    alerts,
    articles,
    audit,
    beaches,
    blocks,
    calendar,
    campaigns,
    case_paper,
    chats,
    contacts,
    event_days,
    events,
    filing,
    holidays,
    hours,
    imports,
    media,
    notices,
    open311,
    places,
    prices,
    promises,
    questions,
    reply_templates,
    report_acts,
    report_photos,
    reports,
    retention,
    routing,
    staff,
    statistics,
    tides,
    today,
    water,
    webhooks,
    words,
)
from backend.console.layout import console
from backend.console.signing_in import signing_in
from backend.database import session

PAGES = (
    alerts,
    articles,
    audit,
    beaches,
    blocks,
    calendar,
    campaigns,
    case_paper,
    chats,
    contacts,
    event_days,
    events,
    filing,
    holidays,
    hours,
    imports,
    media,
    notices,
    open311,
    places,
    prices,
    promises,
    reply_templates,
    report_acts,
    report_photos,
    reports,
    retention,
    routing,
    questions,
    staff,
    statistics,
    tides,
    water,
    webhooks,
)
"""The modules whose views hang on the blueprint `console`."""


def init_app(app: Flask) -> None:
    """Serve the console's pages."""
    app.register_blueprint(signing_in)
    app.register_blueprint(console)


@console.get("")
@access.staff()
def home() -> ResponseReturnValue:
    """What there is to do for whoever is signed in."""
    person = employees.required()
    roles = [words.ROLES[role] for role in Role if role in person.roles]
    return render_template(
        "console/home.html",
        person=person,
        chats=handover.how_many_wait(session) if person.may(Permission.ANSWER_CHAT) else 0,
        roles=roles,
        statuses=beaches.for_duty(person),
        today=today.for_person(person),
        now=current.now(),
    )
