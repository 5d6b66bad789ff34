"""Exporting and importing places."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from flask_restx import Resource
from marshmallow import Schema, fields
from werkzeug.exceptions import UnsupportedMediaType

from backend import current, errors
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.database import session
from backend.languages import languages
from backend.places.exchange import exporting, reading
from backend.places.exchange.importing import Importer, Outcome
from backend.places.exchange.reading import Problem
from backend.rest import Namespace, OneOf
from backend.staff_content import editing, publish
from backend.uploads import files_of, up_to
from content import town
from content.errors import N_, Invalid, Refused

api = Namespace("staff-places-files", path="/staff/places", description="Places as files")

FILES = ("text/csv", "application/geo+json", "application/json")


class ExportQuery(Schema):
    """As which kind of file; spreadsheets in Vietnamese split cells at semicolons."""

    format = OneOf("csv", "geojson", load_default="csv")
    delimiter = OneOf("comma", "semicolon", load_default="comma")


class ImportQuery(Schema):
    """Whether to try only, and whether to publish what is new and changed."""

    dry_run = fields.Boolean(load_default=False)
    publish = fields.Boolean(load_default=False)


class PlaceProblemSchema(Schema):
    """What is wrong in a row, in a sentence that says where; the head of a file is row 1."""

    row = fields.Integer()
    field = fields.String()
    message = fields.String()


class PlaceChangeSchema(Schema):
    """What a row did, or would do."""

    row = fields.Integer()
    slug = fields.String()
    action = OneOf("new", "changed")
    fields_changed = fields.List(fields.String(), attribute="fields", data_key="fields")


class PlaceImportSchema(Schema):
    """What an import did, or would do. Nothing is written where there is a problem."""

    dry_run = fields.Boolean()
    rows = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    changes = fields.List(fields.Nested(PlaceChangeSchema))
    problems = fields.List(fields.Nested(PlaceProblemSchema))


EXPORT, IMPORT, IMPORTED = ExportQuery(), ImportQuery(), PlaceImportSchema()


@api.route("/export")
class Export(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @api.accepts(EXPORT, location="query")
    @api.produces(["text/csv", "application/geo+json"])
    @api.response(200, "The file")
    def get(self, args: dict[str, Any]) -> Response:
        """Every place that is not archived, as its editors last wrote it."""
        if args["format"] == "geojson":
            body, kind, ending = exporting.as_geojson(session), "application/geo+json", "geojson"
        else:
            delimiter = ";" if args["delimiter"] == "semicolon" else ","
            body = exporting.as_csv(session, languages(), delimiter)
            kind, ending = "text/csv; charset=utf-8", "csv"
        day = current.now().astimezone(town.TIME).date()
        name = f'attachment; filename="places-{day}.{ending}"'
        return Response(body, content_type=kind, headers={"Content-Disposition": name})


@api.route("/import")
class Import(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @up_to("max_import_bytes")
    @api.doc(consumes=[*FILES, "multipart/form-data"])
    @api.accepts(IMPORT, location="query")
    @api.returns(IMPORTED)
    def post(self, args: dict[str, Any]) -> Any:
        """Import places from CSV or GeoJSON, as the body or as `file` of a form.

        A row with the id or slug of a place changes it, any other makes a new one. Columns that
        are not there stay as they are; empty cells empty their field. What changes is a draft,
        unless `publish` is asked for. Every problem is listed by row and field, and nothing is
        written where there is one; with `dry_run` nothing is written at all.
        """
        if args["publish"] and not employees.required().may(Permission.PUBLISH_CONTENT):
            raise Refused(N_("Your role does not allow this."))
        edit, dry_run = editing(), args["dry_run"]
        rows = reading.read(_file(), languages())
        outcome = Importer(session, edit, publish if args["publish"] else None).run(rows)
        if outcome.problems or dry_run:
            session.rollback()
        else:
            session.commit()
        if outcome.problems and not dry_run:
            return _refusal(outcome)
        return {
            "dry_run": dry_run,
            "rows": outcome.rows,
            "new": outcome.count("new"),
            "changed": outcome.count("changed"),
            "unchanged": outcome.unchanged,
            "changes": outcome.changes,
            "problems": [
                {"row": problem.row, "field": problem.field, "message": sentence(problem)}
                for problem in outcome.problems
            ],
        }


def sentence(problem: Problem) -> str:
    """*problem* in the reader's language, with the place where it is."""
    message = _(problem.message, **problem.values) if problem.values else _(problem.message)
    if not problem.field:
        return _("Row %(row)s: %(message)s", row=problem.row, message=message)
    return _(
        "Row %(row)s, %(field)s: %(message)s",
        row=problem.row,
        field=problem.field,
        message=message,
    )


def _refusal(outcome: Outcome) -> Response:
    named: dict[str, list[str]] = {}
    for problem in outcome.problems:
        place = f"{problem.row}.{problem.field}" if problem.field else str(problem.row)
        named.setdefault(place, []).append(sentence(problem))
    detail = _("Nothing was written: %(count)s problems.", count=len(outcome.problems))
    return errors.problem(422, detail, named)


def _file() -> bytes:
    if request.mimetype in FILES:
        return request.get_data()
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(
            _("A file of places is sent as text/csv or application/geo+json, or as a form.")
        )
    uploads = files_of("file")
    if len(uploads) > 1:
        raise Invalid({"file": [N_("One file at a time.")]})
    return uploads[0].read()
