"""The sender: batches that are due go out as one stream, and answers are recorded in strides.

What was handed over and is not yet on file as answered is never more than *in_flight* messages.
A sender that is killed may repeat these and no others, each once; with *in_flight* 1 that is one
message; a push service that answers quickly is given no more than keeps it busy. The most urgent
goes first, also before batches that were begun.
"""

from __future__ import annotations

import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Row
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from content.store import Clock
from notifications import gate, outbox
from notifications.gateway import SENT, Action, Gateway, Outcome, PushMessage, Stream, stream_of
from notifications.outbox import Lease
from notifications.parcels import NOT_TRIED, Batch, Postpone, Unpack, write
from notifications.waking import Bell
from notifications.window import Window
from notifications.worker import (
    LEASE,
    LONGEST_NAP,
    MOST_ATTEMPTS,
    SHORTEST_NAP,
    Pulse,
    Task,
)

log = structlog.get_logger()

PUSH = "notifications.push"
IN_FLIGHT = 500

GATED = ("fid", "token")
"""Kinds of addresses whose failures shut the gate: a browser's push service is one of many."""

STRIDE_SECONDS = 0.05
"""After this time answers are recorded, however few there are."""

LOOK_SECONDS = 0.1
"""How often a busy sender looks for something more urgent, where no bell rings."""


