"""A POST of another system as a report on file."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from marshmallow import ValidationError, validate
from sqlalchemy.orm import Session

from backend.feedback.blocking import Sender
from backend.feedback.filing import Contact, Filing, file_report
from backend.feedback.history import internal
from backend.feedback.models import Report
from backend.feedback.photos import MOST_PHOTOS, add_photo
from backend.feedback.whereabouts import Box
from backend.feedback.workflow import Who
from backend.open311 import services
from backend.open311.forms import Fields
from backend.open311.models import ClientKey, ReceivedRequest
from backend.storage import Writing
from content.errors import N_, Invalid
from content.vocabularies.models import Term
from content.vocabularies.queries import quarters

CONSENT = "open311"
"""The version of a consent that the other system asked for, in its own words."""

_NAMES = {
    "category": "service_code",
    "location": "lat",
    "place_text": "address_string",
    "quarter": "address_id",
    "contact.phone": "phone",
    "contact.email": "email",
    "photo": "media",
}
"""What the standard calls the fields of a report."""


@dataclass(frozen=True)
class Posted:
    """What a system posts: the filing, the links and files beside it."""

    filing: Filing
    links: Sequence[str]
    files: Sequence[bytes]


def read(session: Session, fields: Fields, files: Sequence[bytes], now: datetime) -> Posted:
    """The report in *fields*. Raises Invalid that names every field by the standard's words."""
    if len(files) > MOST_PHOTOS:
        raise Invalid({"media": [N_("At most %(most)s photos.")]}, most=MOST_PHOTOS)
    service = _service(session, fields.needed("service_code", 40))
    lat, long = fields.number("lat", -90, 90), fields.number("long", -180, 180)
    if (lat is None) != (long is None):
        missing = "lat" if lat is None else "long"
        raise Invalid({missing: [N_("Missing data for required field.")]})
    quarter, quarter_name = _quarter(session, fields.text("address_id", 60))
    place = fields.text("address_string", 300) or ("" if lat is not None else quarter_name)
    contact = _contact(fields)
    attributes, _ = services.answers(service, fields.attributes())
    filing = Filing(
        category=service.code,
        description=fields.text("description", 4000) or "",
        lat=lat,
        lng=long,
        place_text=place,
        quarter=quarter,
        contact=contact,
        consent_version=CONSENT if contact else None,
        consent_at=now if contact else None,
        attributes=attributes,
    )
    return Posted(filing, fields.links("media_url"), files)


def person_of(fields: Fields, key: ClientKey) -> str | None:
    """Whom the system of *key* files for, by what it tells of the person; None for nobody named.

    So a block stops the one who misuses a system, and not everybody who uses it.
    """
    said = (fields.text(name) for name in ("device_id", "account_id", "email", "phone"))
    person = next((text for text in said if text), None)
    return f"open311:{key.id}:{person}" if person else None


def file(
    session: Session,
    writing: Writing,
    posted: Posted,
    key: ClientKey,
    *,
    now: datetime,
    town_time: tzinfo,
    idempotency_key: uuid.UUID | None,
    town_box: Box | None,
    sender: Sender,
) -> Report:
    """Put *posted* on file with its photos, all or nothing.

    Raises Invalid and Conflict in the standard's words, and Refused for a *sender* who is blocked.
    """
    try:
        report, repeated = file_report(
            session,
            posted.filing,
            now=now,
            town_time=town_time,
            source="open311",
            key=idempotency_key,
            town_box=town_box,
            sender=sender,
        )
        if not repeated:
            session.add(ReceivedRequest(report_id=report.id, key_id=key.id))
            _keep_links(session, report, posted.links, now)
        for data in posted.files:
            add_photo(session, writing, report, data, now)
    except Invalid as error:
        raise in_standard_words(session, error, posted.filing.category) from None
    return report


def in_standard_words(session: Session, error: Invalid, category: str) -> Invalid:
    """*error* with its fields named as the standard names them."""
    term = services.leaves(session).get(category)
    own = (
        {question["code"]: code for code, question in services.questions(term).items()}
        if term
        else {}
    )
    named: dict[str, Sequence[str]] = {}
    for field, messages in error.errors.items():
        name = _NAMES.get(field, field)
        if field.startswith("attributes."):
            code = field.removeprefix("attributes.")
            name = f"attribute[{own.get(code, code)}]"
        named[name] = messages
    return Invalid(named, **error.values)


def _service(session: Session, code: str) -> Term:
    service = services.leaves(session).get(code)
    if service is None:
        raise Invalid({"service_code": [N_("There is no service with this service_code.")]})
    return service


def _quarter(session: Session, code: str | None) -> tuple[str | None, str]:
    if code is None:
        return None, ""
    known = {quarter.code: quarter for quarter in quarters(session)}
    if code not in known:
        raise Invalid({"address_id": [N_("Not known: %(codes)s.")]}, codes=code)
    return code, known[code].name["vi"]


def _contact(fields: Fields) -> Contact:
    names = (fields.text("last_name", 60), fields.text("first_name", 60))
    email = fields.text("email", 254)
    if email:
        try:
            validate.Email()(email)
        except ValidationError:
            raise Invalid({"email": [N_("Not a valid email address.")]}) from None
    # Vietnamese names begin with the family's.
    name = " ".join(part for part in names if part) or None
    return Contact(name=name, phone=fields.text("phone", 40), email=email)


def _keep_links(session: Session, report: Report, links: Sequence[str], now: datetime) -> None:
    # As words of the reporter, so that they go when these go; staff read them, nobody fetches.
    if links:
        session.add(internal(report.id, "note", now, by=Who.REPORTER, text="\n".join(links)))
