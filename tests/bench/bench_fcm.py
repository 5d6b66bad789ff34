"""What a push message costs our process: FcmGateway beside firebase_admin's send_each.

`python -m tests.bench.bench_fcm` sends the same messages through both to the same fake, which
runs in a process of its own. Only ratios within one run mean something.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import firebase_admin
from firebase_admin import credentials, messaging

from notifications.fcm import FcmGateway
from notifications.gateway import SENT, PushMessage

BATCH, ROUNDS = 500, 6


@contextmanager
def fake_fcm() -> Iterator[dict[str, str]]:
    """A fake FCM in another process; the settings that lead to it."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "tests.fakes.fcm", folder]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            lines = [process.stdout.readline().strip() for _ in range(3)]
            try:
                yield dict(line.split("=", 1) for line in lines)
            finally:
                process.kill()


def measure(name: str, send: Callable[[], None]) -> tuple[float, float]:
    """Print and give the milliseconds of CPU a message costs, and the messages a second."""
    send()  # connections and tokens are there from now on
    began, used = time.perf_counter(), time.process_time()
    for _ in range(ROUNDS):
        send()
    cpu = (time.process_time() - used) / (ROUNDS * BATCH) * 1000
    rate = ROUNDS * BATCH / (time.perf_counter() - began)
    print(f"{name:24} {cpu:7.3f} ms CPU a message {rate:8.0f} messages/s")  # noqa: T201
    return cpu, rate


def ours(fcm: dict[str, str]) -> Callable[[], None]:
    """Sends a batch through the gateway."""
    gateway = FcmGateway(
        Path(fcm["GOOGLE_APPLICATION_CREDENTIALS"]),
        base_url=fcm["FCM_BASE_URL"],
        ca_bundle=Path(fcm["FCM_CA_BUNDLE"]),
    )
    batch = [
        PushMessage(n, uuid4(), "fid", f"phone-{n}", "Cấm tắm biển", "Sóng lớn. " * 10, "safety")
        for n in range(BATCH)
    ]

    def send() -> None:
        assert gateway.send(batch) == [SENT] * BATCH

    return send


def theirs(fcm: dict[str, str]) -> Callable[[], None]:
    """Sends a batch through firebase_admin."""
    os.environ["REQUESTS_CA_BUNDLE"] = fcm["FCM_CA_BUNDLE"]
    app = firebase_admin.initialize_app(
        credentials.Certificate(fcm["GOOGLE_APPLICATION_CREDENTIALS"])
    )
    service = messaging._get_messaging_service(app)
    # Its address is not a setting.
    service._fcm_url = service._fcm_url.replace("https://fcm.googleapis.com", fcm["FCM_BASE_URL"])
    notification = messaging.Notification("Cấm tắm biển", "Sóng lớn. " * 10)
    batch = [
        messaging.Message(notification=notification, data={"message_id": str(n)}, fid=f"phone-{n}")
        for n in range(BATCH)
    ]

    def send() -> None:
        assert messaging.send_each(batch, app=app).success_count == BATCH

    return send


def main() -> None:
    """Measure both, and print how they compare."""
    with fake_fcm() as fcm:
        cpu, rate = measure("FcmGateway", ours(fcm))
        their_cpu, their_rate = measure("firebase_admin.send_each", theirs(fcm))
    print(f"CPU: 1 to {their_cpu / cpu:.0f}; throughput: {rate / their_rate:.1f} to 1")  # noqa: T201


if __name__ == "__main__":
    main()
