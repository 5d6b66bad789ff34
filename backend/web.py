"""What the web process serves."""

from __future__ import annotations

import gc

from flask import Flask

from backend import create_app

COLLECT_AFTER = 20_000
"""New objects before the collector looks for cycles; a list of content makes thousands of them."""


def make_app() -> Flask:
    """The application of the environment, in a process that does nothing but serve it.

    What was made until now stays, so the collector need not look at it time and again.
    """
    app = create_app()
    gc.collect()
    gc.freeze()
    gc.set_threshold(COLLECT_AFTER, 20, 20)
    return app
