"""The daily mail to members of staff who want it: what waits for approval, what is late."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from backend.accounts.employees import Staff
from backend.accounts.models import StaffAccount
from backend.accounts.roles import Permission, Role
from backend.feedback.models import Report
from backend.feedback.reach import reach_of
from backend.settings import Settings
from content.publishing import State
from content.publishing.finding import kinds
from content.store import Base, insert_into
from notifications import outbox
from notifications.mail import Mailer, SmtpMailer
from notifications.worker import Handler, Task

DAILY, MAIL = "digests.daily", "digests.mail"
AT = time(7)
"""When the mail goes out, in the town's time."""

DAY = timedelta(days=1)

SUBJECT = "Việc cần xử lý ngày {day:%d/%m/%Y}"
LINES = {
    "waiting": "Nội dung chờ duyệt: {count} – {url}/console/",
    "late": "Phản ánh đã quá hạn trả lời: {count} – {url}/console/",
}
GREETING = "Kính gửi {name},\n\nĐến sáng nay còn những việc sau cần xử lý:\n\n"
FAREWELL = (
    "\n\nThư này được gửi tự động mỗi sáng khi còn việc. "
    "Để thôi nhận, xin báo người quản trị hệ thống.\n"
)


class StaffDigest(Base):
    """That a member of staff wants the daily mail."""

    __tablename__ = "staff_digest"

    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(StaffAccount.id, ondelete="CASCADE"), primary_key=True
    )
    since: Mapped[datetime]


def want(session: Session, account: StaffAccount, now: datetime, *, wanted: bool) -> None:
    """Send the daily mail to *account* from now on, or no more."""
    if wanted:
        statement = insert_into(session, StaffDigest).values(staff_id=account.id, since=now)
        session.execute(statement.on_conflict_do_nothing())
    else:
        session.execute(delete(StaffDigest).where(StaffDigest.staff_id == account.id))


def is_on(settings: Settings) -> bool:
    """Whether the town has set up a way for mail."""
    return bool(settings.smtp_url and settings.mail_from)


def handlers(settings: Settings, mailer: Mailer | None = None) -> dict[str, Handler]:
    """What a worker needs to send the daily mails; nothing where there is no way for mail."""
    if mailer is None and settings.smtp_url and settings.mail_from:
        mailer = SmtpMailer(settings.smtp_url, settings.mail_from)
    if mailer is None:
        return {}
    way = mailer
    return {
        DAILY: lambda task: begin(task, settings.timezone),
        MAIL: lambda task: mail(task, way, settings.public_url),
    }


def plan(session: Session, now: datetime, timezone: ZoneInfo) -> None:
    """Put the next morning's mails in the queue, once however often it is asked for."""
    local = now.astimezone(timezone)
    day = local.date() + (DAY if local.time() >= AT else timedelta(0))
    outbox.enqueue(
        session,
        DAILY,
        {"day": day.isoformat()},
        now=now,
        due_at=datetime.combine(day, AT, tzinfo=timezone),
        key=f"{DAILY}:{day}",
    )


def begin(task: Task, timezone: ZoneInfo) -> None:
    """Queue a mail to everybody who wants one, and the next morning's."""
    now, day = task.clock(), task.payload["day"]
    wanted = select(StaffDigest.staff_id).join(StaffAccount).where(StaffAccount.active)
    with task.sessions.begin() as session:
        for staff_id in session.scalars(wanted):
            payload = {"staff_id": str(staff_id), "day": day}
            outbox.enqueue(session, MAIL, payload, now=now, key=f"{MAIL}:{day}:{staff_id}")
        plan(session, now, timezone)
        task.done(session)


def mail(task: Task, mailer: Mailer, url: str) -> None:
    """Send one person what there is to do; nothing where there is nothing."""
    with task.sessions() as session:
        account = session.get(StaffAccount, uuid.UUID(task.payload["staff_id"]))
        if account is None or not account.active:
            return
        counts = to_do(session, account, task.clock())
        name, address = account.name, account.email
    lines = [
        "- " + line.format(count=counts[part], url=url)
        for part, line in LINES.items()
        if counts[part]
    ]
    if lines:
        day = date.fromisoformat(task.payload["day"])
        text = GREETING.format(name=name) + "\n".join(lines) + FAREWELL
        key = f"digest.{day}.{task.payload['staff_id']}"
        mailer.send(address, SUBJECT.format(day=day), text, message_id=key)


def to_do(session: Session, account: StaffAccount, now: datetime) -> dict[str, int]:
    """How much waits for *account*, by what the person may do: numbers, and nobody's data."""
    person = Staff(
        account.id,
        account.email,
        account.name,
        frozenset(Role(name) for name in account.role_names),
    )
    return {
        "waiting": _waiting(session) if person.may(Permission.PUBLISH_CONTENT) else 0,
        "late": _late(session, person, now) if person.may(Permission.READ_REPORTS) else 0,
    }


def _waiting(session: Session) -> int:
    return sum(
        session.scalar(
            select(func.count())
            .select_from(kind)
            .where(or_(kind.stage == State.REVIEW, kind.state == State.REVIEW))
        )
        or 0
        for kind in kinds()
    )


def _late(session: Session, person: Staff, now: datetime) -> int:
    sees_all = person.may(Permission.READ_ALL_REPORTS)
    reach = reach_of(session, person.id, sees_all=sees_all)
    late = (
        Report.closed_at.is_(None),
        Report.expected_at < now,
        Report.waiting_since.is_(None),
    )
    return session.scalar(select(func.count(Report.id)).where(*late, reach.clause())) or 0
