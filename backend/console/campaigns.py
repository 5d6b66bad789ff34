"""Campaigns: written beside their live count, looked at, confirmed, and watched as they go out."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from sqlalchemy import select

from backend import current
from backend.accounts import access, employees, people
from backend.accounts.roles import Permission
from backend.alerts.schemas import BY_STAFF
from backend.campaigns import showing
from backend.campaigns.routes import confirm, find, resend
from backend.campaigns.schemas import SENT, CampaignDraftSchema
from backend.campaigns.writing import draft_of
from backend.console.forms import Form
from backend.console.layout import console, language_name
from backend.console.vocabularies import names, quarter_names
from backend.database import session
from backend.languages import language, languages
from backend.paging import page
from backend.staff_content import editing
from content.alerts.models import Event
from content.alerts.words import WORDS
from content.articles.models import Article
from content.errors import N_, Invalid
from content.text import in_language
from content.vocabularies.models import Vocabulary
from notifications import campaigns, messages, outbox, resending, sending
from notifications.audience import Audience, count
from notifications.campaigns import Campaign, CampaignState, Draft
from notifications.devices import ANNOUNCEMENTS
from notifications.manner import INTERRUPTIONS, PRIORITIES

SEND = access.staff(Permission.SEND_CAMPAIGNS)
DRAFT = CampaignDraftSchema()
A_PAGE = 20
STEPS = ("look", "write", "send", "back")
AUDIENCE = ("quarters", "topics", "languages", "platforms")
PLAIN = ("article_id", "link", "image", "collapse_key", "priority", "interruption")

LABELS = {
    "title": lazy_gettext("Title"),
    "body": lazy_gettext("Text"),
    "article_id": lazy_gettext("Article"),
    "audience.quarters": lazy_gettext("Quarters: none ticked means the whole town"),
    "audience.topics": lazy_gettext("Only those who want to hear of"),
    "audience.languages": lazy_gettext("Only those whose phone speaks"),
    "audience.platforms": lazy_gettext("Only on"),
    "send_at": lazy_gettext("When it is sent"),
    "expires_at": lazy_gettext("Of no use after"),
    "emergency": lazy_gettext("Danger to life"),
    "event": lazy_gettext("What is warned of"),
    "link": lazy_gettext("Where it leads"),
    "image": lazy_gettext("Address of a picture"),
    "collapse_key": lazy_gettext("Word under which a later message takes its place"),
    "priority": lazy_gettext("How soon phones fetch it"),
    "interruption": lazy_gettext("How far iPhones interrupt"),
    "ramp": lazy_gettext("Some first"),
    "ramp.percent": lazy_gettext("Tell so many per cent first"),
    "ramp.minutes": lazy_gettext("The others after so many minutes"),
}
PLATFORM_WORDS = {"android": "Android", "ios": "iPhone, iPad", "web": lazy_gettext("Web browsers")}
STATE_WORDS = {
    CampaignState.UNCONFIRMED: lazy_gettext("waits to be confirmed"),
    CampaignState.SCHEDULED: lazy_gettext("goes out at its moment"),
    CampaignState.SENDING: lazy_gettext("is being sent"),
    CampaignState.CANCELLED: lazy_gettext("cancelled"),
    SENT: lazy_gettext("sent"),
}
PRIORITY_WORDS = {"high": lazy_gettext("At once"), "normal": lazy_gettext("When the phone wakes")}
INTERRUPTION_WORDS = {
    "passive": lazy_gettext("Not at all: it lies in the list"),
    "active": lazy_gettext("As usual"),
    "time-sensitive": lazy_gettext("Also while the phone is set to rest"),
}
FAILURE_WORDS = {
    "UNREGISTERED": lazy_gettext("The app was removed from the phone"),
    "INVALID_ARGUMENT": lazy_gettext("The push service did not take the message as it was written"),
    "EXPIRED": lazy_gettext("It was of no use any more when the phone was awake"),
    "PAYLOAD_TOO_LARGE": lazy_gettext("The message was too long"),
}
JOB_WORDS = {
    campaigns.BEGIN: lazy_gettext("A campaign did not begin"),
    messages.EXPAND: lazy_gettext("A message did not come into all inboxes"),
    sending.PUSH: lazy_gettext("Phones were not reached"),
    resending.RESEND: lazy_gettext("A message was not sent again"),
}
"""The work whose burial is shown here, in words."""


@console.app_context_processor
def words_of_campaigns() -> dict[str, Any]:
    """What the templates of this desk may call."""
    return {
        "campaign_state": lambda state: STATE_WORDS[state],
        "failure_words": lambda code: FAILURE_WORDS.get(code, code),
        "job_words": lambda kind: JOB_WORDS[kind],
        "audience_words": audience_words,
    }


def audience_words(audience: dict[str, list[str]]) -> str:
    """Whom *audience* means, in words; the whole town where nothing narrows it."""
    quarters, topics = quarter_names(), names(Vocabulary.TOPIC)
    words = {
        "quarters": (_("quarters: %(names)s"), quarters),
        "topics": (_("who hears of: %(names)s"), topics),
        "languages": (
            _("languages: %(names)s"),
            {code: language_name(code) for code in languages()},
        ),
        "platforms": (_("on: %(names)s"), PLATFORM_WORDS),
    }
    parts = [
        text % {"names": ", ".join(str(known.get(code, code)) for code in audience[name])}
        for name, (text, known) in words.items()
        if audience.get(name)
    ]
    return " · ".join(parts) or _("the whole town")


@console.get("/campaigns", endpoint="campaigns")
@SEND
def every() -> ResponseReturnValue:
    """All campaigns, the newest first, and work that was given up."""
    found = page(
        session,
        select(Campaign),
        [Campaign.made_at, Campaign.id],
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    items = found["items"]
    buried = [job for job in outbox.buried(session) if job.kind in JOB_WORDS]
    return render_template(
        "console/campaigns/list.html",
        found=found,
        campaigns=showing.every(session, items),
        names=people.names(session, {one.made_by for one in items}),
        buried=buried,
    )


@console.post("/campaigns/replay", endpoint="campaigns_replay")
@SEND
def replay() -> ResponseReturnValue:
    """Put work that was given up back in the queue."""
    wanted = {int(text) for text in Form.sent().every("job") if text.isdigit()}
    ids = [job.id for job in outbox.buried(session) if job.kind in JOB_WORDS and job.id in wanted]
    if ids:
        outbox.replay(session, now=current.now(), ids=ids)
        session.commit()
    flash(ngettext("One piece of work is tried again.", "%(num)s are tried again.", len(ids)))
    return redirect(url_for("console.campaigns"))


@console.post("/campaigns/audience", endpoint="campaigns_audience")
@SEND
def reached() -> ResponseReturnValue:
    """How many devices it would go to, as the boxes are ticked now."""
    form = Form.sent()
    quarters, topics, spoken, platforms = (form.every(f"audience.{name}") for name in AUDIENCE)
    wanted = Audience(quarters=quarters, topics=topics, languages=spoken, platforms=platforms)
    heard = () if form["emergency"] else wanted.topics or (ANNOUNCEMENTS,)
    return render_template("console/articles/audience.html", reached=count(session, wanted, heard))


@console.route("/campaigns/new", methods=["GET", "POST"], endpoint="campaigns_new")
@SEND
def new() -> ResponseReturnValue:
    """Write, look at it, put it forward or send it."""
    if request.method == "GET":
        given = {"article_id": request.args.get("article", ""), "key": str(uuid.uuid4())}
        return _write(Form(given))
    form = Form.sent()
    step = str(form["step"]) if form["step"] in STEPS else "look"
    if step == "back":
        return _write(form)
    with form.trying():
        draft = draft_of(session, DRAFT.load(_said(form)), current.now())
        texts = campaigns.check(session, draft, current.now())
        if step == "look":
            return _look(form, draft, texts)
        campaign, _repeated = campaigns.write(session, draft, editing(), key=_key(form))
        if step == "send":
            confirm(campaign)
        session.commit()
        flash(_("Confirmed.") if step == "send" else _("Put forward: nothing is sent yet."))
        return redirect(url_for("console.campaigns_one", campaign_id=campaign.id))
    return _write(form)


def _key(form: Form) -> uuid.UUID:
    try:
        return uuid.UUID(str(form["key"]))
    except ValueError:
        raise Invalid({"": [N_("This cannot be read.")]}) from None


def _said(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it. Raises Invalid."""
    said: dict[str, Any] = {name: form.optional(name) for name in PLAIN}
    said |= {name: text for name in ("title", "body") if (text := form.localized(name))}
    said["audience"] = {
        name: chosen for name in AUDIENCE if (chosen := form.every(f"audience.{name}"))
    }
    for name in ("send_at", "expires_at"):
        moment = form.moment(name)
        said[name] = moment.isoformat() if moment else None
    said["emergency"] = bool(form["emergency"])
    if said["emergency"]:
        said["event"] = form.optional("event")
    ramp = {name: form.number(f"ramp.{name}") for name in ("percent", "minutes")}
    if any(value is not None for value in ramp.values()):
        said["ramp"] = {name: value for name, value in ramp.items() if value is not None}
    return said