class Sender:
    """Sends the push jobs of the outbox through one gateway, from one thread."""

    def __init__(
        self,
        gateway: Gateway | Stream,
        unpack: Unpack,
        postpone: Postpone,
        *,
        in_flight: int = IN_FLIGHT,
        pace: gate.Pace | None = None,
    ) -> None:
        self._stream = stream_of(gateway)
        self._unpack = unpack
        self._postpone = postpone
        self._in_flight = in_flight
        self._stride = max(1, in_flight // 5)
        self._window = Window(in_flight)
        self._pace = pace
        self._pulse: Pulse | None = None
        self._run = gate.Run()
        self._batches: list[Batch] = []
        self._owner: dict[int, Batch] = {}
        self._answered: list[tuple[Batch, Row[Any], Outcome]] = []
        self._recorded_at = self._looked_at = time.monotonic()
        self._shut: Outcome | None = None
        self._on_trial = self._reopen = False

    # --- as a handler: one job at a time ------------------------------------------------------

    def do(self, task: Task) -> None:
        """Send one job's batch to its end."""
        with task.sessions.begin() as session:
            if wait := self._kept_waiting(session, task.clock(), in_hand=True):
                task.again(session, "the push service is waited for", after=wait, counted=False)
                return
        try:
            self._take(task)
            while self._batches:
                if not self._step(task.sessions, task.clock):
                    threading.Event().wait(SHORTEST_NAP)
        finally:
            self._batches.clear()
            self._owner.clear()
            self._answered.clear()

    # --- as a lane: as many jobs as keep the gateway busy -------------------------------------

    def lane(
        self, sessions: sessionmaker[Session], clock: Clock
    ) -> Callable[[threading.Event, Pulse, Bell], None]:
        """A lane of the worker that sends until it is stopped, and finishes what it has begun."""

        def work(stop: threading.Event, pulse: Pulse, bell: Bell) -> None:
            self._pulse = pulse
            rung = bell.hear()
            nap, failures = SHORTEST_NAP, 0
            while not stop.is_set() or (self._batches and failures < MOST_ATTEMPTS):
                try:
                    if not stop.is_set():
                        self._load(sessions, clock, rung)
                    moved = self._step(sessions, clock)
                    failures = 0
                except SQLAlchemyError:
                    # What was answered stays in mind until it can be recorded.
                    log.exception("database does not answer")
                    moved, failures = False, failures + 1
                except Exception:
                    log.exception("sender failed")
                    self._drop_all()
                    moved = False
                nap = SHORTEST_NAP if moved or self._batches else min(nap * 2, LONGEST_NAP)
                if not moved and rung.wait(LONGEST_NAP if failures else nap):
                    nap = SHORTEST_NAP

        return work

    def _load(self, sessions: sessionmaker[Session], clock: Clock, rung: threading.Event) -> None:
        """Take jobs until enough messages wait; what is urgent also while others wait."""
        while True:
            waiting = sum(len(batch.waiting) for batch in self._batches)
            enough = waiting >= self._in_flight
            if enough:
                urgent = sum(len(b.waiting) for b in self._batches if b.parcel.urgent)
                looked = time.monotonic() - self._looked_at < LOOK_SECONDS
                if urgent >= self._in_flight or (looked and not rung.is_set()):
                    return
                self._looked_at = time.monotonic()
            rung.clear()
            now = clock()
            with sessions.begin() as session:
                if self._kept_waiting(session, now):
                    return
                lease = outbox.claim(
                    session,
                    [PUSH],
                    now=now,
                    lease=self._pulse.lease if self._pulse else LEASE,
                    priority=outbox.EMERGENCY if enough else None,
                )
            if lease is None:
                return
            if self._pulse:
                self._pulse.hold(lease)
            try:
                self._take(Task(lease, sessions, clock))
            except Exception:
                self._let_go(lease)
                raise
            if self._on_trial:
                return

    # --- one job ------------------------------------------------------------------------------

    def _kept_waiting(
        self, session: Session, now: datetime, *, in_hand: bool = False
    ) -> timedelta | None:
        """How long nothing may go out; None when it may, if only one message for a trial.

        A trial needs a job that is due, unless one is *in_hand* already.
        """
        if self._on_trial and self._batches:
            return LEASE
        self._on_trial = False  # a trial's batch may have had nothing to send
        found = gate.shut(session)
        if found is None:
            return None
        if now < found.until:
            return found.until - now
        if in_hand or outbox.is_due(session, [PUSH], now=now):
            self._on_trial = gate.claim_trial(session, now)
        return None if self._on_trial else gate.FIRST_WAIT

    def _take(self, task: Task) -> None:
        if task.lease.attempts > MOST_ATTEMPTS:  # its sender died each time
            with task.sessions.begin() as session:
                task.again(session, "never finished")
            self._let_go(task.lease)
            return
        with task.sessions() as session:
            parcel = self._unpack(session, task.payload, task.clock())
        rows = {push.delivery_id: row for push, row in parcel.ready}
        waiting = deque(push for push, _ in parcel.ready if push.delivery_id not in self._owner)
        batch = Batch(task, parcel, waiting, rows)
        self._owner |= {push.delivery_id: batch for push in waiting}
        self._answered += [(batch, row, outcome) for row, outcome in parcel.settled]
        self._batches = sorted([*self._batches, batch], key=lambda batch: batch.rank)

    def _step(self, sessions: sessionmaker[Session], clock: Clock) -> bool:
        """Hand over, hear, record; False when there was nothing to do at this moment."""
        moved = self._hand_over()
        if any(batch.under_way for batch in self._batches) or not self._stream.room:
            for push, outcome in self._stream.answers(STRIDE_SECONDS):
                self._hear(push, outcome)
                moved = True
        if self._batches:
            self._judge(at_end=all(batch.finished for batch in self._batches))
        if self._must_record():
            self._record(sessions, clock)
            moved = True
        return moved

    def _hand_over(self) -> bool:
        under_way = sum(batch.under_way for batch in self._batches)
        window = 1 if self._on_trial else self._window.size
        room = min(window, self._in_flight - len(self._answered)) - under_way
        room = min(room, self._stream.room)
        moved = False
        for batch in self._batches:
            wanted = min(room, len(batch.waiting))
            if wanted <= 0:
                continue
            if self._pulse and not self._pulse.holds(batch.task.lease):
                batch.hold_back()  # another sender may have them by now
                continue
            if self._pace:
                wanted = self._pace.allowed(wanted, urgent=batch.parcel.urgent)
            pushes = [batch.waiting.popleft() for _ in range(wanted)]
            self._stream.hand_over(pushes)
            for push in pushes[:1]:
                self._window.sent(push.delivery_id)
            batch.under_way += wanted
            room -= wanted
            moved = moved or wanted > 0
        return moved

    def _hear(self, push: PushMessage, outcome: Outcome) -> None:
        self._window.answered(push.delivery_id)
        batch = self._owner.pop(push.delivery_id, None)
        if batch is None:
            return  # from before a failure of our own
        batch.under_way -= 1
        self._answered.append((batch, batch.rows[push.delivery_id], outcome))
        if push.kind in GATED:
            self._run.note(outcome)
        if self._on_trial:
            self._on_trial = False
            if outcome.action in (Action.RETRY, Action.ALARM):
                self._hold_back()
            else:
                self._reopen = True

    def _judge(self, *, at_end: bool) -> None:
        verdict = self._run.verdict(at_end=at_end)
        if verdict and not self._shut:
            self._shut = verdict
            self._run.begin()
            self._hold_back()

    def _hold_back(self) -> None:
        for batch in self._batches:
            batch.hold_back()

    # --- on file ------------------------------------------------------------------------------

    def _must_record(self) -> bool:
        if any(batch.finished for batch in self._batches):
            return True
        late = time.monotonic() - self._recorded_at >= STRIDE_SECONDS
        return bool(self._answered) and (late or len(self._answered) >= self._stride)

    def _record(self, sessions: sessionmaker[Session], clock: Clock) -> None:
        """Put on file what was answered, and settle the jobs that are through, all or nothing."""
        now = clock()
        finished = [batch for batch in self._batches if batch.finished]
        unsent: dict[Batch, list[tuple[int, Outcome]]] = defaultdict(list)
        with sessions.begin() as session:
            for batch, row, outcome in self._answered:
                if outcome.action in (Action.RETRY, Action.ALARM):
                    unsent[batch].append((row.device_id, outcome))
            if self._shut:
                _close(session, self._shut, now)
            elif self._reopen:
                gate.reopen(session)
            write(session, ((row, outcome) for _, row, outcome in self._answered), now)
            self._count_anew(session)
            ours = outbox.still_held(session, [batch.task.lease for batch in finished])
            for batch in finished:
                if batch.task.lease.job_id in ours:
                    self._settle(session, batch, batch.unsent + unsent[batch], now)
                else:
                    log.warning("lease lost", job=batch.task.lease.job_id, kind=PUSH)
        for batch, _, outcome in self._answered:
            batch.counts[outcome.action.value] += 1
        for batch, more in unsent.items():
            batch.unsent += more
        self._answered.clear()
        self._shut, self._reopen = None, False
        self._recorded_at = time.monotonic()
        for batch in finished:
            self._forget(batch)
        if not self._batches:
            self._run.begin()
        for batch in self._batches:
            if self._pulse:
                self._pulse.hold(batch.task.lease)  # it makes progress

    def _count_anew(self, session: Session) -> None:
        """A job of which something went out is not one that kills its senders."""
        for batch in {batch for batch, _, outcome in self._answered if outcome is SENT}:
            if batch.task.lease.attempts > 1:
                batch.task.lease = outbox.progressed(session, batch.task.lease)

    def _settle(
        self, session: Session, batch: Batch, unsent: list[tuple[int, Outcome]], now: datetime
    ) -> None:
        """Finish the job, or leave in it the devices that are still to be reached."""
        task = batch.task
        for wakes_at, ids in batch.parcel.asleep.items():
            self._postpone(session, task.payload, ids, now, wakes_at)
        if not unsent:
            task.done(session)
            return
        outcomes = [outcome for _, outcome in unsent]
        reason = gate.codes(outcomes)
        payload = task.payload | {"devices": [device_id for device_id, _ in unsent]}
        if closed := gate.shut(session):
            after = max(closed.until - now, timedelta(0))
            task.again(session, closed.reason, after=after, payload=payload, counted=False)
            return
        if all(outcome is NOT_TRIED for outcome in outcomes):
            task.again(session, reason, after=timedelta(0), payload=payload, counted=False)
            return
        asked = [outcome.retry_after for outcome in outcomes if outcome.retry_after]
        if any(outcome.action is Action.ALARM for outcome in outcomes):
            log.error("push service refuses us", code=reason, waiting=len(unsent))
        task.again(session, reason, after=max(asked, default=None), payload=payload)

    def _forget(self, batch: Batch) -> None:
        self._batches.remove(batch)
        for delivery_id in batch.rows:
            if self._owner.get(delivery_id) is batch:
                del self._owner[delivery_id]
        self._let_go(batch.task.lease)
        log.info(
            "pushed",
            message=batch.task.payload["message_id"],
            asleep=sum(map(len, batch.parcel.asleep.values())),
            **batch.counts,
        )

    def _drop_all(self) -> None:
        """Leave what is in hand to whoever takes it when the leases have run out."""
        for batch in list(self._batches):
            self._let_go(batch.task.lease)
        self._batches.clear()
        self._owner.clear()
        self._answered.clear()

    def _let_go(self, lease: Lease) -> None:
        if self._pulse:
            self._pulse.let_go(lease)


def _close(session: Session, verdict: Outcome, now: datetime) -> None:
    alarm = verdict.action is Action.ALARM
    reason = verdict.code or "no answer"
    if alarm:
        log.error("push service refuses us: nothing is sent until that is mended", code=reason)
    else:
        log.warning("push service fails: it is left alone for a while", code=reason)
    gate.close(session, reason, now, alarm=alarm, after=verdict.retry_after or timedelta(0))
