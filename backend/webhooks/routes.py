"""/api/v1/staff/webhooks: which systems are told of every change of a report."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from backend.webhooks import managing, schemas
from backend.webhooks.models import Webhook, WebhookDelivery
from backend.webhooks.signing import secret_of

api = Namespace(
    "staff-webhooks", description="Systems that are told of reports", path="/staff/webhooks"
)
webhook_schema = schemas.WebhookSchema()


def private() -> bool:
    """Whether http and private addresses may be called."""
    return current.settings().webhooks_private


@api.route("")
class WebhookList(Resource):
    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.returns(schemas.Webhooks())
    def get(self) -> dict[str, Any]:
        """All webhooks."""
        return {"items": managing.every(session)}

    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.accepts(schemas.WebhookChange())
    @api.returns(schemas.NewWebhook(), 201)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Tell a system of every change from now on. The secret is shown this once."""
        webhook = managing.add(session, body, editing(), private=private())
        session.commit()
        shown = {name: getattr(webhook, name) for name in webhook_schema.dump_fields}
        return shown | {"secret": secret_of(webhook.id, current.settings().secret_key)}


@api.route("/<uuid:webhook_id>")
class OneWebhook(Resource):
    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.returns(webhook_schema)
    def get(self, webhook_id: uuid.UUID) -> Webhook:
        """One webhook."""
        return managing.one(session, webhook_id)

    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.accepts(schemas.WebhookChange(partial=True))
    @api.returns(webhook_schema)
    def patch(self, body: dict[str, Any], webhook_id: uuid.UUID) -> Webhook:
        """Change a webhook, or switch it on or off."""
        webhook = managing.one(session, webhook_id)
        managing.change(session, webhook, body, editing(), private=private())
        session.commit()
        return webhook

    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.response(204, "Removed")
    def delete(self, webhook_id: uuid.UUID) -> tuple[None, int]:
        """Remove a webhook and its log."""
        managing.remove(session, managing.one(session, webhook_id), editing())
        session.commit()
        return None, 204


@api.route("/<uuid:webhook_id>/deliveries")
class Deliveries(Resource):
    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.accepts(schemas.DeliveryQuery(), location="query")
    @api.returns(page_of(schemas.DeliverySchema))
    def get(self, query: dict[str, Any], webhook_id: uuid.UUID) -> dict[str, Any]:
        """What a webhook was told in the last month, the newest first."""
        webhook = managing.one(session, webhook_id)
        return page(
            session,
            managing.deliveries(session, webhook, query["state"]),
            (WebhookDelivery.created_at, WebhookDelivery.id),
            limit=query["limit"],
            cursor=query["cursor"],
            descending=True,
        )


@api.route("/<uuid:webhook_id>/replay")
class ReplayAgain(Resource):
    @access.staff(Permission.MANAGE_WEBHOOKS)
    @api.accepts(schemas.Replay())
    @api.returns(schemas.Replaying(), 202)
    def post(self, body: dict[str, Any], webhook_id: uuid.UUID) -> dict[str, Any]:
        """Send one delivery again, or all that happened since a moment."""
        managing.replay(
            session,
            managing.one(session, webhook_id),
            since=body.get("since"),
            delivery_id=body.get("delivery"),
            now=current.now(),
        )
        session.commit()
        return {"queued": True}
