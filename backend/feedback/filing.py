"""Filing a report: checked, given a code and a promise, and on file exactly once."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta, tzinfo
from typing import Any

import orjson
import phonenumbers
from sqlalchemy import Uuid, bindparam, literal, select, true
from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from backend.feedback import blocking, clocks, codes, history
from backend.feedback.blocking import Sender
from backend.feedback.history import internal
from backend.feedback.messages import tell_reporter
from backend.feedback.models import Report, ReportContact, ReportEvent
from backend.feedback.searching import as_searched
from backend.feedback.setup import Category, Setup, read
from backend.feedback.whereabouts import Box, Whereabouts, settled
from backend.feedback.workflow import State, Who
from content.errors import N_, Conflict, Invalid
from content.on_map import cell_of
from content.store import put, table_of

SOURCES = ("app", "page", "chat", "staff", "open311")
CLOCKS_DIFFER_BY = timedelta(minutes=10)
LONGEST_ANSWER = 500

FILED_BEFORE = select(table_of(Report).c.id).where(
    table_of(Report).c.filing_key == bindparam("key", type_=Uuid())
)
_block = blocking.IN_FORCE.subquery()
# Made once: what is asked before a report is filed.
BEFORE = select(
    FILED_BEFORE.scalar_subquery().label("filed"), _block.c.until, _block.c.reason
).select_from(select(literal(1).label("once")).subquery().outerjoin(_block, true()))
AS_FILED = {
    column.name: default.arg if isinstance(default, ScalarElementColumnDefault) else None
    for column in table_of(Report).c
    for default in [column.default]
}
"""What stands in the columns of which a filing says nothing."""


@dataclass(frozen=True, kw_only=True)
class Contact:
    """How to reach the reporter; the phone as typed."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None

    def __bool__(self) -> bool:
        return bool(self.name or self.phone or self.email)


@dataclass(frozen=True, kw_only=True)
class Filing:
    """What a reporter sends. *attributes* answer the category's questions, by their codes.

    *place* is the id or slug of a place that the town tells of.
    """

    category: str
    description: str
    lat: float | None = None
    lng: float | None = None
    place: str | None = None
    place_text: str = ""
    quarter: str | None = None
    anonymous: bool = False
    contact: Contact = field(default_factory=Contact)
    consent_version: str | None = None
    consent_at: datetime | None = None
    attributes: Mapping[str, Any] = field(default_factory=dict)

    def digest(self) -> str:
        """The SHA-256 of what was sent, to tell a repeat from another report.

        A page without scripts stamps the consent anew with each try, so its moment is left out.
        """
        sent = asdict(self) | {"consent_at": None}
        if self.place is None:
            del sent["place"]  # as before there was one: a repeat may come days later
        return hashlib.sha256(orjson.dumps(sent, option=orjson.OPT_SORT_KEYS)).hexdigest()


def file_report(
    session: Session,
    filing: Filing,
    *,
    now: datetime,
    town_time: tzinfo,
    source: str,
    citizen_id: uuid.UUID | None = None,
    key: uuid.UUID | None = None,
    sender: Sender | None = None,
    town_box: Box | None = None,
    staff_id: uuid.UUID | None = None,
    setup: Setup | None = None,
) -> tuple[Report, bool]:
    """Put *filing* on file; the report, and whether it was on file before.

    *staff_id* is who of the staff files it for somebody; *setup* is read where the caller has
    not kept it. A repeat with the same *key* gives the
    first report, also while the first is being filed.
    Raises Conflict for a key that came with another report, Refused for a *sender* who is blocked,
    NotFound for a place that there is not, and Invalid, also for what lies outside of *town_box*.
    """
    digest = filing.digest()
    before = session.execute(BEFORE, {"key": key, **blocking.asked(sender, now)}).one()
    if before.filed:
        return _filed_before(session, before.filed, digest), True
    if before.until:
        blocking.refuse(before.until, before.reason, town_time)
    setup = setup or read(session)
    filing = _placed(session, filing, town_box, now, setup)
    phone = _phone(filing.contact.phone)
    category, values = _checked(filing, phone, now, setup)
    values |= {
        "id": uuid.uuid4(),
        "citizen_id": citizen_id,
        "source": source,
        "status": State.RECEIVED,
        "filing_key": key,
        "filing_digest": digest if key else None,
        "created_at": now,
        "updated_at": now,
    }
    values |= clocks.begun(category.promise, setup.working_time(town_time), now)
    values["office"] = setup.office_for(category, filing.quarter, now)
    report = _inserted(session, values)
    while report is None:
        # Either the key is on file by now, from a request beside this one, or the code is.
        if filed := session.scalar(FILED_BEFORE, {"key": key}):
            return _filed_before(session, filed, digest), True
        report = _inserted(session, values)
    if filing.contact:
        contact = {"name": filing.contact.name, "phone": phone, "email": filing.contact.email}
        put(session, ReportContact, {"report_id": report.id, **contact})
    if sender:
        blocking.remember(session, report, sender, now)
    event = ReportEvent(
        report_id=report.id,
        at=now,
        kind="filed",
        by=Who.OFFICER if staff_id else Who.REPORTER,
        staff_id=staff_id,
        to_status=State.RECEIVED,
        internal=False,
    )
    history.put(session, [event, routed(report, now)] if report.office else [event])
    tell_reporter(session, report, event, now)
    return report, False