def _write(form: Form) -> ResponseReturnValue:
    article = _article(form)
    answer = render_template(
        "console/campaigns/write.html",
        form=form,
        labels=LABELS,
        article=article,
        quarters=list(quarter_names().items()),
        topics=list(names(Vocabulary.TOPIC).items()),
        spoken=[(code, language_name(code)) for code in languages()],
        platforms=list(PLATFORM_WORDS.items()),
        events=[(code.value, _event_words(code)) for code in BY_STAFF],
        priorities=[(code, PRIORITY_WORDS[code]) for code in PRIORITIES],
        interruptions=[(code, INTERRUPTION_WORDS[code]) for code in INTERRUPTIONS],
    )
    return answer, 200 if form else 422


def _article(form: Form) -> Article | None:
    try:
        return session.get(Article, uuid.UUID(str(form["article_id"])))
    except ValueError:
        return None


def _event_words(code: Event) -> str:
    if code == Event.OTHER:
        return _("Something else")
    return in_language(WORDS[code].name, language())


def _look(form: Form, draft: Draft, texts: dict[str, str]) -> ResponseReturnValue:
    tried = showing.tried(session, draft, texts)
    return render_template(
        "console/campaigns/look.html",
        campaign=tried,
        form=form,
        kept=[
            (name, value)
            for name, value in form.values.items(multi=True)
            if name not in ("csrf_token", "step")
        ],
    )


