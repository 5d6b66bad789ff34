"""Areas that a citizen, or the device of a guest, follows."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access, citizens
from backend.database import session
from backend.devices.routes import device_of
from backend.feedback.nearby import following
from backend.feedback.nearby.following import Owner, Wish
from backend.feedback.nearby.models import FollowedArea
from backend.feedback.nearby.schemas import Area, Areas, NewArea
from backend.limits import limiter
from backend.rest import Namespace

my_api = Namespace("my-areas", description="Areas I follow", path="/me/areas")
api = Namespace("areas", description="Areas that a guest's device follows", path="/devices")

SEVERAL = limiter.limit("60 per hour", override_defaults=False)
AREA, AREAS, NEW = Area(), Areas(), NewArea()


def _mine() -> Owner:
    return Owner(citizen_id=citizens.required().id)


def _of(installation_id: str) -> Owner:
    return Owner(device_id=device_of(installation_id).id)


def _listed(owner: Owner) -> dict[str, Any]:
    return {"items": following.areas_of(session, owner)}


def _follow(owner: Owner, wish: Wish) -> tuple[FollowedArea, int]:
    box = current.settings().town_box
    area, known = following.follow(session, owner, wish, now=current.now(), town_box=box)
    session.commit()
    return area, 200 if known else 201


def _leave(owner: Owner, area_id: uuid.UUID) -> tuple[None, int]:
    following.leave(session, owner, area_id)
    session.commit()
    return None, 204


@my_api.route("")
class MyAreas(Resource):
    @access.citizen
    @my_api.returns(AREAS)
    def get(self) -> dict[str, Any]:
        """The areas I follow."""
        return _listed(_mine())

    @access.citizen
    @SEVERAL
    @my_api.accepts(NEW)
    @my_api.returns(AREA, 201)
    def post(self, body: Wish) -> tuple[FollowedArea, int]:
        """Follow an area: I am told on all my devices what is reported and resolved there."""
        return _follow(_mine(), body)


@my_api.route("/<uuid:area_id>")
class MyArea(Resource):
    @access.citizen
    @my_api.response(204, "Left")
    def delete(self, area_id: uuid.UUID) -> tuple[None, int]:
        """Follow an area no longer."""
        return _leave(_mine(), area_id)


@api.route("/<installation_id>/areas")
@api.param("installation_id", "A random UUID that the app made and tells nobody else")
class DevicesAreas(Resource):
    @access.anyone
    @api.returns(AREAS)
    def get(self, installation_id: str) -> dict[str, Any]:
        """The areas that a device follows."""
        return _listed(_of(installation_id))

    @access.anyone
    @SEVERAL
    @api.accepts(NEW)
    @api.returns(AREA, 201)
    def post(self, body: Wish, installation_id: str) -> tuple[FollowedArea, int]:
        """Follow an area without signing in: this device is told."""
        return _follow(_of(installation_id), body)


@api.route("/<installation_id>/areas/<uuid:area_id>")
@api.param("installation_id", "A random UUID that the app made and tells nobody else")
class DevicesArea(Resource):
    @access.anyone
    @api.response(204, "Left")
    def delete(self, installation_id: str, area_id: uuid.UUID) -> tuple[None, int]:
        """Follow an area no longer on this device."""
        return _leave(_of(installation_id), area_id)
