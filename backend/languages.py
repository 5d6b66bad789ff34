"""Which language an answer is in: `?lang=`, the page's cookie, Accept-Language, Vietnamese."""

from __future__ import annotations

from flask import Flask, Response, has_request_context, request
from flask_babel import Babel

LANGUAGES = ("vi", "en")


def language() -> str:
    """The language of this request, one of LANGUAGES; Vietnamese outside of requests."""
    if not has_request_context():
        return "vi"
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or "vi"


def init_app(app: Flask) -> None:
    """Translate with the catalogues in `backend/translations`."""
    app.config.setdefault("BABEL_DEFAULT_LOCALE", "vi")
    Babel(app, locale_selector=language)
    app.jinja_env.globals["language"] = language

    @app.after_request
    def say_language(response: Response) -> Response:
        response.headers.setdefault("Content-Language", language())
        response.vary.add("Accept-Language")
        return response
