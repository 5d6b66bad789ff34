"""Reports under any sequence of acts: no impossible state, a history that sums to the state."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from backend.accounts import staff
from backend.accounts.roles import Role
from backend.database import engine_for
from backend.feedback import acts, closing, handling, merging, watching
from backend.feedback.filing import file_report
from backend.feedback.models import Report
from backend.feedback.reading import events_of
from backend.feedback.workflow import CLOSED, MOVES, State, Who, moves_open_to
from content.errors import DomainError
from notifications.worker import work_off
from tests.conftest import TOWN_TIME, TurnableClock
from tests.factories.feedback import FilingFactory

WITHIN = timedelta(days=14)
WORDS = {"vi": "Xin cho biết thêm", "en": "Please say more"}
BEGIN = datetime(2026, 7, 1, 8, 0, tzinfo=TOWN_TIME)
states = st.sampled_from(State)


class Town(RuleBasedStateMachine):
    """Officers, reporters and the worker act as they like on a handful of reports."""

    sessions: sessionmaker[Session]
    officer: uuid.UUID

    reports = Bundle("reports")

    @initialize()
    def open(self) -> None:
        self.clock = TurnableClock(BEGIN)
        self.versions: dict[uuid.UUID, int] = {}

    def act(self, verb: Callable[[Session], Any]) -> bool:
        """Let *verb* act; False where it is refused, and then nothing has changed."""
        with self.sessions() as session:
            before = self.stand(session)
            try:
                verb(session)
            except DomainError:
                session.rollback()
                assert self.stand(session) == before
                return False
            session.commit()
            return True

    def stand(self, session: Session) -> list[tuple[Any, ...]]:
        """How each report of this run stands."""
        found = session.execute(
            select(Report.id, Report.status, Report.version, Report.expected_at)
            .where(Report.id.in_(self.versions))
            .order_by(Report.id)
        )
        return [tuple(row) for row in found]

    def grown(self, report_id: uuid.UUID) -> None:
        """The version is above what it was."""
        with self.sessions() as session:
            report = session.get_one(Report, report_id)
            assert report.version > self.versions[report_id]
            self.versions[report_id] = report.version

    @precondition(lambda self: len(self.versions) < 3)
    @rule(target=reports, category=st.sampled_from(["101", "202", "501"]))
    def file(self, category: str) -> uuid.UUID:
        with self.sessions.begin() as session:
            report, _ = file_report(
                session,
                FilingFactory(category=category),
                now=self.clock(),
                town_time=TOWN_TIME,
                source="app",
            )
            self.versions[report.id] = report.version
            return report.id

    @rule(report=reports, to=states, by=st.sampled_from(Who), reason=st.sampled_from(["", "Vì"]))
    def move(self, report: uuid.UUID, to: State, by: Who, reason: str) -> None:
        with self.sessions() as session:
            before = session.get_one(Report, report).state
        done = self.act(
            lambda session: handling.move(
                session, report, to, by=by, now=self.clock(), reason=reason
            )
        )
        known = MOVES.get((before, to))
        assert done == (
            known is not None and by in known.who and (bool(reason) or not known.needs_reason)
        )
        if done:
            self.grown(report)

    @rule(report=reports, data=st.data())
    def move_on(self, report: uuid.UUID, data: st.DataObject) -> None:
        """What the table allows, more often than chance would have it."""
        with self.sessions() as session:
            before = session.get_one(Report, report).state
        possible = [(to, by) for by in Who for to in moves_open_to(by, before)]
        if possible:
            to, by = data.draw(st.sampled_from(possible))
            self.move(report, to, by, "Vì")

    @rule(report=reports)
    def comment(self, report: uuid.UUID) -> None:
        if self.act(lambda session: handling.comment(session, report, "Đây", self.clock())):
            self.grown(report)

    @rule(report=reports, question=st.booleans())
    def speak(self, report: uuid.UUID, question: bool) -> None:
        verb = acts.ask if question else acts.reply
        if self.act(
            lambda session: verb(session, report, WORDS, staff_id=self.officer, now=self.clock())
        ):
            self.grown(report)

    @rule(report=reports)
    def assign(self, report: uuid.UUID) -> None:
        if self.act(
            lambda session: handling.assign(
                session,
                report,
                office=None,
                person=self.officer,
                staff_id=self.officer,
                now=self.clock(),
            )
        ):
            self.grown(report)

    @rule(report=reports, category=st.sampled_from(["101", "102", "501", "100"]))
    def recategorise(self, report: uuid.UUID, category: str) -> None:
        if self.act(
            lambda session: acts.recategorise(
                session, report, category, staff_id=self.officer, now=self.clock()
            )
        ):
            self.grown(report)

    @rule(report=reports, into=reports)
    def merge(self, report: uuid.UUID, into: uuid.UUID) -> None:
        if self.act(
            lambda session: merging.merge(
                session,
                report,
                into,
                reason="Cùng một việc",
                staff_id=self.officer,
                secret="a secret",
                now=self.clock(),
            )
        ):
            self.grown(report)
            self.grown(into)

    @rule(report=reports, rating=st.integers(1, 5))
    def rate(self, report: uuid.UUID, rating: int) -> None:
        self.act(
            lambda session: closing.rate(
                session, report, rating, "", now=self.clock(), within=WITHIN
            )
        )

    @rule(report=reports)
    def reopen(self, report: uuid.UUID) -> None:
        with self.sessions() as session:
            closed_at = session.get_one(Report, report).closed_at
        done = self.act(
            lambda session: closing.reopen(
                session, report, "Vẫn còn", now=self.clock(), within=WITHIN
            )
        )
        if done:
            assert closed_at is not None
            assert self.clock() <= closed_at + WITHIN

    @rule(hours=st.sampled_from([0.5, 7, 24, 24 * 15]))
    def wait(self, hours: float) -> None:
        self.clock.advance(hours=hours)

    @rule()
    def watch(self) -> None:
        with self.sessions.begin() as session:
            watching.plan(session, self.clock())
        work_off(self.sessions, watching.handlers(WITHIN), self.clock)

    @invariant()
    def every_report_is_in_order(self) -> None:
        with self.sessions() as session:
            for report_id, version in getattr(self, "versions", {}).items():
                report = session.get_one(Report, report_id)
                assert report.version >= version
                self.versions[report_id] = report.version
                self.check(session, report)

    def check(self, session: Session, report: Report) -> None:
        state = report.state
        moves = [event for event in events_of(session, report.id) if event.to_status]
        stood: str | None = None
        for event in moves:
            assert event.from_status == stood
            if stood is not None:
                assert (State(stood), State(event.to_status or "")) in MOVES
            stood = event.to_status
        assert stood == state
        assert [event.at for event in moves] == sorted(event.at for event in moves)
        assert (report.waiting_since is not None) == (state is State.WAITING_FOR_REPORTER)
        assert (report.closed_at is not None) == (state in CLOSED)
        assert report.unrated_since is None or state in closing.RATED
        assert report.alarm_at is None or (state not in CLOSED and report.waiting_since is None)
        assert report.clock_started_at <= report.acknowledge_by <= report.expected_at
        if report.duplicate_of_id is not None:
            assert state is State.DUPLICATE
            assert report.duplicate_of_id != report.id
        ratings = closing.ratings_of(session, report.id)
        assert len({given.closed_at for given in ratings}) == len(ratings)


def test_reports_stay_in_order_whatever_is_done_to_them(
    database_url: str, vocabularies: None
) -> None:
    engine = engine_for(database_url)
    sessions = sessionmaker(engine, expire_on_commit=False)
    with sessions.begin() as session:
        officer = staff.hire(
            session,
            email="life@example.org",
            name="Nguyễn Thị Mẫu",
            roles=[Role.OFFICER],
            password_hash=None,
            now=BEGIN,
        )
        Town.officer = officer.id
    Town.sessions = sessions
    run_state_machine_as_test(
        Town,
        settings=settings(
            max_examples=20,
            stateful_step_count=30,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    engine.dispose()
