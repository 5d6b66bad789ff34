"""Alerts in force, and issuing them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_restx import Resource
from sqlalchemy import select

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.alerts.publishing import issuer, push
from backend.alerts.schemas import (
    AlertCancelSchema,
    AlertDraftSchema,
    AlertQuery,
    AlertSchema,
    AlertUpdateSchema,
    MessagesQuery,
    StaffAlertSchema,
)
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, idempotency_key, page_of
from backend.staff_content import editing
from content.alerts import verbs
from content.alerts.models import Alert

api = Namespace("alerts", path="/alerts", description="Warnings in force")
staff = Namespace("staff-alerts", path="/staff/alerts", description="Issuing warnings")

QUERY, MESSAGES_QUERY = AlertQuery(), MessagesQuery()
ALERT, ALERTS = AlertSchema(), page_of(AlertSchema)
ON_FILE, ALL_ON_FILE = StaffAlertSchema(), page_of(StaffAlertSchema)
DRAFT, CHANGES, END = AlertDraftSchema(), AlertUpdateSchema(), AlertCancelSchema()


@api.route("")
class Alerts(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(ALERTS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List the warnings and bans in force, the newest first."""
        return {"items": verbs.alerts_in_force(session, current.now()), "next_cursor": None}


@api.route("/<uuid:alert_id>")
class OneAlert(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(ALERT)
    def get(self, args: dict[str, Any], alert_id: UUID) -> Alert:
        """Read one message, also when it is no longer in force."""
        return verbs.find_alert(session, alert_id)


@staff.route("")
class AlertMessages(Resource):
    @access.staff(Permission.RAISE_ALERTS)
    @staff.accepts(MESSAGES_QUERY, location="query")
    @staff.returns(ALL_ON_FILE)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List every message that was ever sent, the newest first."""
        statement = select(Alert)
        if args["event"]:
            statement = statement.where(Alert.event == args["event"])
        return page(
            session,
            statement,
            [Alert.sent, Alert.id],
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )

    @access.staff(Permission.RAISE_ALERTS)
    @staff.param("Idempotency-Key", "A UUID the sender makes for each warning", _in="header")
    @staff.accepts(DRAFT)
    @staff.returns(ON_FILE, code=201)
    @staff.response(200, "Issued before, with the same Idempotency-Key", ON_FILE)
    def post(self, body: dict[str, Any]) -> Any:
        """Warn people at once: on the pages, in the feeds, on the phones.

        A repeat with the same Idempotency-Key answers as the first did, with 200.
        """
        notify, key = body.pop("notify"), idempotency_key()
        if key is None:
            return _sent(verbs.issue(session, issuer(), editing(), **body), notify=notify)
        alert, repeated = verbs.issue_once(
            session, issuer(), editing(), body, key=key, notify=notify
        )
        return (alert, 200) if repeated else _sent(alert, notify=notify)


@staff.route("/<uuid:alert_id>/update")
class AlertUpdates(Resource):
    @access.staff(Permission.RAISE_ALERTS)
    @staff.accepts(CHANGES)
    @staff.returns(ON_FILE, code=201)
    def post(self, body: dict[str, Any], alert_id: UUID) -> Alert:
        """Say what has changed: a new message that refers back to the earlier ones."""
        notify = body.pop("notify")
        before = verbs.find_alert(session, alert_id)
        verbs.refuse_follower(before)
        alert = verbs.renew(session, before, body, issuer(), editing())
        return _sent(alert, notify=notify)


@staff.route("/<uuid:alert_id>/cancel")
class AlertCancels(Resource):
    @access.staff(Permission.RAISE_ALERTS)
    @staff.accepts(END)
    @staff.returns(ON_FILE, code=201)
    def post(self, body: dict[str, Any], alert_id: UUID) -> Alert:
        """End a warning before its time: a message that refers back to the earlier ones."""
        notify = body.pop("notify")
        before = verbs.find_alert(session, alert_id)
        verbs.refuse_follower(before)
        alert = verbs.cancel(session, before, issuer(), editing(), **body)
        return _sent(alert, notify=notify)


def _sent(alert: Alert, *, notify: bool) -> Alert:
    if notify:
        push(session, alert)
    session.commit()
    return alert
