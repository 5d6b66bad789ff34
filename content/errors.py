"""What can go wrong in the domain, in words that `backend/errors.py` translates and answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for it
    """Mark *message* for the catalogues without translating it here."""
    return message


class DomainError(Exception):
    """Base of the domain's errors: an English msgid with %(name)s places and their values."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message % values if values else message)
        self.message = message
        self.values = values


class NotFound(DomainError):
    """What was asked for does not exist, or not for this asker."""


class Conflict(DomainError):
    """The present state does not allow it."""


class Refused(DomainError):
    """This person may not do it."""


class Invalid(DomainError):
    """The input breaks a rule; *errors* names each field and says why."""

    def __init__(self, errors: Mapping[str, Sequence[str]], **values: Any) -> None:
        super().__init__(N_("The input has errors."))
        self.errors = {field: list(messages) for field, messages in errors.items()}
        self.values = values
