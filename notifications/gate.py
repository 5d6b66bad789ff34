"""What all senders share about the push service: its pace, and whether it takes anything now.

It is one row. The pace is leased by the chunk, not by the message. When the service refuses
everything the gate shuts; after a while one sender tries one message, and the answer opens the
gate or keeps it shut for longer.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import BigInteger, case, func, literal, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column, sessionmaker

from content.store import Base, Clock, insert_into
from notifications.gateway import Action, Outcome

NAME = "push"
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=1), timedelta(seconds=20)
"""How long the gate stays shut before one message is tried, at first and at last."""

REFUSALS, FAILURES = 3, 20
"""So many in a row, with nothing accepted between, shut the gate: refusals of our credentials;
answers that never came, errors of the service, addresses that belong to another sender."""

PER_ADDRESS = {"SENDER_ID_MISMATCH"}
"""Refusals that may be one address's fault: a phone may have come from another project."""

LARGEST_CHUNK = 500
MICROSECOND = timedelta(microseconds=1)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Gate(Base):
    """The one row. `paced_until` counts microseconds: until then the pace is spoken for."""

    __tablename__ = "push_gate"

    name: Mapped[str] = mapped_column(primary_key=True)
    paced_until: Mapped[int] = mapped_column(BigInteger)
    shut_until: Mapped[datetime | None]
    shut_since: Mapped[datetime | None]
    reason: Mapped[str | None]
    alarm: Mapped[bool]
    tries: Mapped[int]


@dataclass(frozen=True)
class Shut:
    """That the gate is shut: since when, why, and whether somebody has to mend our set-up."""

    since: datetime
    until: datetime
    reason: str
    alarm: bool


def shut(session: Session) -> Shut | None:
    """Why nothing goes out at this moment; None when it does."""
    row = session.execute(
        select(Gate.shut_since, Gate.shut_until, Gate.reason, Gate.alarm).where(
            Gate.name == NAME, Gate.shut_until.is_not(None)
        )
    ).one_or_none()
    return Shut(row.shut_since, row.shut_until, row.reason, row.alarm) if row else None


def close(session: Session, reason: str, now: datetime, *, alarm: bool, after: timedelta) -> None:
    """Shut the gate for the usual wait, or for *after* where the service asked for longer."""
    _ensure(session)
    session.execute(
        update(Gate)
        .where(Gate.name == NAME, or_(Gate.shut_until.is_(None), Gate.shut_until <= now))
        .values(
            shut_until=now + max(FIRST_WAIT, after),
            shut_since=func.coalesce(Gate.shut_since, literal(now, Gate.shut_since.type)),
            reason=reason[:200],
            alarm=alarm,
            tries=0,
        )
    )


def claim_trial(session: Session, now: datetime) -> bool:
    """Ask to be the one sender that tries one message now; the others wait on."""
    tries = session.scalar(select(Gate.tries).where(Gate.name == NAME)) or 0
    wait = min(FIRST_WAIT * 2 ** min(tries + 1, 10), LONGEST_WAIT)
    won = session.execute(
        update(Gate)
        .where(Gate.name == NAME, Gate.shut_until <= now, Gate.tries == tries)
        .values(shut_until=now + wait, tries=tries + 1)
        .returning(Gate.name)
    )
    return won.scalar() is not None


def reopen(session: Session) -> None:
    """Let everything go out again."""
    session.execute(
        update(Gate)
        .where(Gate.name == NAME)
        .values(shut_until=None, shut_since=None, reason=None, alarm=False, tries=0)
    )


def _ensure(session: Session) -> None:
    values = {"name": NAME, "paced_until": 0, "alarm": False, "tries": 0}
    session.execute(insert_into(session, Gate).values(**values).on_conflict_do_nothing())


class Run:
    """The answers of one sender in a row, without one that shows that the service takes ours."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """Count anew."""
        self.refused: list[Outcome] = []
        self._good = False

    def note(self, outcome: Outcome) -> None:
        """Count one more answer. What one broken connection took with it counts as one."""
        if outcome.action in (Action.ALARM, Action.RETRY):
            if outcome.broken and self.refused and self.refused[-1].broken == outcome.broken:
                return
            self.refused = [*self.refused[-FAILURES:], outcome]
        else:
            self.refused.clear()
            self._good = True

    def verdict(self, *, at_end: bool = False) -> Outcome | None:
        """What shuts the gate, if anything does.

        *at_end*, with nothing more to hear, one refusal is enough that waits for somebody.
        """
        alarms = [outcome for outcome in self.refused if outcome.action is Action.ALARM]
        ours = [outcome for outcome in alarms if outcome.code not in PER_ADDRESS]
        if len(ours) >= REFUSALS or (at_end and ours):
            return ours[-1]
        if len(self.refused) >= FAILURES or (at_end and alarms and not self._good):
            return (alarms or self.refused)[-1]
        return None


class Pace:
    """At most *per_minute* messages from all senders together, leased from the row by chunks.

    What is urgent goes without waiting; the others then wait for longer.
    """

    def __init__(self, sessions: sessionmaker[Session], clock: Clock, per_minute: int) -> None:
        self._sessions = sessions
        self._clock = clock
        self._each = timedelta(minutes=1) / per_minute
        self._chunk = max(1, min(LARGEST_CHUNK, per_minute // 600))
        self._left = 0
        self._from = EPOCH

    def allowed(self, wanted: int, *, urgent: bool = False) -> int:
        """How many of *wanted* messages may go now. They count as gone."""
        if urgent:
            self._lease(wanted)
            return wanted
        if not self._left:
            self._from = self._lease(self._chunk)
            self._left = self._chunk
        if self._clock() < self._from:
            return 0
        granted = min(wanted, self._left)
        self._left -= granted
        return granted

    def _lease(self, messages: int) -> datetime:
        """Take the next *messages* of the pace: the moment from which they may go."""
        now = (self._clock() - EPOCH) // MICROSECOND
        taken = messages * self._each // MICROSECOND
        begin = case((Gate.paced_until > now, Gate.paced_until), else_=literal(now))
        with self._sessions.begin() as session:
            _ensure(session)
            until: int | None = session.scalar(
                update(Gate)
                .where(Gate.name == NAME)
                .values(paced_until=begin + taken)
                .returning(Gate.paced_until),
                execution_options={"synchronize_session": False},
            )
        assert until is not None  # noqa: S101 - the row is there
        return EPOCH + (until - taken) * MICROSECOND


def codes(outcomes: Collection[Outcome]) -> str:
    """The words of the service in *outcomes*, each once."""
    return ", ".join(sorted({outcome.code or "no answer" for outcome in outcomes}))
