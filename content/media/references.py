"""What content names of the library: by `media_id`, and in Markdown by `media:ID` or /media/ID/…"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.media.models import Kind, Media
from content.publishing.models import Publishable

_NAMED = re.compile(
    r"(?:\bmedia:|/media/)([0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12})", re.IGNORECASE
)

PICTURES = ("image", "images")
"""Fields that show pictures and no documents."""


def id_in(address: object) -> str | None:
    """The id of what *address* leads to in the library; None for any other address."""
    found = _NAMED.search(address) if isinstance(address, str) else None
    return found[1].lower() if found else None


def ids_in(value: Any) -> set[str]:
    """Every id that *value*, a field of content, names: a text, or lists and objects of them."""
    if isinstance(value, str):
        return {found.lower() for found in _NAMED.findall(value)} if "media" in value else set()
    if isinstance(value, Mapping):
        named = {value["media_id"]} if value.get("media_id") else set()
        return named.union(*(ids_in(inner) for inner in value.values()))
    if isinstance(value, list):
        return set().union(*(ids_in(inner) for inner in value))
    return set()


class NamesMedia(Protocol):
    """A piece of content, or what is listed of one."""

    names_media: ClassVar[tuple[str, ...]]


def ids_of(item: NamesMedia) -> set[str]:
    """Every id that *item* names, as far as its fields are loaded."""
    loaded = vars(item)  # a field that is not would cost a query
    named: set[str] = set()
    for name in item.names_media:
        if value := loaded.get(name):
            named |= ids_in(value)
    return named


def named(session: Session, ids: Iterable[str]) -> dict[str, Media]:
    """What the library has under *ids*, by id."""
    keys = [uuid.UUID(key) for key in ids]
    found = session.scalars(select(Media).where(Media.id.in_(keys))).all() if keys else ()
    return {str(item.id): item for item in found}


def check(session: Session, item: Publishable) -> None:
    """Raise Invalid where *item* names what the library has not, or a document as a picture."""
    wanted = {name: ids_in(getattr(item, name)) for name in item.names_media}
    found = named(session, set().union(*wanted.values()))
    wrong: dict[str, list[str]] = {}
    for field, ids in wanted.items():
        if not ids <= found.keys():
            wrong[field] = [N_("This names a file that is not in the library.")]
        elif field in PICTURES and any(found[key].kind != Kind.IMAGE for key in ids):
            wrong[field] = [N_("A document cannot be shown as a picture: attach it.")]
    if wrong:
        raise Invalid(wrong)
