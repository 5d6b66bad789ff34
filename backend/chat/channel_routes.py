"""/webhooks/messenger and /webhooks/zalo: what people write there becomes jobs of the worker."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson
from flask import Blueprint, Flask, Response, abort, request

from backend import current
from backend.accounts import access
from backend.chat import channels, hearing
from backend.database import session
from backend.limits import limiter

webhooks = Blueprint("chat_webhooks", __name__, url_prefix="/webhooks")


@webhooks.get("/messenger")
@access.anyone
def know_messenger() -> Response:
    """Facebook asks once whether this address is ours."""
    word = current.settings().messenger_verify_token
    if not word or request.args.get("hub.verify_token") != word:
        abort(403)
    return Response(request.args.get("hub.challenge", ""), mimetype="text/plain")


@webhooks.post("/messenger")
@access.anyone
@limiter.exempt
def messenger() -> Response:
    """Take what people wrote to the page; answered by the worker. 403 without a good signature."""
    secret = current.settings().messenger_app_secret
    body = request.get_data()
    signature = request.headers.get("X-Hub-Signature-256", "")
    if not secret or not channels.is_from_messenger(body, signature, secret):
        abort(403)
    return _taken(channels.from_messenger(_read(body)))


@webhooks.post("/zalo")
@access.anyone
@limiter.exempt
def zalo() -> Response:
    """Take what people wrote to the Official Account. 403 without a good signature."""
    settings = current.settings()
    body = request.get_data()
    signature = request.headers.get("X-ZEvent-Signature", "")
    app_id, key = settings.zalo_app_id, settings.zalo_secret_key
    if not app_id or not key or not channels.is_from_zalo(body, signature, app_id, key):
        abort(403)
    return _taken(channels.from_zalo(_read(body)))


def _read(body: bytes) -> dict[str, Any]:
    try:
        event = orjson.loads(body)
    except orjson.JSONDecodeError:
        abort(400)
    if not isinstance(event, dict):
        abort(400)
    return event


def _taken(heard: Iterable[channels.Heard]) -> Response:
    try:
        for one in heard:
            hearing.take(session, one, current.now())
    except (AttributeError, TypeError):  # signed, and yet of no shape that is known
        session.rollback()
        abort(400)
    session.commit()
    return Response(status=200)


def init_app(app: Flask) -> None:
    """Serve both addresses."""
    app.register_blueprint(webhooks)
