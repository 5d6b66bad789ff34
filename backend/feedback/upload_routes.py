"""Photos over connections that break: the tus protocol 1.0, which ready-made clients speak.

Core with creation, expiration and termination; see https://tus.io/protocols/resumable-upload.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Response, request
from flask_babel import gettext as _
from flask_restx import Resource
from werkzeug.exceptions import (
    ClientDisconnected,
    PreconditionFailed,
    RequestEntityTooLarge,
    UnsupportedMediaType,
)
from werkzeug.http import http_date

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feedback import uploading
from backend.feedback.models import PhotoUpload
from backend.feedback.routes import TOKEN, own_report, storage
from backend.limits import limiter
from backend.rest import Namespace
from backend.uploads import up_to
from content.errors import N_, Invalid

api = Namespace("photo-uploads", description="Photos in pieces (tus 1.0)", path="/reports")

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"
AT_ONCE = 64 * 1024

View = TypeVar("View", bound=Callable[..., Any])


def folder() -> Path:
    """Where the pieces lie."""
    return current.settings().uploads_dir


def speaks_tus(view: View) -> View:
    """Let only clients of our version of the protocol in, and answer as it wants.

    Raises PreconditionFailed for another version.
    """

    @wraps(view)
    def speaking(*args: Any, **kwargs: Any) -> Response:
        if request.headers.get("Tus-Resumable") != VERSION:
            raise PreconditionFailed(_("Speak version %(version)s of tus.", version=VERSION))
        answer: Response = view(*args, **kwargs)
        answer.headers["Tus-Resumable"] = VERSION
        answer.headers["Cache-Control"] = "no-store"
        return answer

    return speaking  # type: ignore[return-value]


def whole_number(name: str) -> int:
    """The header *name* as a whole number. Raises Invalid that names it."""
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise Invalid({name: [N_("Must be a whole number from 0 up.")]})
    return int(text)


def standing(upload: PhotoUpload, status: int) -> Response:
    """An answer without words that says how far *upload* has come."""
    answer = Response(status=status)
    answer.headers["Upload-Offset"] = str(uploading.standing(folder(), upload))
    answer.headers["Upload-Expires"] = http_date(upload.expires_at)
    if upload.photo_id:
        answer.headers["X-Photo-Id"] = str(upload.photo_id)
    return answer


@api.route("/<uuid:report_id>/photos/uploads")
class Uploads(Resource):
    @access.anyone
    def options(self, report_id: uuid.UUID) -> Response:
        """What is spoken here."""
        answer = Response(status=204)
        answer.headers["Tus-Resumable"] = answer.headers["Tus-Version"] = VERSION
        answer.headers["Tus-Extension"] = "creation,expiration,termination"
        answer.headers["Tus-Max-Size"] = str(current.settings().max_photo_bytes)
        return answer

    @access.anyone
    @limiter.limit("60 per hour", override_defaults=False)
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.param("Tus-Resumable", f"`{VERSION}`", _in="header", required=True)
    @api.param("Upload-Length", "Bytes of the photo", _in="header", required=True)
    @api.response(201, "Send the pieces to the address in `Location`")
    @speaks_tus
    def post(self, report_id: uuid.UUID) -> Response:
        """Announce a photo; the pieces follow, in as many requests as it takes."""
        report = own_report(report_id)
        length = whole_number("Upload-Length")
        if length == 0:
            raise Invalid({"Upload-Length": [N_("There is nothing to send.")]})
        if length > current.settings().max_photo_bytes:
            raise RequestEntityTooLarge
        upload = uploading.begin(session, report, length=length, now=current.now())
        session.commit()
        answer = standing(upload, 201)
        answer.headers["Location"] = f"{request.base_url}/{upload.id}"
        return answer


@api.route("/<uuid:report_id>/photos/uploads/<uuid:upload_id>")
class Upload(Resource):
    @access.anyone
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.response(200, "`Upload-Offset` says how far it has come")
    @speaks_tus
    def head(self, report_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """How far a photo has come; `X-Photo-Id` once it is whole."""
        own_report(report_id)
        upload = uploading.upload_of(session, report_id, upload_id, current.now())
        answer = standing(upload, 200)
        answer.headers["Upload-Length"] = str(upload.length)
        return answer

    @access.anyone
    @up_to("max_photo_bytes")
    @api.doc(consumes=[PIECE])
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.param("Tus-Resumable", f"`{VERSION}`", _in="header", required=True)
    @api.param("Upload-Offset", "Where the piece begins", _in="header", required=True)
    @api.response(204, "`Upload-Offset` says how far it has come")
    @speaks_tus
    def patch(self, report_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Send a piece of a photo; what arrives of one that breaks off is kept."""
        if request.mimetype != PIECE:
            raise UnsupportedMediaType(_("Pieces are sent as %(type)s.", type=PIECE))
        offset = whole_number("Upload-Offset")
        report = own_report(report_id)
        upload = uploading.upload_of(session, report_id, upload_id, current.now())
        session.commit()  # nothing is held while the piece is on its way
        piece = _arrived()
        with uploading.held(folder(), upload) as file, storage().writing() as writing:
            try:
                uploading.receive(
                    session,
                    file,
                    writing,
                    report,
                    upload,
                    offset=offset,
                    piece=piece,
                    now=current.now(),
                )
            except Invalid:
                session.rollback()
                uploading.drop(session, folder(), upload)
                session.commit()
                raise
            session.commit()
        answer = standing(upload, 204)
        if upload.photo_id:
            uploading.remove_pieces(folder(), upload.id)
        return answer

    @access.anyone
    @api.param("X-Access-Token", TOKEN, _in="header")
    @api.response(204, "Forgotten")
    @speaks_tus
    def delete(self, report_id: uuid.UUID, upload_id: uuid.UUID) -> Response:
        """Give up a photo that has not come whole."""
        own_report(report_id)
        upload = uploading.upload_of(session, report_id, upload_id, current.now())
        uploading.drop(session, folder(), upload)
        session.commit()
        return Response(status=204)


def _arrived() -> bytes:
    """What came of the request's body before it ended or the connection broke."""
    pieces = []
    try:
        while piece := request.stream.read(AT_ONCE):
            pieces.append(piece)
    except (ClientDisconnected, OSError):
        pass  # the rest comes with the next request
    return b"".join(pieces)
