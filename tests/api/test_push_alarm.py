"""Refused credentials of the push service show where operators look."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from notifications import gate
from tests.conftest import TurnableClock


@pytest.mark.parametrize("alarm", [True, False])
def test_a_shut_gate_is_an_alarm_when_somebody_has_to_mend_something(
    client: FlaskClient, session: Session, clock: TurnableClock, alarm: bool
) -> None:
    assert client.get("/readyz").json["parts"]["push"] == "ok"  # type: ignore[index]
    gate.close(session, "UNAUTHENTICATED", clock(), alarm=alarm, after=timedelta(0))
    session.commit()

    answer = client.get("/readyz")

    wanted = "alarm: UNAUTHENTICATED since 2026-07-01T01:00:00Z" if alarm else "ok"
    assert answer.json["parts"]["push"] == wanted  # type: ignore[index]
    assert answer.status_code == 503
    metrics = client.get("/metrics").text
    assert 'push_gate_shut{reason="UNAUTHENTICATED"} 1.0' in metrics
