"""Content as it comes: built without a database, to be added to a session."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any, TypeVar

import factory
from sqlalchemy.orm import Session

from content.articles.models import Article
from content.beaches.models import Beach
from content.contacts.models import Contact
from content.events.models import Event
from content.places.models import Place
from content.publishing import Publishable, State, reindex
from content.text import slugify

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

Content = TypeVar("Content", bound=Publishable)


class PublishedFactory(factory.Factory[Content]):
    """Something published long ago, that never expires."""

    class Meta:
        abstract = True

    slug = factory.LazyAttribute(lambda made: slugify(_heading(made)["vi"]))
    state = State.PUBLISHED
    published_at = LONG_AGO


def _heading(made: Any) -> dict[str, str]:
    heading: dict[str, str] = getattr(made, "name", None) or made.title
    return heading


class PlaceFactory(PublishedFactory[Place]):
    """A sight of which only the name is known."""

    class Meta:
        model = Place

    name = factory.Sequence(lambda n: {"vi": f"Điểm tham quan {n}", "en": f"Sight {n}"})
    category = "sight"


class ArticleFactory(PublishedFactory[Article]):
    """An announcement to the whole town."""

    class Meta:
        model = Article

    kind = "announcement"
    title = factory.Sequence(lambda n: {"vi": f"Thông báo {n}", "en": f"Announcement {n}"})
    body = factory.LazyAttribute(lambda made: {"vi": "Nội dung.", "en": "Text."})


class BeachFactory(PublishedFactory[Beach]):
    """A zone of the beach."""

    class Meta:
        model = Beach

    name = factory.Sequence(lambda n: {"vi": f"Bãi tắm {n}", "en": f"Beach {n}"})


class ContactFactory(PublishedFactory[Contact]):
    """An office."""

    class Meta:
        model = Contact

    kind = "office"
    name = factory.Sequence(lambda n: {"vi": f"Cơ quan {n}", "en": f"Office {n}"})


class EventFactory(PublishedFactory[Event]):
    """A day in summer on which something happens."""

    class Meta:
        model = Event

    title = factory.Sequence(lambda n: {"vi": f"Sự kiện {n}", "en": f"Event {n}"})
    starts_on = date(2026, 7, 10)


def keep(session: Session, *content: Publishable) -> None:
    """Put *content* on file and into the index, as editors' acts do."""
    session.add_all(content)
    session.flush()
    for item in content:
        reindex(session, item)
    session.commit()
