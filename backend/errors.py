"""The one place where an exception becomes an answer: problem+json (RFC 9457), or a page."""

from __future__ import annotations

from typing import Any

import orjson
import structlog
from flask import Flask, Response, g, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException

from content import errors

log = structlog.get_logger()

STATUS_OF = {
    errors.NotFound: 404,
    errors.Conflict: 409,
    errors.Refused: 403,
    errors.Invalid: 422,
}

TITLES = {
    400: lazy_gettext("The request cannot be read"),
    401: lazy_gettext("Sign in first"),
    403: lazy_gettext("Not allowed"),
    404: lazy_gettext("Not found"),
    405: lazy_gettext("This method is not allowed here"),
    409: lazy_gettext("Not possible in the present state"),
    412: lazy_gettext("Another version of the protocol is spoken here"),
    413: lazy_gettext("Too large"),
    415: lazy_gettext("This media type is not accepted here"),
    422: lazy_gettext("The input has errors"),
    429: lazy_gettext("Too many requests"),
    500: lazy_gettext("Something went wrong on our side"),
    503: lazy_gettext("Not available at the moment"),
}

# Marshmallow's own sentences, listed so that the catalogues have them.
MARSHMALLOW = (
    lazy_gettext("Missing data for required field."),
    lazy_gettext("Field may not be null."),
    lazy_gettext("Unknown field."),
    lazy_gettext("Invalid input type."),
    lazy_gettext("Not a valid string."),
    lazy_gettext("Not a valid integer."),
    lazy_gettext("Not a valid number."),
    lazy_gettext("Not a valid boolean."),
    lazy_gettext("Not a valid datetime."),
    lazy_gettext("Not a valid list."),
    lazy_gettext("Not a valid mapping type."),
    lazy_gettext("Not a valid UUID."),
    lazy_gettext("Not a valid date."),
    lazy_gettext("Not a valid time."),
    lazy_gettext("Not a valid email address."),
    lazy_gettext("Special numeric values (nan or infinity) are not permitted."),
)


def init_app(app: Flask) -> None:
    """Answer every error of *app*: as a page where a person looks for one, else problem+json."""
    app.register_error_handler(ValidationError, _bad_input)
    app.register_error_handler(errors.DomainError, _domain_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(IntegrityError, _crossed)
    app.register_error_handler(Exception, _unforeseen)


def problem(
    status: int, detail: str | None = None, named: dict[str, Any] | None = None
) -> Response:
    """An answer of *status* that says what is wrong; *named* holds messages by field."""
    body = {
        "type": "about:blank",
        "title": str(TITLES.get(status, TITLES[500])),
        "status": status,
        "request_id": g.get("request_id"),
    }
    if detail:
        body["detail"] = detail
    if _is_for_a_person():
        folder = "console" if request.path.startswith("/console") else "site"
        page = render_template(f"{folder}/error.html", **body)
        return Response(page, status, mimetype="text/html")
    if named:
        body["errors"] = named
    return Response(orjson.dumps(body), status=status, mimetype="application/problem+json")


def _is_for_a_person() -> bool:
    kinds = ["application/problem+json", "text/html"]
    wanted = request.accept_mimetypes.best_match(kinds)
    return wanted == "text/html" and not request.path.startswith("/api/")


def translated(messages: Any) -> Any:
    """The messages of a validation error, however nested, in the reader's language."""
    if isinstance(messages, dict):
        return {str(name): translated(inner) for name, inner in messages.items()}
    if isinstance(messages, (list, tuple)):
        return [translated(message) for message in messages]
    return _(str(messages))


def _bad_input(error: ValidationError) -> Response:
    # webargs wraps the messages by where they came from: {"json": {...}}
    messages = error.messages_dict if isinstance(error.messages, dict) else {"_": error.messages}
    named: dict[str, Any] = {}
    for place, inner in messages.items():
        inside = place in ("json", "query", "form", "files", "json_or_form")
        named |= inner if inside and isinstance(inner, dict) else {place: inner}
    return _named_problem(translated(named))


def _named_problem(named: dict[str, Any]) -> Response:
    return problem(422, _("Wrong: %(fields)s.", fields=", ".join(named)), named)


def _domain_error(error: errors.DomainError) -> Response:
    status = next((code for kind, code in STATUS_OF.items() if isinstance(error, kind)), 400)
    if isinstance(error, errors.Invalid):
        return _named_problem(
            {
                field: [_(message, **error.values) for message in messages]
                for field, messages in error.errors.items()
            }
        )
    return problem(status, _(error.message, **error.values))


def http_error(error: HTTPException) -> Response:
    """The answer to an error of HTTP itself, with the headers that belong to it."""
    # Werkzeug's own descriptions are English prose; the title says the same in two languages.
    own = type(error).description
    detail = str(error.description) if error.description and error.description != own else None
    if error.response is not None or (error.code or 500) < 400:
        return error.get_response(request.environ)  # type: ignore[return-value]
    answer = problem(error.code or 500, detail)
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after", "www-authenticate"):
            answer.headers[name] = value
    return answer


def _crossed(error: IntegrityError) -> Response:
    # Verbs check before they write; what a constraint still refuses came in between.
    log.warning("request.crossed", constraint=type(error.orig).__name__)
    return problem(409, _("Somebody else did this at the same moment. Look, then try again."))


def _unforeseen(error: Exception) -> Response:
    log.error("request.failed", exc_info=error, route=str(request.url_rule))
    return problem(500)
