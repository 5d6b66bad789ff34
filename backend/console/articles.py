"""The desk of announcements, news, guides, pages, questions and procedures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.articles import publishing as article_publishing
from backend.articles.schemas import ArticleDraftSchema
from backend.console.acts import needed_moment
from backend.console.desk_pages import add_desk
from backend.console.desks import Desk
from backend.console.forms import Form, local_input
from backend.console.layout import console
from backend.database import session
from backend.languages import languages
from backend.site import published
from backend.staff_content import two_person
from content.articles.models import Article, Kind
from content.articles.rules import check
from content.publishing import Edit
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import quarters, terms

KINDS = {
    Kind.ANNOUNCEMENT: lazy_gettext("Announcement"),
    Kind.NEWS: lazy_gettext("News"),
    Kind.GUIDE: lazy_gettext("Guide"),
    Kind.PAGE: lazy_gettext("Page"),
    Kind.FAQ: lazy_gettext("Question and answer"),
    Kind.PROCEDURE: lazy_gettext("Procedure"),
}

PARTS = {
    "documents": lazy_gettext("Documents needed"),
    "steps": lazy_gettext("Steps"),
    "fee": lazy_gettext("Fee"),
    "duration": lazy_gettext("How long it takes"),
    "office": lazy_gettext("Where"),
}
"""What a procedure says beyond its text."""

GROUPS = {
    "news": (lazy_gettext("Announcements and news"), (Kind.ANNOUNCEMENT, Kind.NEWS)),
    "guides": (lazy_gettext("Guides and pages"), (Kind.GUIDE, Kind.PAGE)),
    "answers": (lazy_gettext("Questions and procedures"), (Kind.FAQ, Kind.PROCEDURE)),
}

TEXTS = ("title", "summary", "body")


def group_of(article: Article) -> str:
    """The list that *article* stands in."""
    return next((name for name, (_, kinds) in GROUPS.items() if article.kind in kinds), "")


def read(form: Form) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    expires = form.moment("expires_at")
    said: dict[str, Any] = {name: form.localized(name) for name in TEXTS}
    said |= {
        "kind": str(form["kind"]),
        "topics": form.every("topics"),
        "quarters": form.every("quarters"),
        "pinned": bool(form["pinned"]),
        "image": next(iter(form.objects("image")), None),
        "attachments": form.objects("attachments"),
        "expires_at": expires.isoformat() if expires else None,
        "procedure": None,
    }
    if slug := form.plain("slug"):
        said["slug"] = slug
    if said["kind"] == Kind.PROCEDURE:
        said["procedure"] = {part: form.localized(f"procedure.{part}") for part in PARTS}
    return said


def fill(article: Article) -> Iterator[tuple[str, Any]]:
    """The form of *article*."""
    yield "kind", article.kind
    for code in languages():
        for name in TEXTS:
            yield f"{name}.{code}", getattr(article, name).get(code, "")
        for part in PARTS:
            texts = (article.procedure or {}).get(part) or {}
            yield f"procedure.{part}.{code}", texts.get(code, "")
    for topic in article.topics:
        yield "topics", topic
    for quarter in article.quarters:
        yield "quarters", quarter
    if article.pinned:
        yield "pinned", "yes"
    if article.image:
        yield "image", json.dumps(article.image)
    for attachment in article.attachments or ():
        yield "attachments", json.dumps(attachment)
    yield "expires_at", local_input(article.expires_at)


def more() -> dict[str, Any]:
    """The vocabularies that the form offers."""
    return {
        "kinds": KINDS,
        "parts": PARTS,
        "topics": terms(session, Vocabulary.TOPIC),
        "quarters": quarters(session),
    }


def _publish(session: Session, article: Article, edit: Edit, form: Form) -> None:
    article_publishing.publish(
        session, article, edit, notify=form["notify"] == "yes", two_person=two_person()
    )


def _schedule(session: Session, article: Article, edit: Edit, form: Form) -> None:
    article_publishing.schedule(
        session,
        article,
        edit,
        at=needed_moment(form, "at"),
        notify=form["notify"] == "yes",
        two_person=two_person(),
    )


@console.post("/articles/audience", endpoint="articles_audience")
@access.staff(Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)
def audience() -> ResponseReturnValue:
    """How many devices an announcement would go to, as the boxes are ticked now."""
    form = Form.sent()
    reached = article_publishing.reach(session, form.every("quarters"), form.every("topics"))
    return render_template("console/articles/audience.html", reached=reached)


add_desk(
    Desk(
        path="articles",
        kind=Article,
        schema=ArticleDraftSchema,
        check=check,
        fields="console/articles/fields.html",
        read=read,
        fill=fill,
        many=lazy_gettext("Articles"),
        new=lazy_gettext("Write something new"),
        labels={
            "title": lazy_gettext("Title"),
            "summary": lazy_gettext("Summary"),
            "body": lazy_gettext("Text"),
            "kind": lazy_gettext("Kind"),
            "procedure": lazy_gettext("Procedure"),
            "topics": lazy_gettext("Topics"),
            "quarters": lazy_gettext("Quarters"),
            "image": lazy_gettext("Picture"),
            "attachments": lazy_gettext("Documents to take along"),
            "pinned": lazy_gettext("Keep at the top"),
            "expires_at": lazy_gettext("Disappears by itself"),
            "slug": lazy_gettext("Address"),
            "sources": lazy_gettext("Sources"),
        },
        show=published.show_article,
        more=more,
        groups={name: (words, Article.kind.in_(kinds)) for name, (words, kinds) in GROUPS.items()},
        group_of=group_of,
        publish=_publish,
        schedule=_schedule,
        announces=lambda article: article.kind == Kind.ANNOUNCEMENT,
        kind_words=lambda article: KINDS[Kind(article.kind)],
    )
)
