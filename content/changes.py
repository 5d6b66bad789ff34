"""The count of changes to what the public sees, kept by the database itself.

Triggers raise one number with every change of a row, whoever writes it. Readers keep answers
by that number, and clients that were away ask for what has changed since theirs. The number's
row stays locked until a change commits, so numbers come true in their order.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import BigInteger, Connection, Table, func, select, text, union_all
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.publishing import kinds
from content.publishing.acts import put_in_force
from content.publishing.models import Publishable
from content.store import Base, table_of

SEEN = {"seen": True}
"""Goes into `info` of a table that is no Publishable's but that the public sees."""


class ContentVersion(Base):
    """One row: how many changes there have been."""

    __tablename__ = "content_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger)


class ContentChange(Base):
    """The last change of each piece of content, also of one that is gone."""

    __tablename__ = "content_change"

    type: Mapped[str] = mapped_column(primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, index=True)


ASK_VERSION = "SELECT number FROM content_version"
"""For the driver itself: it is asked more often than anything else."""


CURRENT = select(table_of(ContentVersion).c.number).scalar_subquery()
"""The number of changes, as a part of another question."""


def version(session: Session) -> int:
    """How many changes there have been to what the public sees."""
    return session.connection().exec_driver_sql(ASK_VERSION).scalar() or 0


def next_turn(session: Session, now: datetime) -> datetime | None:
    """The next moment at which something appears, expires or changes by the clock alone."""
    moments = [
        select(func.min(column).label("moment")).where(column > now)
        for kind in kinds()
        for column in (kind.published_at, kind.expires_at)
    ]
    moments += [select(func.min(kind.due_at).label("moment")) for kind in kinds()]
    every = union_all(*moments).subquery()
    soonest: datetime | None = session.scalar(select(func.min(every.c.moment)))
    return soonest


def put_due_in_force(session: Session, now: datetime) -> int:
    """Show every change that was scheduled for *now* or before. Answers how many."""
    due = [
        item
        for kind in kinds()
        for item in session.scalars(select(kind).where(kind.due_at <= now)).all()
    ]
    for item in sorted(due, key=lambda item: (item.due_at or now, str(item.id))):
        put_in_force(session, item)
    return len(due)


def install(connection: Connection) -> None:
    """Let the database count: make the triggers anew for every table that the public sees."""
    if connection.scalar(select(ContentVersion.id)) is None:
        connection.execute(ContentVersion.__table__.insert().values(id=1, number=1))  # type: ignore[attr-defined]
    if connection.dialect.name == "postgresql":
        connection.execute(text(COUNT_ON_POSTGRESQL))
    for table, kind in seen_tables():
        statements = (
            _on_postgresql(table, kind)
            if connection.dialect.name == "postgresql"
            else _on_sqlite(table, kind)
        )
        for statement in statements:
            connection.execute(text(statement))


def seen_tables() -> Iterable[tuple[Table, type[Publishable] | None]]:
    """The tables whose changes count, each with the kind of content it holds, if it holds one."""
    published = {kind.__tablename__: kind for kind in kinds()}  # type: ignore[attr-defined]
    for table in Base.metadata.sorted_tables:
        if table.name in published or table.info.get("seen"):
            yield table, published.get(table.name)


COUNT_ON_POSTGRESQL = """
CREATE OR REPLACE FUNCTION count_content_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    changed bigint;
BEGIN
    UPDATE content_version SET number = number + 1 RETURNING number INTO changed;
    IF TG_NARGS > 0 THEN
        INSERT INTO content_change (type, item_id, number)
        VALUES (TG_ARGV[0], CASE TG_OP WHEN 'DELETE' THEN OLD.id ELSE NEW.id END, changed)
        ON CONFLICT (type, item_id) DO UPDATE SET number = excluded.number;
    END IF;
    RETURN NULL;
END $$
"""

NOTE_ON_SQLITE = """
INSERT INTO content_change (type, item_id, number)
SELECT '{type}', {row}.id, number FROM content_version WHERE true
ON CONFLICT (type, item_id) DO UPDATE SET number = excluded.number;
"""


def _on_postgresql(table: Table, kind: type[Publishable] | None) -> Iterable[str]:
    argument = f"'{kind.search_type}'" if kind else ""
    yield f"DROP TRIGGER IF EXISTS {table.name}_counts ON {table.name}"
    yield (
        f"CREATE TRIGGER {table.name}_counts AFTER INSERT OR UPDATE OR DELETE ON {table.name} "
        f"FOR EACH ROW EXECUTE FUNCTION count_content_change({argument})"
    )


def _on_sqlite(table: Table, kind: type[Publishable] | None) -> Iterable[str]:
    for event, row in (("insert", "new"), ("update", "new"), ("delete", "old")):
        name = f"{table.name}_counts_{event}"
        count = "UPDATE content_version SET number = number + 1;"
        note = NOTE_ON_SQLITE.format(type=kind.search_type, row=row) if kind else ""
        yield f"DROP TRIGGER IF EXISTS {name}"
        yield f"CREATE TRIGGER {name} AFTER {event} ON {table.name} BEGIN {count} {note} END"
