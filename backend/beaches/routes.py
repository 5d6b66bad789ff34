"""Reading beaches, and what people on duty say of them."""

from __future__ import annotations

import uuid
from typing import Any
from uuid import UUID

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.alerts.publishing import issuer
from backend.beaches.schemas import (
    BanDraftSchema,
    BeachQuery,
    BeachSchema,
    BeachStatusSchema,
    LifeguardScheduleSchema,
    ObservationSchema,
    WaterSampleSchema,
)
from backend.database import session
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from content.beaches import queries, schedules, verbs
from content.beaches.models import (
    Beach,
    LifeguardSchedule,
    Observation,
    SwimBan,
    WaterSample,
)
from content.publishing import find_visible

api = Namespace("beaches", path="/beaches", description="Beaches, and swimming there")
staff = Namespace("staff-beaches", path="/staff/beaches", description="Duty at the beach")

BEACHES = page_of(BeachSchema)
BEACH = BeachSchema()
STATUS = BeachStatusSchema()
QUERY = BeachQuery()
OBSERVATION = ObservationSchema()
BAN = BanDraftSchema()
BAN_CHANGES = BanDraftSchema(only=("reason", "ends_at"), partial=True)
SAMPLE = WaterSampleSchema()
SCHEDULE = LifeguardScheduleSchema()
SCHEDULE_CHANGES = LifeguardScheduleSchema(partial=True)
SCHEDULES = page_of(LifeguardScheduleSchema)

EVERYWHERE = "all"
"""In the place of a beach's id: every beach of the town."""


def _beach(key: str) -> Beach:
    return find_visible(session, Beach, key, current.now())


def _beach_or_all(key: str) -> Beach | None:
    return None if key == EVERYWHERE else _beach(key)


