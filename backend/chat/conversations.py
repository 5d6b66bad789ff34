"""Conversations: an id nobody can guess, and the proof that it was given here."""

from __future__ import annotations

import uuid

from itsdangerous import BadSignature, Signer

from backend import current
from content.errors import N_, Refused


def begin() -> uuid.UUID:
    """The id of a new conversation."""
    return uuid.uuid4()


def token_of(conversation: uuid.UUID) -> str:
    """The proof that *conversation* belongs to whoever shows it; nothing of it is stored."""
    return _signer().get_signature(str(conversation)).decode()


def resume(conversation: uuid.UUID, token: str) -> uuid.UUID:
    """*conversation*, to go on with. Raises Refused unless *token* is its own."""
    try:
        _signer().unsign(f"{conversation}.{token}")
    except BadSignature:
        raise Refused(N_("This conversation is not yours: begin a new one.")) from None
    return conversation


def _signer() -> Signer:
    return Signer(current.settings().secret_key, salt="conversation")
