"""Forwardings: which reports go on to which other server, kept by administrators."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.offices import check_office
from backend.open311.models import ForwardedReport, Forwarding, Progress
from backend.open311.peers import Address
from backend.outgoing import is_public_address
from content import audit
from content.errors import N_, Conflict, Invalid, NotFound
from content.publishing import Edit
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import terms

SUBJECT = "forwarding"
EVERY_OTHER = "*"
FIELDS = (
    "label",
    "category",
    "office",
    "url",
    "jurisdiction",
    "form",
    "service_codes",
    "own_words",
    "is_idempotent",
    "active",
)


def every(session: Session) -> Sequence[Forwarding]:
    """All forwardings, by their labels."""
    return session.scalars(select(Forwarding).order_by(Forwarding.label)).all()


def one(session: Session, forwarding_id: uuid.UUID) -> Forwarding:
    """The forwarding of that id. Raises NotFound."""
    found = session.get(Forwarding, forwarding_id)
    if found is None:
        raise NotFound(N_("There is no such forwarding."))
    return found


def address_of(forwarding: Forwarding) -> Address:
    """Where the server of *forwarding* is."""
    return Address(
        url=forwarding.url,
        form=forwarding.form,
        api_key=forwarding.api_key,
        jurisdiction=forwarding.jurisdiction,
    )


def add(session: Session, values: Mapping[str, Any], edit: Edit, *, private: bool) -> Forwarding:
    """A new forwarding of what comes in from now on.

    *private* allows http and private addresses. Raises Conflict for a label that is taken, and
    Invalid that names every field that is wrong.
    """
    forwarding = Forwarding(
        label="", url="", form="json", service_codes={}, own_words=False,
        is_idempotent=False, active=True, next_poll_at=edit.now, failures=0,
        created_at=edit.now,
    )  # fmt: skip
    _set(session, forwarding, values, edit, private=private)
    session.add(forwarding)
    session.flush()
    audit.record(
        session, edit, act="create", subject=(SUBJECT, str(forwarding.id)), after=_said(forwarding)
    )
    return forwarding


def change(
    session: Session,
    forwarding: Forwarding,
    values: Mapping[str, Any],
    edit: Edit,
    *,
    private: bool,
) -> None:
    """Give *forwarding* these *values*; its server is asked again soon. Raises as `add`."""
    before = _said(forwarding)
    _set(session, forwarding, values, edit, private=private)
    forwarding.offers_updates, forwarding.failures = None, 0
    forwarding.next_poll_at = edit.now
    session.flush()
    audit.record(
        session,
        edit,
        act="change",
        subject=(SUBJECT, str(forwarding.id)),
        before=before,
        after=_said(forwarding),
    )


def remove(session: Session, forwarding: Forwarding, edit: Edit) -> None:
    """Remove *forwarding*. Raises Conflict where reports went by it: it can be switched off."""
    went = select(ForwardedReport.id).where(ForwardedReport.forwarding_id == forwarding.id)
    if session.scalar(went.limit(1)):
        raise Conflict(N_("Reports went this way: switch it off instead."))
    audit.record(
        session, edit, act="delete", subject=(SUBJECT, str(forwarding.id)), before=_said(forwarding)
    )
    session.delete(forwarding)
    session.flush()


def forwarded(session: Session, forwarded_id: uuid.UUID) -> ForwardedReport:
    """A report that was forwarded. Raises NotFound."""
    found = session.get(ForwardedReport, forwarded_id)
    if found is None:
        raise NotFound(N_("There is no such forwarded report."))
    return found


def send_again(session: Session, sent: ForwardedReport, edit: Edit) -> None:
    """Let a report that was refused, or whose fate nobody knows, be sent once more.

    A person says so who has looked. Raises Conflict for any other.
    """
    if sent.state not in (Progress.REFUSED, Progress.UNSURE):
        raise Conflict(N_("Only what was refused or is unsure is sent again."))
    audit.record(
        session,
        edit,
        act="send_again",
        subject=("report", str(sent.report_id)),
        before={"state": sent.state},
        after={"state": Progress.WAITING},
    )
    sent.state, sent.error, sent.updated_at = Progress.WAITING, None, edit.now


def _set(
    session: Session,
    forwarding: Forwarding,
    values: Mapping[str, Any],
    edit: Edit,
    *,
    private: bool,
) -> None:
    values = {
        name: None if value == "" else value.rstrip("/") if name == "url" else value
        for name, value in values.items()
    }
    merged = {name: getattr(forwarding, name) for name in FIELDS} | values
    _check(session, forwarding, merged, private=private)
    for name in (*FIELDS, "api_key"):
        if name in values:
            setattr(forwarding, name, values[name])
    forwarding.updated_at, forwarding.changed_by = edit.now, edit.by


def _check(
    session: Session, forwarding: Forwarding, values: Mapping[str, Any], *, private: bool
) -> None:
    with session.no_autoflush:
        same = session.scalar(select(Forwarding.id).where(Forwarding.label == values["label"]))
    if same and same != forwarding.id:
        raise Conflict(N_("There is a forwarding with this label already."))
    errors: dict[str, list[str]] = {}
    if not values["category"] and not values["office"]:
        needed = [N_("Name a category or an office.")]
        errors |= {"category": needed, "office": needed}
    known = {term.code for term in terms(session, Vocabulary.REPORT)}
    if values["category"] and values["category"] not in known:
        errors["category"] = [N_("There is no such category.")]
    if values["service_codes"].keys() - known - {EVERY_OTHER}:
        errors["service_codes"] = [N_("There is no such category.")]
    elif not values["service_codes"]:
        errors["service_codes"] = [N_("Say what the other server calls the category.")]
    if not _may_be_called(values["url"], private=private):
        errors["url"] = [N_("An address of the public internet that begins with https://.")]
    if errors:
        raise Invalid(errors)
    if values["office"]:
        check_office(session, values["office"])


def _may_be_called(url: str, *, private: bool) -> bool:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme not in (("https", "http") if private else ("https",)) or not host:
        return False
    if parts.query or parts.fragment or parts.username or parts.password:
        return False
    # Names are looked up when they are called; an address is judged at once.
    is_address = host.replace(".", "").isdigit() or ":" in host
    return private or not is_address or is_public_address(host)


def _said(forwarding: Forwarding) -> dict[str, Any]:
    """What the audit says: all but the key itself."""
    said = {name: getattr(forwarding, name) for name in FIELDS}
    return said | {"has_key": forwarding.api_key is not None}
