"""Workers that deliver messages, started and killed by the dozen: forked, which is quick.

`python -m tests.integration.sending_workers SPEC`: for each line on standard input a worker is
started and its process id printed. SPEC is JSON: see `main`.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import sessionmaker

from backend.database import engine_for
from content.store import utc_now
from notifications import delivery, worker
from notifications.fcm import FcmGateway


def work(spec: dict[str, Any]) -> None:
    """Deliver until killed."""
    log = os.open(spec["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(log, 1)
    os.dup2(log, 2)
    sessions = sessionmaker(engine_for(spec["database_url"]))
    gateway = FcmGateway(
        Path(spec["credentials_file"]),
        base_url=spec["fcm_url"],
        ca_bundle=Path(spec["ca_bundle"]),
        in_flight=spec["in_flight"],
        timeout=spec["timeout"],
    )
    lanes = delivery.lanes(sessions, gateway, utc_now, in_flight=spec["in_flight"])
    lease = timedelta(seconds=spec["lease"])
    worker.run(sessions, {}, utc_now, threading.Event(), lanes=lanes, lease=lease)


def main() -> None:
    """Start a worker for each line."""
    spec = json.loads(sys.argv[1])
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody is left unburied
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            try:
                work(spec)
            finally:
                os._exit(1)
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
