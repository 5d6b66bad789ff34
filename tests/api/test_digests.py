"""The morning mail to staff: who wants it is told what waits, once, where something does."""

from __future__ import annotations

import smtplib
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from backend import digests
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.settings import Settings
from notifications import worker
from notifications.mail import SmtpMailer
from tests.conftest import TurnableClock
from tests.fakes.smtp import FakeSmtp


@pytest.fixture
def smtp() -> Iterator[FakeSmtp]:
    with FakeSmtp() as smtp:
        yield smtp


@pytest.fixture
def work(
    app: Flask, settings: Settings, smtp: FakeSmtp, clock: TurnableClock, session: Session
) -> Callable[[], int]:
    given = replace(settings, smtp_url=smtp.url, mail_from="Cửa Lò <noreply@example.org>")
    digests.plan(session, clock(), settings.timezone)
    session.commit()
    handlers = digests.handlers(given)
    return lambda: worker.work_off(app.extensions["sessions"], handlers, clock)


def hire(session: Session, clock: TurnableClock, name: str, role: Role, *, wants: bool) -> None:
    account = staff.hire(
        session,
        email=f"{name}@example.org",
        name=name,
        roles=[role],
        password_hash=None,
        now=clock(),
    )
    session.flush()
    digests.want(session, account, clock(), wanted=wants)
    session.commit()


def hand_in(app: Flask, as_staff: Callable[..., dict[str, str]]) -> None:
    headers, client = as_staff(Role.EDITOR), app.test_client()
    article = {"kind": "news", "title": {"vi": "Tin chờ duyệt"}, "body": {"vi": "Nội dung."}}
    made = client.post("/api/v1/staff/articles", json=article, headers=headers)
    assert made.status_code == 201, made.json
    handed = client.post(f"/api/v1/staff/articles/{made.json['id']}/submit", headers=headers)
    assert handed.status_code == 200, handed.json


def test_who_wants_it_is_told_in_the_morning_what_waits(
    app: Flask,
    session: Session,
    clock: TurnableClock,
    smtp: FakeSmtp,
    work: Callable[[], int],
    as_staff: Callable[..., dict[str, str]],
) -> None:
    hire(session, clock, "lan", Role.EDITOR, wants=True)
    hire(session, clock, "minh", Role.EDITOR, wants=False)
    hire(session, clock, "cuu-ho", Role.LIFEGUARD, wants=True)  # may approve nothing
    hand_in(app, as_staff)
    assert work() == 0  # it is eight: the next morning

    clock.advance(hours=23)
    smtp.refuses = True
    work()
    assert not smtp.mails
    smtp.refuses = False
    clock.advance(minutes=1)
    work()
    work()

    [mail] = smtp.mails
    assert mail["To"] == "lan@example.org"
    assert mail["Subject"] == "Việc cần xử lý ngày 02/07/2026"
    assert "Nội dung chờ duyệt: 1" in mail.get_content()
    assert "Tin chờ duyệt" not in mail.get_content()
    clock.advance(days=1)
    work()
    assert len(smtp.mails) == 2
    assert smtp.mails[0]["Message-ID"] != smtp.mails[1]["Message-ID"]


def test_the_command_turns_it_on_and_off(
    app: Flask, session: Session, clock: TurnableClock
) -> None:
    hire(session, clock, "lan", Role.EDITOR, wants=False)
    run = app.test_cli_runner().invoke

    on = run(args=["staff", "digest", "lan@example.org"]).output
    assert "has the daily mail" in on
    assert "SMTP_URL" in on
    assert session.query(digests.StaffDigest).count() == 1
    run(args=["staff", "digest", "lan@example.org", "--off"])
    session.rollback()
    assert session.query(digests.StaffDigest).count() == 0


def test_a_password_is_never_said_without_tls(smtp: FakeSmtp) -> None:
    url = smtp.url.replace("smtp://", "smtp://town:secret@")

    with pytest.raises(smtplib.SMTPNotSupportedError):
        SmtpMailer(url, "noreply@example.org").send("a@example.org", "s", "t", message_id="1")
    assert not smtp.mails
