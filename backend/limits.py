"""How often one caller may call."""

from __future__ import annotations

import hmac
import time

from flask import Flask, Response, request
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

from backend import current
from backend.settings import Settings


def from_chatbot() -> bool:
    """Whether the request comes from our own chatbot, which shows its key."""
    shown = request.headers.get("X-Chatbot-Key", "")
    return hmac.compare_digest(shown.encode(), current.settings().chatbot_key.encode())


def caller() -> str:
    """Whom a limit counts: the conversation behind the chatbot, else the address."""
    if from_chatbot():
        return f"conversation:{request.headers.get('X-Conversation-Id', '')}"
    return get_remote_address()


def device() -> str | None:
    """The app's own id of the device that calls, where it says one."""
    return request.headers.get("X-Installation-Id", "").strip()[:100] or None


limiter = Limiter(
    key_func=caller,
    default_limits=["600 per minute"],
    strategy="moving-window",
)


@limiter.request_filter
def _switched_off() -> bool:
    return not current.settings().ratelimit_enabled


def init_app(app: Flask, settings: Settings) -> None:
    """Count in memory, or in Redis when there is one, so that all processes count together."""
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    limiter.init_app(app)

    @app.after_request
    def say_limit(response: Response) -> Response:
        # Flask-Limiter's own headers give the reset as a date and Retry-After on every answer.
        if limit := limiter.current_limit:
            seconds = max(0, round(limit.reset_at - time.time()))
            response.headers["RateLimit-Limit"] = str(limit.limit.amount)
            response.headers["RateLimit-Remaining"] = str(max(0, limit.remaining))
            response.headers["RateLimit-Reset"] = str(seconds)
            if response.status_code == 429:
                response.headers["Retry-After"] = str(seconds)
        return response
