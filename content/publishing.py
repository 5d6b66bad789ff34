"""What all published content shares: states, visibility at a moment, revisions, addresses."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column
from sqlalchemy.orm.exc import StaleDataError

from content import search
from content.errors import N_, Conflict, Invalid, NotFound
from content.store import Edited, Key, Localized
from content.text import slugify


class State(StrEnum):
    """Where a piece of content stands."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Publishable(Edited):
    """Content that the public sees while it is published and within its time.

    Whether it is visible is computed when it is read, so no job has to run for something to
    appear or to expire. *revision* counts the changes; a change that was made on the ground of
    an older revision is refused.
    """

    search_type: ClassVar[str]

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=State.DRAFT, index=True)
    published_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    is_sample: Mapped[bool] = mapped_column(default=False, index=True)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    revision: Mapped[int]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a class is what it is given
        return {"version_id_col": cls.revision}

    @property
    def heading(self) -> Localized:
        """The name or title of this piece, by language."""
        raise NotImplementedError

    def searchable(self, language: str) -> search.Searchable:
        """What search finds this piece by, in *language*."""
        raise NotImplementedError

    def is_visible(self, now: datetime) -> bool:
        """Whether the public sees this at *now*."""
        return (
            self.state == State.PUBLISHED
            and self.published_at is not None
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    @classmethod
    def visible(cls, now: datetime) -> ColumnElement[bool]:
        """The condition of `is_visible`, for a query."""
        return and_(
            cls.state == State.PUBLISHED,
            cls.published_at <= now,
            or_(cls.expires_at.is_(None), cls.expires_at > now),
        )


Content = TypeVar("Content", bound=Publishable)

STALE = N_("Somebody else has changed this in the meantime. Read it again, then change it.")


@dataclass(frozen=True)
class Edit:
    """Who changes content, and when."""

    by: str
    now: datetime


def find(session: Session, kind: type[Content], key: str) -> Content:
    """The *kind* of content with the id or slug *key*, in whatever state. Raises NotFound."""
    found = session.scalar(select(kind).where(_named(kind, key))) if key.isprintable() else None
    if found is None:
        raise NotFound(N_("There is nothing named %(name)s here."), name=key)
    return found


def find_visible(session: Session, kind: type[Content], key: str, now: datetime) -> Content:
    """What `find` finds, if the public sees it at *now*. Raises NotFound."""
    found = find(session, kind, key)
    if not found.is_visible(now):
        raise NotFound(N_("There is nothing named %(name)s here."), name=key)
    return found


def _named(kind: type[Publishable], key: str) -> ColumnElement[bool]:
    try:
        return kind.id == uuid.UUID(key)
    except ValueError:
        return kind.slug == key


def create(session: Session, item: Content, edit: Edit, *, slug: str | None = None) -> Content:
    """Put the new *item* on file as a draft, under *slug* or one made from its heading.

    Raises Conflict where *slug* is taken.
    """
    kind = type(item)
    if slug:
        _refuse_taken(session, kind, slug)
    item.slug = slug or free_slug(session, kind, item.heading["vi"])
    item.created_at = item.updated_at = edit.now
    item.changed_by = edit.by
    session.add(item)
    session.flush()
    return item


def _refuse_taken(session: Session, kind: type[Publishable], slug: str) -> None:
    if session.scalar(select(kind.id).where(kind.slug == slug)):
        raise Conflict(N_("The address %(slug)s is taken."), slug=slug)


def free_slug(session: Session, kind: type[Publishable], text: str) -> str:
    """An address for *text* that nothing else of its *kind* has."""
    wanted = slugify(text) or kind.search_type
    taken = set(session.scalars(select(kind.slug).where(kind.slug.startswith(wanted))))
    free = wanted
    number = 2
    while free in taken:
        free = f"{wanted}-{number}"
        number += 1
    return free


def revise(
    session: Session,
    item: Publishable,
    changes: Mapping[str, Any],
    edit: Edit,
    *,
    revision: int | None = None,
) -> None:
    """Set the attributes in *changes*; the public sees them at once if *item* is published.

    Raises Conflict when *revision*, where given, is not the present one: somebody else has
    changed the item since the editor read it; or when a new slug is taken.
    """
    if revision is not None and revision != item.revision:
        raise Conflict(STALE)
    if changes.get("slug", item.slug) != item.slug:
        _refuse_taken(session, type(item), changes["slug"])
    for name, value in changes.items():
        setattr(item, name, value)
    _touch(session, item, edit)


def publish(session: Session, item: Publishable, edit: Edit) -> None:
    """Show *item* to the public from now on; nothing changes if it is shown already.

    Raises Invalid when its time is over.
    """
    if item.state == State.PUBLISHED:
        return
    if item.expires_at and item.expires_at <= edit.now:
        raise Invalid({"expires_at": [N_("It would expire before anybody sees it.")]})
    item.state = State.PUBLISHED
    item.published_at = edit.now
    _touch(session, item, edit)


def unpublish(session: Session, item: Publishable, edit: Edit) -> None:
    """Take *item* back to a draft. Raises Conflict when it is not published."""
    if item.state != State.PUBLISHED:
        raise Conflict(N_("It is not published."))
    item.state = State.DRAFT
    _touch(session, item, edit)


def archive(session: Session, item: Publishable, edit: Edit) -> None:
    """Put *item* away: the public does not see it, editors find it in the archive."""
    item.state = State.ARCHIVED
    _touch(session, item, edit)


def _touch(session: Session, item: Publishable, edit: Edit) -> None:
    item.updated_at = edit.now
    item.changed_by = edit.by
    try:
        session.flush()
    except StaleDataError:
        raise Conflict(STALE) from None
    reindex(session, item)


def reindex(session: Session, item: Publishable) -> None:
    """Let search find *item* as it is now, or not at all when it is not published."""
    search.forget(session, item.search_type, item.id)
    if item.state == State.PUBLISHED and item.published_at:
        for language in item.heading:
            search.index(
                session,
                search.Entry(
                    type=item.search_type,
                    item_id=item.id,
                    slug=item.slug,
                    language=language,
                    texts=item.searchable(language),
                    visible_from=item.published_at,
                    visible_until=item.expires_at,
                    updated_at=item.updated_at,
                ),
            )
