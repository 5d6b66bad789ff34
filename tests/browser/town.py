"""The application as it is served to browsers in tests: with a clock that a test puts forward."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from backend import create_app
from content.store import utc_now

AHEAD = "CLOCK_AHEAD_FILE"
"""Names the environment's variable with a file that says by how many seconds it is ahead."""


def make() -> Flask:
    """The app of the environment's settings."""
    file = Path(os.environ[AHEAD])

    def clock() -> datetime:
        return utc_now() + timedelta(seconds=float(file.read_text()))

    return create_app(clock=clock)
