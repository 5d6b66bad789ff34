"""Links in what editors write that lead to something the public does not see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.links import PATHS
from content.publishing import Publishable, kind_named, revisions

_PAGES = {
    kind: re.compile(re.escape(path).replace(r"\{slug\}", r"([\w-]+)"))
    for kind, path in PATHS.items()
    if path.endswith("/{slug}")
}


def warnings(session: Session, item: Publishable, now: datetime) -> list[str]:
    """A sentence for each link in the texts of *item* that leads nowhere at *now*."""
    text = "\n".join(_texts(revisions.values_of(item).values()))
    found = []
    for name, pattern in _PAGES.items():
        wanted = set(pattern.findall(text))
        if not wanted:
            continue
        kind = kind_named(name)
        seen = session.scalars(select(kind.slug).where(kind.slug.in_(wanted), kind.visible(now)))
        for slug in sorted(wanted - set(seen)):
            path = PATHS[name].format(slug=slug)
            found.append(_("The link to %(path)s leads to nothing that is published.", path=path))
    return found


def _texts(values: Iterable[Any]) -> Iterable[str]:
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            yield from _texts(value.values())
        elif isinstance(value, list):
            yield from _texts(value)
