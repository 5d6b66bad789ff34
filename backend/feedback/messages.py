"""What the reporter is told at each step: a code and a link, nothing personal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.models import Report, ReportConfirmation, ReportEvent
from backend.feedback.workflow import State
from content.store import Localized
from content.text import in_language
from notifications.devices import REPORTS
from notifications.messages import notify

TITLE: Localized = {"vi": "Phản ánh {code}", "en": "Report {code}"}

TEXTS: dict[State, Localized] = {
    State.RECEIVED: {
        "vi": "Phản ánh đã được tiếp nhận. Cảm ơn bạn.",
        "en": "Your report has been received. Thank you.",
    },
    State.VERIFIED: {
        "vi": "Phản ánh đã được xác minh.",
        "en": "Your report has been verified.",
    },
    State.ASSIGNED: {
        "vi": "Phản ánh đã được chuyển đến đơn vị xử lý.",
        "en": "Your report has been passed on to the office in charge.",
    },
    State.IN_PROGRESS: {
        "vi": "Phản ánh đang được xử lý.",
        "en": "Your report is being worked on.",
    },
    State.WAITING_FOR_REPORTER: {
        "vi": "Cán bộ cần bạn bổ sung thông tin.",
        "en": "The office needs more information from you.",
    },
    State.RESOLVED: {
        "vi": "Phản ánh đã được xử lý xong. Mời bạn mở để đánh giá.",
        "en": "Your report has been resolved. Open it to rate the result.",
    },
    State.REJECTED: {
        "vi": "Phản ánh không được tiếp nhận xử lý. Mở để xem lý do.",
        "en": "Your report has been rejected. Open it to read why.",
    },
    State.WITHDRAWN: {
        "vi": "Bạn đã rút phản ánh.",
        "en": "You have withdrawn your report.",
    },
    State.DUPLICATE: {
        "vi": "Việc này đã được phản ánh trước đó và đang được theo dõi.",
        "en": "This was reported before and is being followed there.",
    },
    State.REOPENED: {
        "vi": "Phản ánh đã được mở lại.",
        "en": "Your report has been opened again.",
    },
}


REPLIED: Localized = {
    "vi": "Cán bộ đã trả lời phản ánh của bạn.",
    "en": "The office has replied to your report.",
}

RECATEGORISED: Localized = {
    "vi": "Phản ánh được xếp vào lĩnh vực “{category}”. Mở để xem hạn trả lời.",
    "en": "Your report is now filed under “{category}”. Open it to see by when it is promised.",
}

FOLLOWERS_TEXTS: dict[State, Localized] = {
    State.RESOLVED: {
        "vi": "Phản ánh đã được xử lý xong.",
        "en": "The report has been resolved.",
    },
    State.WAITING_FOR_REPORTER: {
        "vi": "Phản ánh đang chờ bổ sung thông tin.",
        "en": "The report waits for more information.",
    },
    State.WITHDRAWN: {
        "vi": "Phản ánh đã được người gửi rút lại.",
        "en": "The report was withdrawn by the person who sent it.",
    },
    **{
        state: TEXTS[state]
        for state in (
            State.VERIFIED, State.ASSIGNED, State.IN_PROGRESS,
            State.REJECTED, State.DUPLICATE, State.REOPENED,
        )
    },
}  # fmt: skip


def tell_reporter(session: Session, report: Report, event: ReportEvent, now: datetime) -> None:
    """Tell the citizen who filed *report* what *event* made of it; a guest follows the code.

    Those who said "me too" are told as well, in words that do not take them for the reporter.
    """
    if event.to_status is None:
        return
    state = State(event.to_status)
    if report.citizen_id is not None:
        _tell(session, report, report.citizen_id, TEXTS[state], f"report-event-{event.id}", now)
    if state not in FOLLOWERS_TEXTS:
        return
    for citizen_id in followers(session, report.id):
        key = f"report-event-{event.id}-{citizen_id}"
        _tell(session, report, citizen_id, FOLLOWERS_TEXTS[state], key, now)


def tell_of_reply(session: Session, report: Report, event: ReportEvent, now: datetime) -> None:
    """Tell the citizen who filed *report* that the office has replied to it."""
    if report.citizen_id is not None:
        _tell(session, report, report.citizen_id, REPLIED, f"report-event-{event.id}", now)


def tell_of_category(
    session: Session, report: Report, category: Localized, event: ReportEvent, now: datetime
) -> None:
    """Tell the citizen who filed *report* that it is filed under *category* now."""
    if report.citizen_id is not None:
        body = {
            language: text.format(category=in_language(category, language))
            for language, text in RECATEGORISED.items()
        }
        _tell(session, report, report.citizen_id, body, f"report-event-{event.id}", now)


def followers(session: Session, report_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """The citizens who said "me too"."""
    found = select(ReportConfirmation.citizen_id).where(
        ReportConfirmation.report_id == report_id, ReportConfirmation.citizen_id.is_not(None)
    )
    return [citizen for citizen in session.scalars(found) if citizen]


def _tell(
    session: Session,
    report: Report,
    citizen_id: uuid.UUID,
    body: Localized,
    key: str,
    now: datetime,
) -> None:
    notify(
        session,
        citizen_id,
        kind="report",
        topics=[REPORTS],
        title={language: text.format(code=report.code) for language, text in TITLE.items()},
        body=body,
        link=f"/reports/{report.code}",
        source=("report", str(report.id)),
        key=key,
        now=now,
    )
