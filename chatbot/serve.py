"""Serve the trained chatbot on loopback: Rasa's HTTP API and the town channel.

    .venv/bin/python serve.py

Environment: CHATBOT_PORT (5005), CHATBOT_KEY (what X-Chatbot-Key must be; none asked if empty),
ACTIONS_PORT (5055, where the actions listen), TRACKER_DATABASE_URL (SQLite in DATA_DIR), DATA_DIR
(var, seen from the repository's root), CHATBOT_PROCESSES (1: so many listen, from CHATBOT_PORT on;
the backend gives each conversation to one of them), CHAT_RETENTION_DAYS (90: what was said longer
ago is erased from the tracker's database).
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
import warnings
from typing import Any

from train import CURRENT, HERE


def tracker_store() -> Any:
    """Where conversations are kept, so that a form survives a restart."""
    from rasa.utils.endpoints import EndpointConfig
    from sqlalchemy.engine import make_url

    var = HERE.parent / (os.environ.get("DATA_DIR") or "var")
    url = make_url(os.environ.get("TRACKER_DATABASE_URL") or f"sqlite:///{var / 'chatbot.sqlite3'}")
    if url.get_backend_name() == "sqlite":
        var.mkdir(parents=True, exist_ok=True)
    else:  # the driver that such a URL names for the backend is not installed here; psycopg2 is
        url = url.set(drivername="postgresql")
    return EndpointConfig(url.render_as_string(hide_password=False), type="SQL")


def erase_old(url: str, days: int, now: float) -> int:
    """Erase the conversations in which nothing was said for `days`; how many events that was."""
    from sqlalchemy import create_engine, inspect, text

    engine = create_engine(url)
    try:
        if not inspect(engine).has_table("events"):
            return 0
        with engine.begin() as connection:
            gone = connection.execute(
                text(
                    "DELETE FROM events WHERE sender_id NOT IN "
                    "(SELECT sender_id FROM events WHERE timestamp >= :before)"
                ),
                {"before": now - days * 86400},
            )
            return int(gone.rowcount)
    finally:
        engine.dispose()


def _erase_for_ever(url: str, days: int) -> None:
    while True:
        try:
            erase_old(url, days, time.time())
        except Exception as problem:  # the database may be away for a while
            logging.getLogger("channels").warning("nothing was erased: %s", type(problem).__name__)
        time.sleep(6 * 3600)


def several(count: int) -> None:
    """Run `count` servers on ports one after the other; all end when one does, or when told to."""
    first = int(os.environ.get("CHATBOT_PORT") or 5005)
    servers = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", __file__],
            env={**os.environ, "CHATBOT_PROCESSES": "1", "CHATBOT_PORT": str(first + number)},
        )
        for number in range(count)
    ]

    def end(*_: Any) -> None:
        for server in servers:
            server.terminate()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    while all(server.poll() is None for server in servers):
        time.sleep(0.5)
    end()
    raise SystemExit(max(server.wait() for server in servers))


def check_answers_quickly() -> None:
    """Let Rasa check what actions answer by a validator that is built once.

    Left to itself it builds one for every answer and has it check Rasa's own schema, 20 ms each;
    there is no seam to pass one in by.
    """
    from jsonschema.validators import validator_for
    from rasa.core.actions.action import RemoteAction

    schema = RemoteAction.action_response_format_spec()
    validator = validator_for(schema)(schema)

    def check(_: Any, result: Any) -> bool:
        validator.validate(result)
        return True

    RemoteAction._validate_action_result = check


def main() -> None:
    """Load `models/current.tar.gz` and serve until told to stop."""
    if not CURRENT.exists():
        raise SystemExit("chatbot: there is no trained model; run train.py first")
    processes = int(os.environ.get("CHATBOT_PROCESSES") or 1)
    if processes > 1:
        several(processes)
    os.chdir(HERE)
    sys.path.insert(0, str(HERE))
    os.environ.update(
        RASA_TELEMETRY_ENABLED="false",
        TF_CPP_MIN_LOG_LEVEL="3",
        SQLALCHEMY_SILENCE_UBER_WARNING="1",
        OMP_NUM_THREADS="1",  # one sentence at a time: threads only wait for each other
        CHATBOT_KEY=os.environ.get("CHATBOT_KEY", ""),
    )
    warnings.simplefilter("ignore")  # of Rasa's own libraries
    from rasa.core.run import serve_application
    from rasa.core.utils import AvailableEndpoints
    from rasa.utils.endpoints import EndpointConfig
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)  # without this, every word of people is printed
    logging.basicConfig(format="%(asctime)s %(levelname)s %(name)s %(message)s")
    for ours in ("components", "channels", "rasa.core.run"):
        logging.getLogger(ours).setLevel(logging.INFO)
    check_answers_quickly()
    store = tracker_store()
    days = int(os.environ.get("CHAT_RETENTION_DAYS") or 90)
    threading.Thread(target=_erase_for_ever, args=(store.url, days), daemon=True).start()
    serve_application(
        model_path=str(CURRENT.resolve()),
        interface="127.0.0.1",
        port=int(os.environ.get("CHATBOT_PORT") or 5005),
        credentials="credentials.yml",
        endpoints=AvailableEndpoints(
            nlg=EndpointConfig(type="components.answering.BilingualResponses"),
            action=EndpointConfig(
                f"http://127.0.0.1:{os.environ.get('ACTIONS_PORT') or 5055}/webhook"
            ),
            tracker_store=store,
        ),
    )


if __name__ == "__main__":
    main()