def routed(report: Report, now: datetime) -> ReportEvent:
    """That a rule gave *report* to its office."""
    return internal(report.id, "assigned", now, by=Who.SYSTEM, text=report.office)


def _placed(
    session: Session, filing: Filing, town_box: Box | None, now: datetime, setup: Setup
) -> Filing:
    """*filing* with what can be found out of where it is."""
    said = Whereabouts(
        lat=filing.lat, lng=filing.lng, place_text=filing.place_text, quarter=filing.quarter
    )
    found = settled(session, said, filing.place, town_box, now, setup.quarters)
    return replace(
        filing,
        lat=found.lat,
        lng=found.lng,
        place_text=found.place_text,
        quarter=found.quarter,
    )


def _inserted(session: Session, values: dict[str, Any]) -> Report | None:
    code = codes.new_code()
    searchable = as_searched(code, values["description"], values["place_text"])
    row = AS_FILED | values | {"code": code, "searchable": searchable}
    if not put(session, Report, row):
        return None
    report = Report(**row)
    make_transient_to_detached(report)  # what was put is all there is to know of it
    session.add(report)
    return report


def _filed_before(session: Session, report_id: uuid.UUID, digest: str) -> Report:
    report = session.get_one(Report, report_id)
    if report.filing_digest != digest:
        raise Conflict(N_("This Idempotency-Key was used for another report."))
    return report


def _checked(
    filing: Filing, phone: str | None, now: datetime, setup: Setup
) -> tuple[Category, dict[str, Any]]:
    """The category and the columns of *filing*. Raises Invalid that names each wrong field."""
    errors: dict[str, list[str]] = {}
    category = setup.category(filing.category)
    if filing.quarter:
        setup.check_quarter(filing.quarter)
    if (filing.lat is None or filing.lng is None) and not filing.place_text:
        needed = [N_("Say where: a point on the map, or the place in words.")]
        errors |= {"location": needed, "place_text": needed}
    errors |= _errors_of_consent(filing, now)
    if filing.contact.phone and phone is None:
        errors["contact.phone"] = [N_("This is not a telephone number.")]
    errors |= _errors_of_attributes(filing.attributes, category.questions)
    if errors:
        raise Invalid(errors)
    return category, {
        "category": filing.category,
        "description": filing.description,
        "lat": filing.lat,
        "lng": filing.lng,
        "cell": cell_of(filing.lat, filing.lng),
        "place_text": filing.place_text,
        "quarter": filing.quarter,
        "anonymous": filing.anonymous,
        "consent_version": filing.consent_version,
        "consent_at": filing.consent_at,
        "attributes": dict(filing.attributes),
    }


def _errors_of_consent(filing: Filing, now: datetime) -> dict[str, list[str]]:
    if filing.contact and not (filing.consent_version and filing.consent_at):
        return {"consent": [N_("A contact is kept only with its owner's consent.")]}
    if filing.consent_at and filing.consent_at > now + CLOCKS_DIFFER_BY:
        return {"consent": [N_("The consent lies in the future.")]}
    return {}


def _errors_of_attributes(
    given: Mapping[str, Any], asked: Sequence[Mapping[str, Any]]
) -> dict[str, list[str]]:
    questions = {question["code"]: question for question in asked}
    errors = {
        f"attributes.{code}": [N_("This category does not ask for it.")]
        for code in given.keys() - questions.keys()
    }
    for code, question in questions.items():
        answer = given.get(code)
        if answer is None or answer == "":
            if question.get("required"):
                errors[f"attributes.{code}"] = [N_("Missing data for required field.")]
        elif not _fits(answer, question):
            errors[f"attributes.{code}"] = [N_("This does not answer the question.")]
    return errors


def _fits(answer: Any, question: Mapping[str, Any]) -> bool:
    match question["datatype"]:
        case "number":
            return isinstance(answer, int | float) and not isinstance(answer, bool)
        case "singlevaluelist":
            return answer in [value["key"] for value in question["values"]]
        case _:
            return (
                isinstance(answer, str) and len(answer) <= LONGEST_ANSWER and answer.isprintable()
            )


def _phone(typed: str | None) -> str | None:
    """*typed* in E.164, read as people in Vietnam write numbers; None where it is none."""
    if not typed:
        return None
    try:
        number = phonenumbers.parse(typed, "VN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