@console.get("/campaigns/<uuid:campaign_id>", endpoint="campaigns_one")
@SEND
def one(campaign_id: uuid.UUID) -> ResponseReturnValue:
    """One campaign: what it says, who stands for it, how far it has come."""
    return _one(find(campaign_id), Form())


def _one(campaign: Campaign, form: Form) -> ResponseReturnValue:
    shown = showing.shown(session, campaign)
    confirmed = [one.made_by for one in shown["confirmations"]]
    me = str(employees.required().id)
    answer = render_template(
        "console/campaigns/one.html",
        campaign=shown,
        form=form,
        labels=LABELS,
        names=people.names(session, {campaign.made_by, *confirmed}),
        mine=me in confirmed,
        is_live=shown["state"] in (CampaignState.SCHEDULED, CampaignState.SENDING),
    )
    return answer, 200 if form else 422


@console.post("/campaigns/<uuid:campaign_id>/do/<act>", endpoint="campaigns_act")
@SEND
def act(campaign_id: uuid.UUID, act: str) -> ResponseReturnValue:
    """Confirm it, cancel it, or send it again to those it failed for."""
    campaign, form = find(campaign_id), Form.sent()
    if act not in ("confirm", "cancel", "resend"):
        abort(404)
    with form.trying():
        if act == "confirm":
            confirm(campaign)
            flash(_("Confirmed."))
        elif act == "cancel":
            campaigns.cancel(session, campaign, editing())
            flash(_("Cancelled. Nobody more is told."))
        else:
            devices = resend(campaign)
            flash(ngettext("Tried again for one phone.", "Tried again for %(num)s.", devices))
        session.commit()
        return redirect(url_for("console.campaigns_one", campaign_id=campaign_id))
    return _one(find(campaign_id), form)
