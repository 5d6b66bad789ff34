"""Finding content by its id or its address."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from content.errors import N_, Conflict, NotFound
from content.publishing.models import Publishable
from content.store import Base
from content.text import slugify

Content = TypeVar("Content", bound=Publishable)


def kinds() -> Sequence[type[Publishable]]:
    """Every kind of published content, in the order of their names."""
    mapped = {mapper.class_ for mapper in Base.registry.mappers}
    found = [kind for kind in mapped if issubclass(kind, Publishable)]
    return sorted(found, key=lambda kind: kind.search_type)


def kind_named(search_type: str) -> type[Publishable]:
    """The kind of content that goes by *search_type*. Raises NotFound."""
    for kind in kinds():
        if kind.search_type == search_type:
            return kind
    raise NotFound(N_("There is nothing named %(name)s here."), name=search_type)


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


def refuse_taken(session: Session, item: Publishable, slug: str) -> None:
    """Raise Conflict where something else of *item*'s kind has the address *slug*."""
    kind = type(item)
    holder = session.scalar(select(kind.id).where(kind.slug == slug))
    if holder is not None and holder != item.id:
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
