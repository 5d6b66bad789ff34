"""Keeping tide tables, and reading what they say of a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from sqlalchemy import delete, func, insert, or_, select
from sqlalchemy.orm import Session

from content import audit, town
from content.errors import N_, NotFound
from content.publishing import Edit
from content.tides.models import Tide
from content.tides.table import Row, read_table

AHEAD = timedelta(days=2)
"""How far ahead the next tide is looked for; where tides are diurnal it is a day away."""


@dataclass(frozen=True)
class Span:
    """How many tides of a station, from when to when; *replaced* ones were there before."""

    station: str
    count: int
    first: datetime
    last: datetime
    replaced: int = 0


def import_tides(session: Session, data: bytes, edit: Edit, *, dry_run: bool) -> list[Span]:
    """Put the tide table in *data* on file, unless *dry_run*. Answers what it holds, by station.

    It replaces whatever is known of a station between its first and last moment there, so that
    a corrected table leaves no trace of the old one. Raises Invalid that names every bad line;
    then nothing is written.
    """
    spans = []
    for station, group in groupby(read_table(data), key=lambda row: row.station):
        rows = list(group)
        known = (Tide.station == station) & Tide.at.between(rows[0].at, rows[-1].at)
        replaced = session.scalar(select(func.count()).select_from(Tide).where(known)) or 0
        spans.append(Span(station, len(rows), rows[0].at, rows[-1].at, replaced))
        if not dry_run:
            session.execute(delete(Tide).where(known))
            session.execute(insert(Tide), [_values(row, edit) for row in rows])
            written = {"from": rows[0].at.isoformat(), "to": rows[-1].at.isoformat()}
            _record(session, "import", station, edit, written | {"count": len(rows)})
    return spans


def _values(row: Row, edit: Edit) -> dict[str, object]:
    return {
        "station": row.station,
        "at": row.at,
        "height_m": row.height_m,
        "kind": row.kind,
        "made_by": edit.by,
        "created_at": edit.now,
    }


def stations(session: Session) -> list[Span]:
    """Of which stations tides are known, and from when to when."""
    statement = (
        select(Tide.station, func.count(), func.min(Tide.at), func.max(Tide.at))
        .group_by(Tide.station)
        .order_by(Tide.station)
    )
    return [Span(*row) for row in session.execute(statement)]


def remove_station(session: Session, station: str, edit: Edit) -> None:
    """Remove every tide of *station*. Raises NotFound where none is known."""
    found = session.scalars(select(Tide).where(Tide.station == station).limit(1)).first()
    if found is None:
        raise NotFound(N_("There is nothing named %(name)s here."), name=station)
    session.execute(delete(Tide).where(Tide.station == station))
    _record(session, "remove", station, edit, {})


def _record(session: Session, act: str, station: str, edit: Edit, after: dict[str, object]) -> None:
    subject = ("tide", station)
    audit.record(session, edit, act=act, subject=subject, after=after)


def tides_around(session: Session, now: datetime) -> Sequence[Tide]:
    """The tides of the day of *now*, and the next high and the next low of each station."""
    local = now.astimezone(town.TIME)
    dawn = datetime.combine(local.date(), time(), town.TIME)
    midnight = dawn + timedelta(days=1)
    order = func.row_number().over(
        partition_by=(Tide.station, Tide.kind, Tide.at > now), order_by=Tide.at
    )
    near = (
        select(Tide.id, order.label("nth")).where(Tide.at >= dawn, Tide.at < now + AHEAD).subquery()
    )
    is_next = (near.c.nth == 1) & (Tide.at > now)
    return session.scalars(
        select(Tide)
        .join(near, near.c.id == Tide.id)
        .where(or_(Tide.at < midnight, is_next))
        .order_by(Tide.at, Tide.station)
    ).all()
