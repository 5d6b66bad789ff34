"""What the running app was made with: its settings and its clock."""

from __future__ import annotations

from datetime import datetime

from flask import current_app

from backend.settings import Settings


def settings() -> Settings:
    """The settings of the current app."""
    current: Settings = current_app.extensions["settings"]
    return current


def now() -> datetime:
    """The present moment by the app's clock."""
    moment: datetime = current_app.extensions["clock"]()
    return moment