@api.route("")
class Beaches(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(BEACHES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List every beach of the town."""
        return {"items": queries.beaches(session, current.now()), "next_cursor": None}


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OneBeach(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(BEACH)
    def get(self, args: dict[str, Any], key: str) -> Beach:
        """Read one beach."""
        return _beach(key)


@api.route("/<key>/status")
@api.param("key", "An id or a readable address")
class BeachStatus(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(STATUS)
    def get(self, args: dict[str, Any], key: str) -> queries.Status:
        """What is known now: flag, ban, warnings, lifeguards, water, sun."""
        return queries.status(session, _beach(key), current.now())


@staff.route("/<key>/observations")
@staff.param("key", "An id or a readable address")
class Observations(Resource):
    @access.staff(Permission.OBSERVE_BEACH)
    @staff.accepts(OBSERVATION)
    @staff.returns(OBSERVATION, code=201)
    def post(self, body: dict[str, Any], key: str) -> Observation:
        """Say which flag flies at a beach; people see it at once."""
        observation = verbs.observe(session, _beach(key), editing(), **body)
        session.commit()
        return observation


@staff.route("/<key>/observations/<uuid:observation_id>")
@staff.param("key", "An id or a readable address")
class OneObservation(Resource):
    @access.staff(Permission.OBSERVE_BEACH)
    @staff.response(204, "Withdrawn")
    def delete(self, key: str, observation_id: uuid.UUID) -> tuple[None, int]:
        """Take back within ten minutes what one posted by mistake; what was known before holds."""
        verbs.withdraw(session, _beach(key), observation_id, editing())
        session.commit()
        return None, 204


@staff.route("/<key>/bans")
@staff.param("key", "An id or a readable address; `all` for every beach")
class Bans(Resource):
    @access.staff(Permission.BAN_SWIMMING)
    @staff.accepts(BAN)
    @staff.returns(BAN, code=201)
    def post(self, body: dict[str, Any], key: str) -> SwimBan:
        """Ban swimming, until an end or until it is lifted."""
        made = verbs.ban(session, _beach_or_all(key), editing(), issuer=issuer(), **body)
        session.commit()
        return made

    @access.staff(Permission.BAN_SWIMMING)
    @staff.response(204, "Lifted")
    def delete(self, key: str) -> tuple[None, int]:
        """Lift the bans of a beach; a ban on every beach is lifted by `all` alone."""
        verbs.lift_bans(session, _beach_or_all(key), editing(), issuer=issuer())
        session.commit()
        return None, 204


@staff.route("/<key>/bans/<uuid:ban_id>")
@staff.param("key", "An id or a readable address; `all` for every beach")
class OneBan(Resource):
    @access.staff(Permission.BAN_SWIMMING)
    @staff.accepts(BAN_CHANGES)
    @staff.returns(BAN)
    def patch(self, body: dict[str, Any], key: str, ban_id: UUID) -> SwimBan:
        """Change the reason or the end of a ban that holds or is to come."""
        held = verbs.find_ban(session, _beach_or_all(key), ban_id)
        verbs.change_ban(session, held, body, editing(), issuer=issuer())
        session.commit()
        return held


@staff.route("/<key>/water-samples")
@staff.param("key", "An id or a readable address")
class WaterSamples(Resource):
    @access.staff(Permission.SAMPLE_WATER)
    @staff.accepts(SAMPLE)
    @staff.returns(SAMPLE, code=201)
    def post(self, body: dict[str, Any], key: str) -> WaterSample:
        """Put a laboratory's result on file."""
        made = verbs.sample(session, _beach(key), editing(), **body)
        session.commit()
        return made


@staff.route("/<key>/water-samples/<uuid:sample_id>")
@staff.param("key", "An id or a readable address")
class OneWaterSample(Resource):
    @access.staff(Permission.SAMPLE_WATER)
    @staff.response(204, "Removed")
    def delete(self, key: str, sample_id: UUID) -> tuple[None, int]:
        """Remove a result that was entered wrongly; the one before it counts again."""
        verbs.remove_sample(session, _beach(key), sample_id, editing())
        session.commit()
        return None, 204


@staff.route("/<key>/lifeguard-schedules")
@staff.param("key", "An id or a readable address")
class LifeguardSchedules(Resource):
    @access.staff()
    @staff.returns(SCHEDULES)
    def get(self, key: str) -> dict[str, Any]:
        """List the hours of the lifeguards at a beach, also of other seasons."""
        return {"items": schedules.schedules_of(session, _beach(key)), "next_cursor": None}

    @access.staff(Permission.SCHEDULE_LIFEGUARDS)
    @staff.accepts(SCHEDULE)
    @staff.returns(SCHEDULE, code=201)
    def post(self, body: dict[str, Any], key: str) -> LifeguardSchedule:
        """Put hours on file; they must not overlap others of the beach."""
        made = schedules.add_schedule(session, _beach(key), body, editing())
        session.commit()
        return made


@staff.route("/<key>/lifeguard-schedules/<uuid:schedule_id>")
@staff.param("key", "An id or a readable address")
class OneLifeguardSchedule(Resource):
    @access.staff(Permission.SCHEDULE_LIFEGUARDS)
    @staff.accepts(SCHEDULE_CHANGES)
    @staff.returns(SCHEDULE)
    def patch(self, body: dict[str, Any], key: str, schedule_id: UUID) -> LifeguardSchedule:
        """Change some fields of a schedule."""
        schedule = schedules.find_schedule(session, _beach(key), schedule_id)
        schedules.change_schedule(session, schedule, body, editing())
        session.commit()
        return schedule

    @access.staff(Permission.SCHEDULE_LIFEGUARDS)
    @staff.response(204, "Removed")
    def delete(self, key: str, schedule_id: UUID) -> tuple[None, int]:
        """Remove a schedule."""
        schedule = schedules.find_schedule(session, _beach(key), schedule_id)
        schedules.remove_schedule(session, schedule, editing())
        session.commit()
        return None, 204
