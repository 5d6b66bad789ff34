"""The pages of what editors publish: announcements and places."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, select

from backend import current
from backend.accounts import access
from backend.articles.jsonld import announcement as announcement_data
from backend.database import session
from backend.feeds.jsonld import script
from backend.holidays.days_off import days_off
from backend.languages import language
from backend.media import showing
from backend.paging import page
from backend.places.jsonld import place as place_data
from backend.site.layout import site
from content.articles.models import Article
from content.articles.queries import NEWEST_FIRST, NEWS, articles
from content.contacts.models import Contact
from content.places import queries as places_queries
from content.places.models import Place
from content.prices.models import Price
from content.prices.queries import Wanted, prices_of
from content.prices.queries import prices as prices_in_force
from content.publishing import find_visible
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import terms, tree

A_PAGE = 20
MOST_CHARACTERS = 200


def news() -> Select[Article]:
    """The announcements and news that the public sees now."""
    return articles(now=current.now()).where(Article.kind.in_(NEWS))


@site.get("/announcements")
@access.public
def announcements() -> ResponseReturnValue:
    """Announcements and news, the newest first."""
    return _articles("site/announcements.html", news())


@site.get("/guides")
@access.public
def guides() -> ResponseReturnValue:
    """What is worth knowing at any time: guides, questions and answers, procedures."""
    return _articles(
        "site/guides.html", articles(now=current.now()).where(Article.kind.not_in(NEWS))
    )


def _articles(template: str, statement: Select[Article]) -> str:
    found = page(
        session,
        statement,
        NEWEST_FIRST,
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )
    return render_template(template, found=found)


@site.get("/announcements/<key>")
@access.public
def announcement(key: str) -> ResponseReturnValue:
    """One announcement, by its slug or id."""
    return show_article(find_visible(session, Article, key, current.now()))


def show_article(article: Article, **more: Any) -> str:
    """The page of *article*."""
    body = showing.html(in_language(article.body, language()))
    procedure = {
        part: showing.html(text)
        for part, texts in (article.procedure or {}).items()
        if (text := in_language(texts, language()))
    }
    return render_template(
        "site/announcement.html",
        article=article,
        body=body,
        procedure=procedure,
        structured=script(announcement_data(article)),
        **more,
    )


@site.get("/places")
@access.public
def places() -> ResponseReturnValue:
    """Places of the town, all or of a category, or found by words."""
    wanted = places_queries.Wanted(
        category=request.args.get("category") or None,
        q=request.args.get("q", "").strip()[:MOST_CHARACTERS] or None,
    )
    listed = places_queries.places(session, wanted, language=language(), now=current.now())
    found = page(
        session, listed.statement, listed.order, limit=A_PAGE, cursor=request.args.get("cursor")
    )
    return render_template(
        "site/places.html",
        found=found,
        wanted=wanted,
        categories=tree(session, Vocabulary.PLACE),
        names=_names(Vocabulary.PLACE),
    )


@site.get("/places/<key>")
@access.public
def place(key: str) -> ResponseReturnValue:
    """One place, by its slug or id."""
    return show_place(find_visible(session, Place, key, current.now()))


def show_place(found: Place, **more: Any) -> str:
    """The page of a place."""
    return render_template(
        "site/place.html",
        place=found,
        structured=script(place_data(found)),
        description=showing.html(in_language(found.description, language())),
        exceptions=places_queries.exceptions_to_come(found, current.now()),
        open_now=places_queries.open_now(found, current.now(), days_off()),
        names=_names(Vocabulary.PLACE),
        tags=_names(Vocabulary.TAG),
        prices=prices_of(session, found.id, current.now()),
        amenities=_names(Vocabulary.AMENITY),
        accessibility=_names(Vocabulary.ACCESSIBILITY),
        **more,
    )


@site.get("/prices")
@access.public
def prices() -> ResponseReturnValue:
    """The posted prices in force, all or of an item."""
    now = current.now()
    asked = request.args.get("item", "").strip()[:MOST_CHARACTERS] or None
    statement = prices_in_force(session, Wanted(item=asked), language=language(), now=now)
    found = page(session, statement, [Price.slug], limit=50, cursor=request.args.get("cursor"))
    return render_template("site/prices.html", found=found, asked=asked)


@site.get("/contacts")
@access.public
def contacts() -> ResponseReturnValue:
    """Numbers to call and offices to go to, emergency numbers first."""
    statement = select(Contact).where(Contact.visible(current.now()))
    found = session.scalars(statement.order_by(Contact.kind, Contact.position, Contact.slug)).all()
    return render_template("site/contacts.html", contacts=found)


def _names(vocabulary: Vocabulary) -> dict[str, str]:
    return {t.code: in_language(t.name, language()) for t in terms(session, vocabulary)}
