"""Reading the public holidays, and entering those of a year."""

from __future__ import annotations

from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.holidays.schemas import HolidayQuery, HolidaysSchema, HolidayYearSchema
from backend.rest import Namespace
from backend.staff_content import editing
from content import town
from content.errors import N_, NotFound
from content.holidays import verbs
from content.holidays.computed import holidays
from content.holidays.queries import Year, of_year

api = Namespace("holidays", path="/holidays", description="Public holidays")
staff = Namespace("staff-holidays", path="/staff/holidays", description="Entering public holidays")

HOLIDAYS = HolidaysSchema()
ENTERED = HolidayYearSchema()
QUERY = HolidayQuery()


@api.route("")
class Holidays(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(HOLIDAYS)
    def get(self, args: dict[str, Any]) -> Year:
        """The public holidays of a year."""
        this_year = current.now().astimezone(town.TIME).year
        return of_year(session, this_year if args["year"] is None else args["year"])


@staff.route("/<year>")
@staff.param("year", "A year, such as 2026")
class HolidaysOfYear(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @staff.returns(ENTERED)
    def get(self, year: str) -> dict[str, Any]:
        """The holidays of a year in all languages, and what law says of it."""
        return _shown(of_year(session, _number(year)))

    @access.staff(Permission.PUBLISH_CONTENT)
    @staff.accepts(ENTERED)
    @staff.returns(ENTERED)
    def put(self, body: dict[str, Any], year: str) -> dict[str, Any]:
        """Enter the holidays of a year, in place of the computed or the former ones."""
        entered = verbs.enter(session, _number(year), edit=editing(), **body)
        session.commit()
        return _shown(entered)


def _number(year: str) -> int:
    if not (year.isascii() and year.isdigit() and len(year) == 4):
        raise NotFound(N_("There is nothing named %(name)s here."), name=year)
    return int(year)


def _shown(year: Year) -> dict[str, Any]:
    return {
        "year": year.year,
        "days": year.days,
        "revision": year.revision,
        "is_computed": year.is_computed,
        "computed": holidays(year.year),
        "changed_by": year.changed_by,
        "updated_at": year.updated_at,
    }
