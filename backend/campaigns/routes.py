"""/api/v1/staff/campaigns: telling many, once people have confirmed it."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource
from sqlalchemy import select

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.campaigns import showing, trying
from backend.campaigns.schemas import (
    CampaignDraftSchema,
    CampaignQuery,
    CampaignSchema,
    ResentSchema,
)
from backend.campaigns.writing import draft_of
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, idempotency_key, page_of
from backend.staff_content import editing
from content.errors import N_, Conflict, NotFound
from notifications import campaigns, resending
from notifications.campaigns import Campaign
from notifications.messages import Message

api = Namespace("staff-campaigns", path="/staff/campaigns", description="Telling many at once")

SEND = access.staff(Permission.SEND_CAMPAIGNS)
CAMPAIGN, DRAFT = CampaignSchema(), CampaignDraftSchema()


def find(campaign_id: uuid.UUID) -> Campaign:
    """The campaign with that id. Raises NotFound."""
    found = session.get(Campaign, campaign_id)
    if found is None:
        raise NotFound(N_("There is nothing named %(name)s here."), name=str(campaign_id))
    return found


def confirm(campaign: Campaign) -> None:
    """Let whoever calls stand for *campaign*. Raises Conflict, Refused."""
    may_warn = employees.required().may(Permission.RAISE_ALERTS)
    campaigns.confirm(session, campaign, editing(), may_warn=may_warn)


def resend(campaign: Campaign) -> int:
    """Try *campaign* again for those it failed for; how many those are. Raises Conflict."""
    message = session.get(Message, campaign.message_id) if campaign.message_id else None
    if message is None:
        raise Conflict(N_("This campaign has not begun."))
    edit = editing()
    devices = resending.again(session, message, edit.now)
    campaigns.record(session, campaign, edit, "resend", devices=devices)
    return devices


@api.route("")
class Campaigns(Resource):
    @SEND
    @api.accepts(CampaignQuery(), location="query")
    @api.returns(page_of(CampaignSchema))
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List the campaigns, the newest first; each with its counts has an address of its own."""
        statement = select(Campaign)
        if args["state"]:
            statement = statement.where(Campaign.state == args["state"])
        found = page(
            session,
            statement,
            [Campaign.made_at, Campaign.id],
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )
        return found | {"items": showing.every(session, found["items"])}

    @SEND
    @api.param("Idempotency-Key", "A UUID the writer makes for each campaign", _in="header")
    @api.accepts(DRAFT)
    @api.returns(CAMPAIGN, code=201)
    @api.response(200, "A dry run, or written before with the same Idempotency-Key", CAMPAIGN)
    def post(self, body: dict[str, Any]) -> Any:
        """Write a campaign, which is sent once it is confirmed; or try it.

        A dry run checks everything and counts the devices, and keeps nothing.
        """
        now = current.now()
        draft = draft_of(session, body, now)
        if body["dry_run"]:
            texts = campaigns.check(session, draft, now)
            answer = showing.tried(session, draft, texts)
            session.rollback()  # nothing is held while FCM is asked
            return answer | {"validated": trying.verdict(current.settings(), draft, texts)}, 200
        campaign, repeated = campaigns.write(session, draft, editing(), key=idempotency_key())
        session.commit()
        return showing.shown(session, campaign), 200 if repeated else 201


@api.route("/<uuid:campaign_id>")
class OneCampaign(Resource):
    @SEND
    @api.returns(CAMPAIGN)
    def get(self, campaign_id: uuid.UUID) -> dict[str, Any]:
        """One campaign, and how far it came."""
        return showing.shown(session, find(campaign_id))


@api.route("/<uuid:campaign_id>/confirm")
class Confirmation(Resource):
    @SEND
    @api.returns(CAMPAIGN)
    def post(self, campaign_id: uuid.UUID) -> dict[str, Any]:
        """Stand for it: it begins at its moment; an emergency waits for a second person."""
        campaign = find(campaign_id)
        confirm(campaign)
        session.commit()
        return showing.shown(session, campaign)


@api.route("/<uuid:campaign_id>/cancel")
class Cancellation(Resource):
    @SEND
    @api.returns(CAMPAIGN)
    def post(self, campaign_id: uuid.UUID) -> dict[str, Any]:
        """Tell nobody, or nobody more where it has begun."""
        campaign = find(campaign_id)
        campaigns.cancel(session, campaign, editing())
        session.commit()
        return showing.shown(session, campaign)


@api.route("/<uuid:campaign_id>/resend")
class Resending(Resource):
    @SEND
    @api.returns(ResentSchema(), code=202)
    def post(self, campaign_id: uuid.UUID) -> dict[str, int]:
        """Try again for the devices it failed for."""
        devices = resend(find(campaign_id))
        session.commit()
        return {"devices": devices}
