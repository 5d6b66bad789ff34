"""Tide tables: imported by staff, shown with the status of the beaches."""

from __future__ import annotations

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_restx import Resource
from werkzeug.exceptions import UnsupportedMediaType

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from backend.tides.schemas import ImportQuery, StationSchema, TideImportSchema
from content.errors import N_, Invalid
from content.tides import verbs

staff = Namespace("staff-tides", path="/staff/tides", description="Tide tables")

STATIONS = page_of(StationSchema)
IMPORTED = TideImportSchema()
QUERY = ImportQuery()


@staff.route("")
class Tides(Resource):
    @access.staff(Permission.KEEP_TIDES)
    @staff.returns(STATIONS)
    def get(self) -> dict[str, Any]:
        """List the stations whose tides are known, and from when to when."""
        return {"items": verbs.stations(session), "next_cursor": None}

    @access.staff(Permission.KEEP_TIDES)
    @staff.doc(consumes=["text/csv", "multipart/form-data"])
    @staff.accepts(QUERY, location="query")
    @staff.returns(IMPORTED, code=201)
    @staff.response(200, "Checked only, for `dry_run`", IMPORTED)
    def post(self, args: dict[str, Any]) -> Any:
        """Import a table: CSV in UTF-8, as the body or as `file` of a form.

        Its first line is `station,time,height_m,kind`. Every bad line is listed by its number,
        and nothing is written where one is bad.
        """
        dry_run = args["dry_run"]
        spans = verbs.import_tides(session, _table(), editing(), dry_run=dry_run)
        session.commit()
        return {"dry_run": dry_run, "stations": spans}, 200 if dry_run else 201


@staff.route("/<station>")
@staff.param("station", "A station's name")
class OneStation(Resource):
    @access.staff(Permission.KEEP_TIDES)
    @staff.response(204, "Removed")
    def delete(self, station: str) -> tuple[None, int]:
        """Remove all that is known of a station's tides."""
        verbs.remove_station(session, station, editing())
        session.commit()
        return None, 204


def _table() -> bytes:
    if request.mimetype == "text/csv":
        return request.get_data()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(_("A table is sent as text/csv, or as `file` of a form."))
    file = request.files.get("file")
    if file is None:
        raise Invalid({"file": [N_("Missing data for required field.")]})
    return file.read()
