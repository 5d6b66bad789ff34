"""Devices as their apps register them: who knows an installation's id is that installation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_restx import Resource

from backend import current
from backend.accounts import access, citizens
from backend.accounts.schemas import InboxQuery
from backend.database import session
from backend.devices import browsers
from backend.devices.schemas import (
    BrowserKey,
    DeviceMessage,
    DevicePreferences,
    Receipt,
    RegisteredDevice,
    Registration,
)
from backend.paging import page
from backend.rest import Namespace, page_of
from content.errors import N_, Invalid
from notifications import devices, inbox, webpush
from notifications.devices import Device, Preferences
from notifications.messages import InboxItem
from notifications.payload import LARGEST_ID

api = Namespace("devices", path="/devices", description="Where push messages go")
api.param("installation_id", "A random UUID that the app made and tells nobody else")

DEVICE, PREFERENCES = RegisteredDevice(), DevicePreferences()


def installation(text: str) -> UUID:
    """The installation's id in the address. Raises Invalid that names it."""
    try:
        return UUID(text)
    except ValueError:
        raise Invalid({"installation_id": [N_("Must be a UUID that the app made.")]}) from None


def device_of(text: str) -> Device:
    """The device whose app calls. Raises NotFound, Invalid."""
    return devices.device(session, installation(text))


@api.route("/webpush/key")
class WebPushKey(Resource):
    @access.public
    @api.returns(BrowserKey())
    def get(self) -> dict[str, str | None]:
        """What browsers subscribe with; null where Web Push is switched off."""
        return {"public_key": browsers.public_key()}


@api.route("/<installation_id>")
class Registered(Resource):
    @access.anyone
    @api.accepts(Registration())
    @api.returns(DEVICE)
    def put(self, body: dict[str, Any], installation_id: str) -> Device:
        """Register a device, or refresh it.

        Signed in, messages to the citizen come to it; without signing in they no longer do.
        """
        if body["kind"] == webpush.KIND and body["address"]:
            body["address"] = browsers.address_of(body["address"])
        citizen = citizens.optional()
        device = devices.register(
            session,
            installation(installation_id),
            citizen_id=citizen.id if citizen else None,
            now=current.now(),
            **body,
        )
        session.commit()
        return device

    @access.anyone
    @api.response(204, "Forgotten")
    def delete(self, installation_id: str) -> tuple[None, int]:
        """Forget a device, its preferences and its inbox."""
        devices.remove(session, installation(installation_id))
        session.commit()
        return None, 204


@api.route("/<installation_id>/preferences")
class DevicesPreferences(Resource):
    @access.anyone
    @api.returns(PREFERENCES)
    def get(self, installation_id: str) -> Preferences:
        """What a device wants to hear, and when."""
        return devices.preferences(session, device_of(installation_id))

    @access.anyone
    @api.accepts(PREFERENCES)
    @api.returns(PREFERENCES)
    def put(self, wanted: Preferences, installation_id: str) -> Preferences:
        """Say what a device wants to hear, and when."""
        device = device_of(installation_id)
        devices.set_preferences(session, device, wanted, current.now())
        session.commit()
        return devices.preferences(session, device)


@api.route("/<installation_id>/receipts")
class Receipts(Resource):
    @access.anyone
    @api.accepts(Receipt())
    @api.response(204, "Noted")
    def post(self, body: dict[str, Any], installation_id: str) -> tuple[None, int]:
        """Say that a push message came, or was opened; the first time counts."""
        # A phone's clock may be ahead of ours.
        at = min(body["at"], current.now())
        device = device_of(installation_id)
        inbox.record_receipt(session, device, int(body["delivery_id"]), body["event"], at)
        session.commit()
        return None, 204


@api.route("/<installation_id>/inbox")
class DeviceInbox(Resource):
    @access.anyone
    @api.accepts(InboxQuery(), location="query")
    @api.returns(page_of(DeviceMessage))
    def get(self, query: dict[str, Any], installation_id: str) -> dict[str, Any]:
        """What a device was told, the newest first; also what push never brought.

        What was put away is asked for by `archived`.
        """
        return page(
            session,
            inbox.of_device(device_of(installation_id), archived=query.pop("archived")),
            (InboxItem.id,),
            descending=True,
            **query,
        )


@api.route("/<installation_id>/inbox/<int:delivery_id>/<act>")
@api.param("act", "read, archive or unarchive")
class DeviceInboxActs(Resource):
    @access.anyone
    @api.response(204, "Done")
    def post(self, installation_id: str, delivery_id: int, act: str) -> tuple[None, int]:
        """Mark a message as read, put it away, or take it out again: on this device."""
        # PostgreSQL refuses larger numbers.
        known = min(delivery_id, LARGEST_ID)
        inbox.do_on_device(
            session, device_of(installation_id), known, inbox.act(act), current.now()
        )
        session.commit()
        return None, 204
