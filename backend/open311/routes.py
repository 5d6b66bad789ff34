"""The addresses of Open311, in JSON and XML."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from itertools import chain
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from backend import current
from backend.accounts import access
from backend.database import session
from backend.errors import log
from backend.feedback import blocking
from backend.feedback.models import Report
from backend.feedback.presenting import REPORTER_URL
from backend.feedback.routes import delay, storage
from backend.languages import language
from backend.limits import caller, limiter
from backend.open311 import filing, formats, keys, requests, services, statuses, updates
from backend.open311.commands import open311 as commands
from backend.open311.forms import Fields, QuotedBoundaries, files
from backend.open311.models import ClientKey
from backend.rest import idempotency_key
from backend.settings import Settings
from backend.uploads import up_to
from content.errors import N_, DomainError, Invalid, NotFound, Refused

PREFIX = "/open311"
CHANGESET = "2026-07-01T00:00:00Z"
SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
IN_FORM = "<any(json, xml):form>"
MOST_IDS = 100

open311 = Blueprint("open311", __name__, url_prefix=PREFIX)


def init_app(app: Flask) -> None:
    """Serve Open311, whose errors have its own shape, and add the command for its keys."""
    app.register_blueprint(open311)
    app.wsgi_app = QuotedBoundaries(  # type: ignore[assignment, method-assign]
        app.wsgi_app, PREFIX
    )
    app.cli.add_command(commands)


def _answer(root: str, data: Any, status: int = 200) -> Response:
    form = _form()
    return Response(
        formats.written(form, root, data), status, content_type=formats.MEDIA_TYPES[form]
    )


def _form() -> str:
    """The form that the address asks for; XML, which every client reads, where it asks for none."""
    return "json" if request.path.endswith(".json") else "xml"


@open311.errorhandler(Exception)
def _error(error: Exception) -> Response:
    status, sentences = _said(error)
    said = [{"code": status, "description": sentence} for sentence in sentences]
    answer = _answer("errors", said, status)
    if isinstance(error, HTTPException):
        for name, value in error.get_headers(request.environ):
            if name.lower() == "retry-after":
                answer.headers[name] = value
    return answer


def _said(error: Exception) -> tuple[int, list[str]]:
    """The status of an answer to *error*, one of those that clients know, and its sentences."""
    if isinstance(error, Invalid):
        return 400, [
            f"{field}: {_(message, **error.values)}"
            for field, messages in error.errors.items()
            for message in messages
        ]
    if isinstance(error, DomainError):
        known = {NotFound: 404, Refused: 403}
        return known.get(type(error), 400), [_(error.message, **error.values)]
    if isinstance(error, HTTPException):
        status = error.code or 500
        is_known = status in (403, 404, 429) or status >= 500
        return (status if is_known else 400), [str(error.description or error.name)]
    if isinstance(error, IntegrityError):
        return 400, [_("Somebody else did this at the same moment. Look, then try again.")]
    log.error("request.failed", exc_info=error, route=str(request.url_rule))
    return 500, [_("Something went wrong on our side")]


def _query() -> Fields:
    """The parameters of a read. Raises NotFound for another town's jurisdiction."""
    fields = Fields(request.args)
    _check_jurisdiction(fields)
    return fields


def _posted() -> Fields:
    """The fields of a POST; some clients put the key and the jurisdiction into the address."""
    of_address = (
        (name, request.args[name])
        for name in ("api_key", "jurisdiction_id")
        if name in request.args
    )
    return Fields(MultiDict(chain(request.form.items(multi=True), of_address)))


def _check_jurisdiction(fields: Fields) -> None:
    wanted = fields.text("jurisdiction_id")
    if wanted and wanted.casefold() != current.settings().jurisdiction.casefold():
        raise NotFound(N_("There is no jurisdiction with this jurisdiction_id."))


def _client(fields: Fields) -> ClientKey:
    """Who posts. Raises Refused, before anything else is looked at."""
    key = keys.required(session, fields.text("api_key"), current.now())
    _check_jurisdiction(fields)
    return key


@open311.get(f"/discovery.{IN_FORM}")
@access.public
def discovery(form: str) -> Response:
    """Where the service is, and how to get a key."""
    settings = current.settings()
    return _answer("discovery", _discovery(settings))


def _discovery(settings: Settings) -> Mapping[str, Any]:
    return {
        "changeset": CHANGESET,
        "contact": settings.public_url,
        "key_service": _(
            "Keys are given by the town's administration; jurisdiction_id is %(name)s.",
            name=settings.jurisdiction,
        ),
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": f"{settings.public_url}{PREFIX}/v2",
                "changeset": CHANGESET,
                "type": "production" if settings.production else "test",
                "formats": ["text/xml", "application/json"],
            }
        ],
    }


@open311.get(f"/v2/services.{IN_FORM}")
@access.public
def service_list(form: str) -> Response:
    """What may be reported."""
    _query()
    return _answer("services", services.listed(session, language()))


@open311.get(f"/v2/services/<code>.{IN_FORM}")
@access.public
def service_definition(code: str, form: str) -> Response:
    """What a service asks for."""
    _query()
    return _answer(
        "service_definition", services.definition(services.leaf(session, code), language())
    )


