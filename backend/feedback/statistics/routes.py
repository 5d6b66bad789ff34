"""The figures of a period, for leaders."""

from __future__ import annotations

from typing import Any

from flask import Response
from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.feedback.statistics import schemas
from backend.feedback.statistics.exporting import as_csv
from backend.feedback.statistics.figures import Figures, figures, period_of
from backend.feedback.statistics.naming import names
from backend.languages import language
from backend.rest import Namespace

api = Namespace("staff-statistics", description="Statistics of reports", path="/staff")


def asked(query: dict[str, Any]) -> Figures:
    """The figures that *query* asks for, by name. Raises Invalid."""
    now, zone = current.now(), current.settings().timezone
    period = period_of(query["first"], query["last"], now, zone)
    found = figures(session, period, query["by"], now, zone)
    for rows, by in ((found.items, found.by), (found.months, "month")):
        name = names(session, by, language())
        for row in rows:
            row["name"] = name(row["value"])
    return found


@api.route("/statistics")
class Statistics(Resource):
    @access.staff(Permission.READ_STATISTICS)
    @api.accepts(schemas.StatisticsQuery(), location="query")
    @api.returns(schemas.Statistics())
    def get(self, query: dict[str, Any]) -> Figures:
        """How many reports came, what became of them, how long it took, and where."""
        return asked(query)


@api.route("/statistics.csv")
class StatisticsFile(Resource):
    @access.staff(Permission.READ_STATISTICS)
    @api.accepts(schemas.StatisticsQuery(), location="query")
    @api.produces(["text/csv"])
    def get(self, query: dict[str, Any]) -> Response:
        """The same by rows, for spreadsheets."""
        return csv_of(asked(query))


def csv_of(found: Figures) -> Response:
    """*found* as a file to be saved."""
    name = f"statistics-{found.period.first}-{found.period.last}-{found.by}.csv"
    answer = Response(as_csv(found), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
