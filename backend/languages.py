"""Which language an answer is in: `?lang=`, the page's cookie, Accept-Language, Vietnamese."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_babel import Babel, force_locale

from backend import current

LANGUAGES = ("vi", "en")
"""The languages that the texts of pages and messages are translated into."""


def languages() -> tuple[str, ...]:
    """The languages that content may be in, as the setting says; Vietnamese first."""
    return current.settings().languages if current_app else LANGUAGES


def language() -> str:
    """The language of this request, one of `languages`; Vietnamese outside of requests."""
    if not has_request_context():
        return "vi"
    if "language" not in g:
        g.language = _asked_for()  # answers with many texts ask many times
    chosen: str = g.language
    return chosen


def _asked_for() -> str:
    known = languages()
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in known:
            return wish
    if "HTTP_ACCEPT_LANGUAGE" not in request.environ:
        return "vi"
    return request.accept_languages.best_match(known) or "vi"


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Answer in the language *code* for a while, whatever the request asked for."""
    asked_for, g.language = language(), code
    try:
        with force_locale(code):
            yield
    finally:
        g.language = asked_for


def init_app(app: Flask) -> None:
    """Translate with the catalogues in `backend/translations`."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    Babel(app, locale_selector=language)
    app.jinja_env.globals["language"] = language

    @app.after_request
    def say_language(response: Response) -> Response:
        if "immutable" in response.headers.get("Cache-Control", ""):
            return response  # a file: the same in every language
        headers = response.headers
        headers.setdefault("Content-Language", language())
        vary = headers.get("Vary")
        if vary is None:
            headers["Vary"] = "Accept-Language"
        elif "accept-language" not in vary.lower():
            headers["Vary"] = f"{vary}, Accept-Language"
        return response