@open311.post(f"/v2/requests.{IN_FORM}")
@access.anyone
@limiter.limit("600 per hour", override_defaults=False)
@up_to("max_photo_bytes")
def post_request(form: str) -> Response:
    """File a report."""
    fields = _posted()
    key = _client(fields)
    posted = filing.read(session, fields, files(request.files), current.now())
    with storage().writing() as writing:
        report = filing.file(
            session,
            writing,
            posted,
            key,
            now=current.now(),
            town_time=current.settings().timezone,
            idempotency_key=idempotency_key(),
            town_box=current.settings().town_box,
            sender=blocking.sender(
                citizen_id=None,
                address=caller(),
                device=filing.person_of(fields, key),
                secret=current.settings().secret_key,
            ),
        )
        session.commit()
    said = {
        "service_request_id": report.code,
        "service_notice": _(
            "You will have an answer by %(moment)s.", moment=formats.moment(report.expected_at)
        ),
        "account_id": fields.text("account_id"),
    }
    return _answer("service_requests", [said])


@open311.get(f"/v2/tokens/<token>.{IN_FORM}")
@access.anyone
@limiter.limit("60 per minute", override_defaults=False)
def token(token: str, form: str) -> Response:
    """The request of a token: each request has its id at once, which serves as its token too."""
    _query()
    report = requests.of_id(session, token)
    said = {"service_request_id": report.code, "token": token}
    return _answer("service_requests", [said])


@open311.get(f"/v2/requests.{IN_FORM}")
@access.anyone
def request_list(form: str) -> Response:
    """The requests that fit, the newest first."""
    fields = _query()
    extensions = fields.text("extensions") in ("true", "1")
    if ids := fields.words("service_request_id"):
        return _answer("service_requests", _of_ids(ids, _viewer(fields), extensions))
    statuses_wanted = fields.words("status")
    if set(statuses_wanted) - {"open", "closed"}:
        raise Invalid({"status": [N_("Must be one of: %(states)s.")]}, states="open, closed")
    start, end = _span(fields)
    limit, offset = _page(fields)
    wanted = requests.Wanted(
        start=start,
        end=end,
        service_codes=fields.words("service_code"),
        statuses=statuses_wanted,
        limit=limit,
        offset=offset,
    )
    viewer = _viewer(fields)
    return _answer(
        "service_requests", _shown(requests.found(session, wanted, viewer), viewer, extensions)
    )


def _viewer(fields: Fields) -> requests.Viewer:
    key = keys.find(session, fields.text("api_key"))
    return requests.Viewer(now=current.now(), delay=delay(), key=key)


def _shown(
    found: Sequence[Report], viewer: requests.Viewer, extensions: bool
) -> list[dict[str, Any]]:
    return requests.shown(
        session,
        found,
        viewer,
        language(),
        photos_at=f"{current.settings().public_url}{REPORTER_URL}",
        extensions=extensions,
    )


@limiter.limit("60 per minute", override_defaults=False)
def _of_ids(ids: list[str], viewer: requests.Viewer, extensions: bool) -> list[dict[str, Any]]:
    if len(ids) > MOST_IDS:
        raise Invalid({"service_request_id": [N_("At most %(most)s ids.")]}, most=MOST_IDS)
    return _shown(requests.of_ids(session, ids), viewer, extensions)


@open311.get(f"/v2/requests/<code>.{IN_FORM}")
@access.anyone
@limiter.limit("60 per minute", override_defaults=False)
def one_request(code: str, form: str) -> Response:
    """One request."""
    fields = _query()
    extensions = fields.text("extensions") in ("true", "1")
    found = [requests.of_id(session, code)]
    return _answer("service_requests", _shown(found, _viewer(fields), extensions))


@open311.get(f"/v2/servicerequestupdates.{IN_FORM}")
@access.anyone
def update_list(form: str) -> Response:
    """What happened to the requests, the oldest first."""
    fields = _query()
    start, end = _span(fields)
    limit, offset = _page(fields)
    viewer = _viewer(fields)
    said = updates.listed(session, start, end, viewer, language(), limit=limit, offset=offset)
    return _answer("service_request_updates", said)


@open311.post(f"/v2/servicerequestupdates.{IN_FORM}")
@access.anyone
@limiter.limit("600 per hour", override_defaults=False)
def post_update(form: str) -> Response:
    """Say what happened to a request."""
    fields = _posted()
    key = _client(fields)
    word = fields.needed("status", 60)
    status = statuses.read(word)
    if status is None:
        raise Invalid(
            {"status": [N_("Must be one of: %(states)s.")]}, states=", ".join(statuses.Extended)
        )
    fields.moment("updated_datetime")
    update = updates.Update(
        update_id=fields.needed("update_id", 200),
        service_request_id=fields.needed("service_request_id", 40),
        status=status,
        description=fields.text("description", 4000) or "",
        links=fields.links("media_url"),
    )
    updates.take(session, update, key, current.now())
    session.commit()
    return _answer("service_request_updates", [{"update_id": update.update_id}])


def _span(fields: Fields) -> tuple[datetime, datetime]:
    """From when to when is asked: 90 days at most, the last ones where nothing is said."""
    start, end = fields.moment("start_date"), fields.moment("end_date")
    longest = requests.LONGEST_SPAN
    if start and end:
        if start > end:
            raise Invalid({"end_date": [N_("The end lies before the start.")]})
        if end - start > longest:
            raise Invalid({"end_date": [N_("At most 90 days.")]})
        return start, end
    if start:
        return start, start + longest
    end = end or current.now() + timedelta(seconds=1)
    return end - longest, end


def _page(fields: Fields) -> tuple[int, int]:
    """How many are asked for, after how many."""
    size = fields.count("page_size", requests.MOST)
    number = fields.count("page", 1_000_000)
    if size is None:
        size = 50 if number else requests.MOST
    return size, ((number or 1) - 1) * size


@open311.route("/<path:anything>", methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
@access.anyone
def unknown(anything: str) -> Response:
    """No address of Open311."""
    raise NotFound(N_("There is no such address."))
