"""The names of members of staff, for pages that say who did something."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import StaffAccount


def names(session: Session, ids: Collection[str]) -> dict[str, str]:
    """The name of each of the accounts *ids*, also of those that are closed, by its id."""
    known = [made for text in ids if (made := _uuid(text))]
    rows = session.execute(
        select(StaffAccount.id, StaffAccount.name).where(StaffAccount.id.in_(known))
    )
    return {str(key): name for key, name in rows}


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
