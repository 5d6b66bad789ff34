"""The pages to file a report and to see what becomes of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from marshmallow import ValidationError
from werkzeug.datastructures import MultiDict

from backend import current
from backend.accounts import access
from backend.database import session
from backend.errors import translated
from backend.feedback import presenting
from backend.feedback.clocks import is_late
from backend.feedback.filing import file_report
from backend.feedback.models import Report
from backend.feedback.photos import MOST_PHOTOS, add_photo
from backend.feedback.reading import report_of_code
from backend.feedback.routes import filing_of, may_file, sender, storage
from backend.feedback.schemas import NewReport
from backend.feedback.suggesting.routes import suggested
from backend.feedback.tracking import standing
from backend.feedback.workflow import CLOSED, PUBLIC_WORDS
from backend.languages import language
from backend.limits import limiter
from backend.site.layout import site
from content.errors import Conflict, DomainError, Invalid, NotFound, Refused
from content.text import in_language
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import quarters, report_category, tree

CONSENT_VERSION = "2026-01"
"""Grows when the words of the consent or of the privacy page change in substance."""

SCHEMA = NewReport()
PLAIN_FIELDS = ("category", "description", "place_text", "quarter")


@site.get("/report")
@access.anyone
def report() -> ResponseReturnValue:
    """Choose what it is about, then say the rest."""
    if code := request.args.get("category"):
        try:
            return _form(report_category(session, code), key=str(uuid.uuid4()))
        except Invalid:
            return redirect(url_for("site.report"))
    return _categories()


@site.post("/report/start")
@access.anyone
@limiter.limit("120 per minute", override_defaults=False)
def start() -> ResponseReturnValue:
    """Take what somebody wrote, and suggest what it is about; the person decides."""
    text = request.form.get("text", "").strip()[:4000]
    if code := request.form.get("category"):
        try:
            category = report_category(session, code)
        except Invalid:
            return redirect(url_for("site.report"))
        return _form(category, key=str(uuid.uuid4()), values={"description": text})
    return _categories(text, suggested(text)["items"] if text else [])


def _categories(text: str = "", guesses: Sequence[Mapping[str, Any]] = ()) -> str:
    return render_template(
        "site/report_category.html",
        groups=tree(session, Vocabulary.REPORT),
        text=text,
        guesses=guesses,
    )


@site.post("/report")
@access.anyone
@may_file
def file() -> ResponseReturnValue:
    """File the report of a browser without JavaScript, photos and all."""
    settings = current.settings()
    request.max_content_length = MOST_PHOTOS * settings.max_photo_bytes
    given = request.form
    try:
        filed, _repeated = file_report(
            session,
            filing_of(SCHEMA.load(body_of(given))),
            now=current.now(),
            town_time=settings.timezone,
            source="page",
            key=key_of(given.get("key", "")),
            sender=sender(),
            town_box=settings.town_box,
        )
    except (ValidationError, Invalid) as error:
        session.rollback()
        return _refused(given, _by_field(error))
    except (Conflict, Refused) as error:
        session.rollback()
        return _refused(given, {}, _(error.message, **error.values))
    session.commit()
    refused = _add_photos(filed)
    return render_template(
        "site/report_filed.html",
        report=filed,
        refused_photos=refused,
        **presenting.posted_prices(session, filed, language(), current.now()),
    )


def key_of(given: str) -> uuid.UUID:
    """The Idempotency-Key that a form brings, so that it files once; a new one for none."""
    try:
        return uuid.UUID(given)
    except ValueError:
        return uuid.uuid4()


def body_of(given: MultiDict[str, str]) -> dict[str, Any]:
    """The form as the API's body; what was left empty is left out."""
    filled = {name: value.strip() for name, value in given.items() if value.strip()}
    body: dict[str, Any] = {name: filled[name] for name in PLAIN_FIELDS if name in filled}
    if "lat" in filled and "lng" in filled:
        body["location"] = {"lat": filled["lat"], "lng": filled["lng"]}
    if contact := _below("contact", filled):
        body["contact"] = contact
    if "consent" in filled:
        body["consent"] = {"version": CONSENT_VERSION, "at": current.now().isoformat()}
    numbers = {
        question["code"]
        for question in report_category(session, filled.get("category", "")).attributes
        if question["datatype"] == "number"
    }
    body["attributes"] = {
        code: int(digits) if code in numbers and (digits := _digits(answer)) else answer
        for code, answer in _below("attributes", filled).items()
    }
    return body


