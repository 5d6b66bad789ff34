"""Public reports as GeoJSON, CSV and RSS."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from flask_restx import Resource
from sqlalchemy import Select

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feedback import open_data, publicity
from backend.feedback.models import Report
from backend.feedback.public_schemas import OpenQuery
from backend.feedback.routes import delay, wanted_of
from backend.languages import language, languages
from backend.rest import Namespace
from content import rss, town
from content.text import in_language
from content.vocabularies.queries import quarters

map_api = Namespace("reports-map", description="Public reports for maps", path="/reports.geojson")
table_api = Namespace("reports-table", description="Public reports as CSV", path="/reports.csv")
feeds = Blueprint("report_feeds", __name__, url_prefix="/feeds")


def found(query: dict[str, Any]) -> Select[Report]:
    """Select what *query*, a loaded OpenQuery, asks for."""
    return publicity.public_reports(session, wanted_of(query), now=current.now(), delay=delay())


@map_api.route("")
class ReportsMap(Resource):
    @access.public
    @map_api.produces([open_data.GEOJSON_TYPE])
    @map_api.accepts(OpenQuery(), location="query")
    def get(self, query: dict[str, Any]) -> Response:
        """The newest public reports that have a point, as GeoJSON."""
        body = open_data.geojson(session, found(query), language())
        return Response(body, content_type=open_data.GEOJSON_TYPE)


@table_api.route("")
class ReportsTable(Resource):
    @access.public
    @table_api.doc(description=open_data.described(open_data.COLUMNS.items()))
    @table_api.produces(["text/csv"])
    @table_api.accepts(OpenQuery(), location="query")
    def get(self, query: dict[str, Any]) -> Response:
        """All public reports that fit, as open data: UTF-8, with a line of names."""
        answer = Response(
            open_data.table(session, found(query), language()),
            content_type="text/csv; charset=utf-8",
        )
        answer.headers["Content-Disposition"] = 'attachment; filename="reports.csv"'
        return answer


@feeds.get("/reports.rss")
@access.public
def reports() -> Response:
    """What officers confirmed last, all or in one quarter or category; Vietnamese unless asked."""
    query = OpenQuery().load(request.args)
    asked = request.args.get("lang", "vi")
    spoken = asked if asked in languages() else "vi"
    public = current.settings().public_url
    names = {quarter.code: in_language(quarter.name, spoken) for quarter in quarters(session)}
    with force_locale(spoken):
        title = _("Reports in Cua Lo")
        if query["quarter"]:
            title = f"{title}: {names.get(query['quarter'], query['quarter'])}"
        about = _("What people report to the town, once an officer confirmed it")
        entries, changed_at = open_data.items(session, found(query), spoken, public)
    own = request.full_path.rstrip("?")
    body = rss.feed(
        entries,
        title=title,
        about=about,
        home=f"{public}/reports",
        own=f"{public}{own}",
        language=spoken,
        changed_at=changed_at.astimezone(town.TIME) if changed_at else None,
    )
    answer = Response(body, content_type=f"{rss.MEDIA_TYPE}; charset=utf-8")
    answer.headers["Content-Language"] = spoken
    return answer


def init_app(app: Flask) -> None:
    """Serve the feed of reports."""
    app.register_blueprint(feeds)
