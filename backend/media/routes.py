"""Editors' work on the media library."""

from __future__ import annotations

import uuid
from typing import Any

import orjson
from flask import request
from flask_restx import Resource

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.languages import languages
from backend.media import library as files
from backend.media.schemas import (
    MediaChangesSchema,
    MediaDetailSchema,
    MediaQuery,
    MediaSchema,
    MediaTextsSchema,
)
from backend.media.serving import storage
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from backend.uploads import files_of, up_to
from content.errors import N_, Invalid
from content.media import library
from content.media.models import Media

api = Namespace("staff-media", description="The media library", path="/staff/media")

MEDIA = MediaSchema()
DETAIL = MediaDetailSchema()
TEXTS = MediaTextsSchema()
CHANGES = MediaChangesSchema(partial=tuple(MediaChangesSchema().fields))

FORM = {"alt", "licence", "credit", "source", "csrf_token"}


@api.route("")
class Library(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @api.accepts(MediaQuery(), location="query")
    @api.returns(page_of(MediaSchema))
    @api.doc(id="list_media")
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List what the library has, the newest first."""
        return page(
            session,
            library.media(q=args["q"], kind=args["kind"]),
            [Media.created_at, Media.id],
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )

    @access.staff(Permission.WRITE_CONTENT)
    @up_to("max_media_bytes")
    @api.doc(id="upload_media", consumes=["multipart/form-data"])
    @api.param("file", "JPEG, PNG, WebP or PDF", _in="formData", type="file", required=True)
    @api.param("alt.vi", "What is seen there, in Vietnamese", _in="formData", required=True)
    @api.param("alt.en", "The same in English; likewise other languages", _in="formData")
    @api.param("alt", "Instead of both: a JSON object by language", _in="formData")
    @api.param("licence", "Under which it may be shown", _in="formData", required=True)
    @api.param("credit", "Whom to name beside it", _in="formData", required=True)
    @api.param("source", "Where it comes from", _in="formData")
    @api.returns(MEDIA, 201)
    def post(self) -> tuple[Media, int]:
        """Upload a picture or a document.

        A file that the library has already is answered as it is there, with 200. Pictures are
        drawn anew without metadata, in several sizes; PDFs with scripts are refused.
        """
        uploads = files_of("file", also=FORM | _alt_fields().keys())
        if len(uploads) > 1:
            raise Invalid({"file": [N_("One file at a time.")]})
        about = TEXTS.load(_texts())
        with storage().writing() as writing:
            item, is_new = files.take(
                session,
                writing,
                uploads[0].read(),
                uploads[0].filename or "",
                about,
                editing(),
            )
            session.commit()
        return item, 201 if is_new else 200


def _alt_fields() -> dict[str, str]:
    """The fields of a form that hold alt in one language each."""
    return {f"alt.{code}": code for code in languages()}


def _texts() -> dict[str, Any]:
    """The texts of the form, its alt as one object."""
    form: dict[str, Any] = request.form.to_dict()
    form.pop("csrf_token", None)
    by_language = {code: form.pop(name) for name, code in _alt_fields().items() if name in form}
    if "alt" in form:
        try:
            form["alt"] = orjson.loads(form["alt"])
        except orjson.JSONDecodeError:
            raise Invalid({"alt": [N_("Must be a JSON object by language.")]}) from None
    elif by_language:
        # A form sends the fields that were left empty, too.
        form["alt"] = {code: text for code, text in by_language.items() if text.strip()}
    return form


@api.route("/<uuid:media_id>")
class OneMedia(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @api.returns(DETAIL)
    @api.doc(id="read_media")
    def get(self, media_id: uuid.UUID) -> Media:
        """Read what is said of one file, and which content uses it."""
        return library.find(session, media_id)

    @access.staff(Permission.WRITE_CONTENT)
    @api.accepts(CHANGES)
    @api.returns(MEDIA)
    @api.doc(id="describe_media")
    def patch(self, body: dict[str, Any], media_id: uuid.UUID) -> Media:
        """Change what is said of it; all content that shows it says so at once."""
        item = library.find(session, media_id)
        library.describe(session, item, body, editing())
        session.commit()
        return item

    @access.staff(Permission.WRITE_CONTENT)
    @api.response(204, "Removed")
    @api.doc(id="remove_media")
    def delete(self, media_id: uuid.UUID) -> tuple[None, int]:
        """Remove a file that no content uses, not even a draft."""
        files.remove(session, library.find(session, media_id), editing())
        session.commit()
        return None, 204