def _below(name: str, filled: dict[str, str]) -> dict[str, str]:
    prefix = f"{name}."
    return {k.removeprefix(prefix): v for k, v in filled.items() if k.startswith(prefix)}


def _digits(written: str) -> str | None:
    """The digits of a whole number as people write it, such as 1.500.000; None for none."""
    digits = re.sub(r"[.,\s]", "", written)
    return digits if re.fullmatch(r"[0-9]{1,15}", digits) else None


def _add_photos(filed: Report) -> str:
    """Add the photos of the form to *filed*; why some were refused, or nothing."""
    reasons: list[str] = []
    for upload in request.files.getlist("photos"):
        if not upload.filename:
            continue
        try:
            with storage().writing() as writing:
                add_photo(session, writing, filed, upload.read(), current.now())
                session.commit()
        except DomainError as error:
            session.rollback()
            reasons += (
                _by_field(error).values()
                if isinstance(error, Invalid)
                else [_(error.message, **error.values)]
            )
    return " ".join(dict.fromkeys(reasons))


def _by_field(error: ValidationError | Invalid) -> dict[str, str]:
    """What is wrong, by the field's dotted name."""
    if isinstance(error, Invalid):
        return {
            field: " ".join(_(message, **error.values) for message in messages)
            for field, messages in error.errors.items()
        }
    wrong = dict(_flat(translated(error.messages)))
    # The form has one place for what is wrong with the point on the map.
    return {re.sub(r"^location\..*", "location", name): text for name, text in wrong.items()}


def _flat(messages: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, inner in messages.items():
        if isinstance(inner, dict):
            yield from _flat(inner, f"{prefix}{name}.")
        else:
            yield prefix + name, " ".join(inner)


def _refused(
    given: MultiDict[str, str], errors: dict[str, str], summary: str = ""
) -> ResponseReturnValue:
    try:
        category = report_category(session, given.get("category", ""))
    except Invalid:
        return redirect(url_for("site.report"))
    summary = summary or _("Please look at the fields marked below.")
    return _form(category, given.get("key", ""), given, errors, summary), 422


def _form(
    category: Term,
    key: str,
    values: Mapping[str, str] | None = None,
    errors: dict[str, str] | None = None,
    summary: str = "",
) -> str:
    return render_template(
        "site/report.html",
        category=category,
        key=key,
        values=values or {},
        errors=errors or {},
        summary=summary,
        quarters=[(q.code, in_language(q.name, language())) for q in quarters(session)],
        most_photos=MOST_PHOTOS,
        consent_version=CONSENT_VERSION,
    )


@site.get("/track")
@access.anyone
@limiter.limit("60 per minute", override_defaults=False)
def track() -> ResponseReturnValue:
    """Enter a report's code."""
    typed = request.args.get("code", "").strip()
    errors = {}
    if typed:
        try:
            return redirect(url_for("site.report_status", code=report_of_code(session, typed).code))
        except NotFound as error:
            errors = {"code": _(error.message)}
    status = 404 if errors else 200
    return render_template("site/track.html", values={"code": typed}, errors=errors), status


@site.get("/reports/<code>")
@access.anyone
@limiter.limit("60 per minute", override_defaults=False)
def report_status(code: str) -> ResponseReturnValue:
    """Where the report of that code stands; its reporter's browser adds what was sent."""
    found = report_of_code(session, code)
    return render_template(
        "site/report_status.html",
        report=standing(session, found.code, language()).shown,
        words=PUBLIC_WORDS,
        joined=request.args.get("joined") == "yes",
        closed=found.status in CLOSED,
        late=is_late(found, current.now()),
    )
