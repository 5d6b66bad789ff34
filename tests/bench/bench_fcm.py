"""What a push message costs our process: FcmGateway beside firebase_admin's send_each.

`python -m tests.bench.bench_fcm` sends the same messages through both to the same push service,
which runs in a process of its own and only counts. Only ratios within one run mean something.
Ends with 1 where something is slower or costs more than is wanted.
"""

# ruff: noqa: T201 - it prints a table

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from uuid import uuid4

import firebase_admin
from firebase_admin import credentials, messaging

from notifications.fcm import FcmGateway
from notifications.gateway import SENT, PushMessage
from tests.bench.fast_fcm import FastFcm, running

BATCH, ROUNDS = 500, 6
WANTED_CPU, WANTED_RATIO, WANTED_FAR = 0.10, 8, 3000


def measure(name: str, send: Callable[[], None], *, messages: int) -> tuple[float, float]:
    """Print and give the milliseconds of CPU a message costs, and the messages a second."""
    began, used = time.perf_counter(), time.process_time()
    send()
    cpu = (time.process_time() - used) / messages * 1000
    rate = messages / (time.perf_counter() - began)
    print(f"{name:34} {cpu:7.3f} ms CPU a message {rate:8.0f} messages/s")
    return cpu, rate


def ours(fcm: FastFcm) -> Callable[[int], None]:
    """Sends so many messages through the gateway."""
    gateway = FcmGateway(fcm.credentials_file, base_url=fcm.url, ca_bundle=fcm.ca_bundle)

    def send(messages: int) -> None:
        pushes = [
            PushMessage(
                n, message, "fid", f"phone-{n}", "Cấm tắm biển", "Sóng lớn. " * 10, "safety"
            )
            for n in range(messages)
            if (message := uuid4())
        ]
        assert gateway.send(pushes) == [SENT] * messages

    return send


def theirs(fcm: FastFcm) -> Callable[[int], None]:
    """Sends so many messages through firebase_admin, by its batches of 500."""
    os.environ["REQUESTS_CA_BUNDLE"] = str(fcm.ca_bundle)
    app = firebase_admin.initialize_app(credentials.Certificate(str(fcm.credentials_file)))
    service = messaging._get_messaging_service(app)
    # Its address is not a setting.
    service._fcm_url = service._fcm_url.replace("https://fcm.googleapis.com", fcm.url)
    notification = messaging.Notification("Cấm tắm biển", "Sóng lớn. " * 10)

    def send(messages: int) -> None:
        for _ in range(messages // BATCH):
            batch = [
                messaging.Message(
                    notification=notification,
                    data={"message_id": str(uuid4()), "delivery_id": str(n)},
                    fid=f"phone-{n}",
                )
                for n in range(BATCH)
            ]
            assert messaging.send_each(batch, app=app).success_count == BATCH

    return send


def main() -> int:
    """Measure both, and print how they compare and what is wanted."""
    with running() as fcm:
        our, their = ours(fcm), theirs(fcm)
        our(BATCH)  # connections and tokens are there from now on
        their(BATCH)
        near = BATCH * ROUNDS
        cpu, rate = measure("FcmGateway", lambda: our(near), messages=near)
        their_cpu, their_rate = measure("send_each", lambda: their(near), messages=near)
        fcm.answers_after(0.1)
        far = 6000
        _, far_rate = measure("FcmGateway, answers after 100 ms", lambda: our(far), messages=far)
    verdicts = [
        (f"CPU a message {cpu:.3f} ms", f"at most {WANTED_CPU}", cpu <= WANTED_CPU),
        (
            f"throughput {rate / their_rate:.1f} times send_each's",
            f"at least {WANTED_RATIO}",
            rate >= WANTED_RATIO * their_rate,
        ),
        (f"CPU 1 to {their_cpu / cpu:.0f} of send_each's", "", True),
        (f"{far_rate:.0f}/s with 100 ms answers", f"at least {WANTED_FAR}", far_rate >= WANTED_FAR),
    ]
    for said, wanted, kept in verdicts:
        print(f"{'  ok ' if kept else 'SHORT'} {said}{f', wanted {wanted}' if wanted else ''}")
    return 0 if all(kept for *_, kept in verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
