"""Telling people of a report in an area they follow: when everybody may know of it, not sooner."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from backend.feedback.messages import followers
from backend.feedback.models import Report
from backend.feedback.nearby.following import MOST_RADIUS
from backend.feedback.nearby.jobs import PUBLISHED, RESOLVED, TELL
from backend.feedback.nearby.models import FollowedArea
from backend.feedback.publicity import is_shown
from backend.feedback.workflow import State
from content.on_map import box_around, square_distance
from content.store import Localized
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import find_term
from notifications import outbox
from notifications.audience import Audience
from notifications.devices import NEARBY, Device
from notifications.messages import announce, notify
from notifications.worker import Handler, Task

AT_ONCE = 1_000
"""Guests' devices that one message names."""

TITLE: Localized = {"vi": "Phản ánh ở khu vực bạn theo dõi", "en": "A report in an area you follow"}
TEXTS: dict[str, Localized] = {
    PUBLISHED: {
        "vi": "{category}: cán bộ đã xác nhận. Mã {code}.",
        "en": "{category}: confirmed by an officer. Code {code}.",
    },
    RESOLVED: {
        "vi": "{category}: đã được xử lý xong. Mã {code}.",
        "en": "{category}: resolved. Code {code}.",
    },
}


def handlers(delay: timedelta) -> dict[str, Handler]:
    """What the worker does so that people hear of reports near them.

    *delay* is how long after an officer confirmed it everybody finds a report.
    """
    return {TELL: lambda task: tell(task, delay)}


def tell(task: Task, delay: timedelta) -> None:
    """Tell of a report once it is public; one that is hidden or was none is forgotten."""
    now, what = task.clock(), task.payload["what"]
    with task.sessions.begin() as session:
        report = session.get(Report, uuid.UUID(task.payload["report_id"]))
        if report is not None and is_shown(report, now, delay):
            # Of one that was resolved before everybody could find it, the end alone is told.
            if (report.state is State.RESOLVED) == (what == RESOLVED):
                _tell(session, report, what, now)
        elif report is not None and report.confirmed_at is not None and not report.hidden:
            due = report.confirmed_at + delay
            outbox.enqueue(session, TELL, task.payload, now=now, due_at=due)
        task.done(session)


def _tell(session: Session, report: Report, what: str, now: datetime) -> None:
    citizens, devices = _who_follows(session, report)
    term = find_term(session, Vocabulary.REPORT, report.category)
    body = {
        language: text.format(
            category=in_language(term.name, language) if term else report.category,
            code=report.code,
        )
        for language, text in TEXTS[what].items()
    }
    # A report that was opened again may be resolved twice.
    since = f"-{report.closed_at:%Y%m%dT%H%M%S}" if what == RESOLVED and report.closed_at else ""
    key = f"nearby-{report.id}-{what}{since}"
    about = ("report", str(report.id))
    link = f"/reports/{report.code}"
    for citizen_id in citizens:
        notify(
            session, citizen_id, kind="nearby", topics=[NEARBY], title=TITLE, body=body,
            link=link, source=about, key=f"{key}-{citizen_id}", now=now,
        )  # fmt: skip
    for start in range(0, len(devices), AT_ONCE):
        audience = Audience(devices=devices[start : start + AT_ONCE])
        announce(
            session, kind="nearby", topics=[NEARBY], title=TITLE, body=body, link=link,
            source=about, audience=audience, key=f"{key}-{start}", now=now,
        )  # fmt: skip


def _who_follows(session: Session, report: Report) -> tuple[Sequence[uuid.UUID], Sequence[int]]:
    """The citizens, and the other devices, that follow where *report* is; each once.

    Not its reporter and those who said "me too": they are told of each step anyway.
    """
    here = []
    if report.quarter is not None:
        here.append(FollowedArea.quarter == report.quarter)
    if report.lat is not None and report.lng is not None:
        point = (report.lat, report.lng)
        west, south, east, north = box_around(point, MOST_RADIUS)
        here.append(
            and_(
                FollowedArea.lat.between(south, north),
                FollowedArea.lng.between(west, east),
                square_distance(FollowedArea, point) <= FollowedArea.radius * FollowedArea.radius,
            )
        )
    if not here:
        return [], []
    found = session.execute(
        select(
            FollowedArea.citizen_id, FollowedArea.device_id, Device.citizen_id.label("signed_in")
        )
        .outerjoin(Device, Device.id == FollowedArea.device_id)
        .where(or_(*here))
    ).all()
    told = {report.citizen_id, *followers(session, report.id)} - {None}
    citizens = {row.citizen_id for row in found if row.citizen_id} - told
    devices = {
        row.device_id
        for row in found
        if row.device_id is not None and row.signed_in not in citizens | told
    }
    return sorted(citizens), sorted(devices)
