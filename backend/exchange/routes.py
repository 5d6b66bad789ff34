"""Exporting and importing over HTTP, the same addresses for every sheet."""

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
from backend.exchange import exporting, reading
from backend.exchange.importing import Importer, Outcome
from backend.exchange.rows import Problem
from backend.exchange.sheets import Sheet
from backend.languages import languages
from backend.rest import Namespace, OneOf
from backend.staff_content import editing
from backend.uploads import files_of, up_to
from content import town
from content.errors import N_, Invalid, Refused

CSV, GEOJSON = "text/csv", "application/geo+json"


class ExportQuery(Schema):
    """As which kind of file; spreadsheets in Vietnamese split cells at semicolons."""

    format = OneOf("csv", load_default="csv")
    delimiter = OneOf("comma", "semicolon", load_default="comma")


class MapExportQuery(ExportQuery):
    """As which kind of file; spreadsheets in Vietnamese split cells at semicolons."""

    format = OneOf("csv", "geojson", load_default="csv")


class ImportQuery(Schema):
    """Whether to try only, and whether to publish what is new and changed."""

    dry_run = fields.Boolean(load_default=False)
    publish = fields.Boolean(load_default=False)


class RowProblemSchema(Schema):
    """What is wrong in a row, in a sentence that says where; the head of a file is row 1."""

    row = fields.Integer()
    field = fields.String()
    message = fields.String()


class RowChangeSchema(Schema):
    """What a row did, or would do."""

    row = fields.Integer()
    slug = fields.String()
    action = OneOf("new", "changed")
    fields_changed = fields.List(fields.String(), attribute="fields", data_key="fields")


class ImportOutcomeSchema(Schema):
    """What an import did, or would do. Nothing is written where there is a problem."""

    dry_run = fields.Boolean()
    rows = fields.Integer()
    new = fields.Integer()
    changed = fields.Integer()
    unchanged = fields.Integer()
    changes = fields.List(fields.Nested(RowChangeSchema))
    problems = fields.List(fields.Nested(RowProblemSchema))


IMPORT, IMPORTED = ImportQuery(), ImportOutcomeSchema()


def files_api(sheet: Sheet) -> Namespace:
    """The addresses at which *sheet* is exported and imported."""
    path = sheet.path
    api = Namespace(
        f"staff-{path}-files", path=f"/staff/{path}", description=f"{path.capitalize()} as files"
    )
    types = [CSV, GEOJSON] if sheet.on_maps else [CSV]
    query = MapExportQuery() if sheet.on_maps else ExportQuery()

    @api.route("/export")
    class Export(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(query, location="query")
        @api.produces(types)
        @api.response(200, "The file")
        @api.doc(id=f"export_{path}")
        def get(self, args: dict[str, Any]) -> Response:
            """All that is not archived, as its editors last wrote it."""
            return _file(sheet, **args)

    @api.route("/import")
    class Import(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @up_to("max_import_bytes")
        @api.doc(id=f"import_{path}", consumes=[*_accepted(sheet), "multipart/form-data"])
        @api.accepts(IMPORT, location="query")
        @api.returns(IMPORTED)
        def post(self, args: dict[str, Any]) -> Any:
            """Import a file, as the body or as `file` of a form.

            A row with an id or slug that is on file changes that, any other makes something new.
            Columns that are not there stay as they are; empty cells empty their field. What
            changes is a draft, unless `publish` is asked for. Every problem is listed by row and
            field, and nothing is written where there is one; with `dry_run` nothing is at all.
            """
            return _bring(sheet, **args)

    return api


def _file(sheet: Sheet, format: str, delimiter: str) -> Response:
    now = current.now()
    if format == "geojson":
        body, kind = exporting.as_geojson(session, sheet, now), GEOJSON
    else:
        cut = ";" if delimiter == "semicolon" else ","
        body = exporting.as_csv(session, sheet, languages(), now, cut)
        kind = f"{CSV}; charset=utf-8"
    day = now.astimezone(town.TIME).date()
    name = f'attachment; filename="{sheet.path}-{day}.{format}"'
    return Response(body, content_type=kind, headers={"Content-Disposition": name})


def _bring(sheet: Sheet, *, dry_run: bool, publish: bool) -> Any:
    if publish and not employees.required().may(Permission.PUBLISH_CONTENT):
        raise Refused(N_("Your role does not allow this."))
    rows = reading.read(_sent(sheet), sheet, languages())
    outcome = Importer(session, sheet, editing(), publish=publish).run(rows)
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


def _accepted(sheet: Sheet) -> list[str]:
    return [CSV, GEOJSON, "application/json"] if sheet.on_maps else [CSV]


def _sent(sheet: Sheet) -> bytes:
    accepted = _accepted(sheet)
    if request.mimetype in accepted:
        return request.get_data()
    if request.mimetype != "multipart/form-data":
        types = ", ".join(accepted)
        raise UnsupportedMediaType(_("A file is sent as %(types)s, or as a form.", types=types))
    uploads = files_of("file")
    if len(uploads) > 1:
        raise Invalid({"file": [N_("One file at a time.")]})
    return uploads[0].read()
