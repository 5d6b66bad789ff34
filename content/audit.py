"""The audit: who did what to what, when, and what it was before and after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Index, Select, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.store import Base, RowId

if TYPE_CHECKING:
    from content.publishing.models import Edit  # whose package records its own acts here


class AuditEntry(Base):
    """One act. *before* and *after* hold the fields that it changed; lines are never changed."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_subject", "type", "item_id", "id"),
        Index("ix_audit_entry_made_by", "made_by", "id"),
    )

    id: Mapped[RowId]
    made_at: Mapped[datetime]
    made_by: Mapped[str]
    act: Mapped[str]
    type: Mapped[str]
    item_id: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    note: Mapped[str] = mapped_column(default="")


def record(
    session: Session,
    edit: Edit,
    *,
    act: str,
    subject: tuple[str, str],
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    note: str = "",
) -> None:
    """Put on file that *edit.by* did *act* to *subject*, a type and an id, in the same transaction.

    *before* and *after* are values ready for JSON; what is equal in both is left out.
    """
    old, new = dict(before or {}), dict(after or {})
    changed = [name for name in {*old, *new} if old.get(name) != new.get(name)]
    session.add(
        AuditEntry(
            made_at=edit.now,
            made_by=edit.by,
            act=act,
            type=subject[0],
            item_id=subject[1],
            before={name: old[name] for name in sorted(changed) if name in old},
            after={name: new[name] for name in sorted(changed) if name in new},
            note=note,
        )
    )


def entries(
    *,
    kind: str | None = None,
    item_id: str | None = None,
    by: str | None = None,
    act: str | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
) -> Select[AuditEntry]:
    """Select the lines of the audit that fit; what is None is not asked."""
    statement = select(AuditEntry)
    asked = {
        AuditEntry.type: kind,
        AuditEntry.item_id: item_id,
        AuditEntry.made_by: by,
        AuditEntry.act: act,
    }
    for column, value in asked.items():
        if value is not None:
            statement = statement.where(column == value)
    if since is not None:
        statement = statement.where(AuditEntry.made_at >= since)
    if until is not None:
        statement = statement.where(AuditEntry.made_at < until)
    return statement
