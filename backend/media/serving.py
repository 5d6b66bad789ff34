"""The files of the media library, as everybody gets them."""

from __future__ import annotations

import hmac
import uuid
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app, g, request
from itsdangerous import Signer

from backend import current
from backend.accounts import access, employees
from backend.database import session
from backend.limits import limiter
from backend.settings import Settings
from backend.storage import Storage
from content.errors import N_, NotFound
from content.media import usage
from content.media.library import find
from content.media.models import ORIGINAL, Kind, Media
from content.text import slugify

blueprint = Blueprint("media", __name__)

FOREVER = "public, max-age=31536000, immutable"
FOR_ONE_READER = "private, max-age=300"
NOT_THERE = N_("There is no such picture or document in the library.")
NOTHING_RUNS = "default-src 'none'; style-src 'unsafe-inline'; sandbox"


def init_app(app: Flask, settings: Settings) -> None:
    """Keep the library where the settings say, and serve it."""
    app.extensions["library"] = Storage.at(settings.library_url)
    app.register_blueprint(blueprint)


def storage() -> Storage:
    """Where the library's files are kept."""
    kept: Storage = current_app.extensions["library"]
    return kept


def path_of(item: Media, size: str = ORIGINAL) -> str:
    """The path under which *item* is served in that *size*; one without it in the original.

    Within a preview, whose readers are no staff, it is signed for as long as that lasts.
    """
    file = item.file(size) or item.files[0]
    path = f"/media/{item.id}/{file['size']}.{file['ext']}"
    until: int | None = g.get("media_until")
    return f"{path}?until={until}&key={_key(item.id, until)}" if until else path


def let_see_until(moment: int) -> None:
    """Let the addresses in this answer open what is not public yet, until *moment* (Unix time)."""
    g.media_until = moment


def _key(media_id: uuid.UUID, until: int) -> str:
    signer = Signer(current.settings().secret_key, salt="media")
    return signer.get_signature(f"{media_id}:{until}").decode()


def _is_let_in(media_id: uuid.UUID) -> bool:
    """Whether the address carries a signature that holds still, or a member of staff calls."""
    until, key = request.args.get("until", ""), request.args.get("key", "")
    if until.isascii() and until.isdigit() and len(until) < 12:
        good = hmac.compare_digest(key.encode(), _key(media_id, int(until)).encode())
        if good and int(until) > current.now().timestamp():
            return True
    return employees.optional() is not None


def url_of(item: Media, size: str = ORIGINAL) -> str:
    """The whole address of `path_of`."""
    return current.settings().public_url + path_of(item, size)


@blueprint.get("/media/<uuid:media_id>/<size>.<ext>")
@limiter.exempt
@access.public
def serve(media_id: uuid.UUID, size: str, ext: str) -> Response:
    """One file. What lies under an address never changes, so it is kept by all caches.

    What only drafts name is for staff, and for readers of a preview, alone.
    """
    item = find(session, media_id)
    file = item.file(size)
    if file is None or file["ext"] != ext:
        raise NotFound(NOT_THERE)
    is_public = usage.was_shown(session, media_id)
    if not is_public and not _is_let_in(media_id):
        if not usage.show_first(session, media_id, current.now()):
            raise NotFound(NOT_THERE)
        is_public = True
        session.commit()
    answer = Response(storage().read(file["name"]), mimetype=file["mime"])
    answer.headers["Cache-Control"] = FOREVER if is_public else FOR_ONE_READER
    answer.headers["Content-Security-Policy"] = NOTHING_RUNS
    answer.set_etag(f"{item.sha256[:32]}-{size}")
    # A document is opened outside of this site: browsers show none inside of a sandbox.
    how = "attachment" if item.kind == Kind.DOCUMENT else "inline"
    answer.headers.set("Content-Disposition", how, **_names(item.name))
    return answer


def _names(name: str) -> dict[str, str]:
    """*name* as header: in ASCII for what knows no better, and whole."""
    stem, _, ext = name.rpartition(".")
    plain = f"{slugify(stem) or 'file'}.{ext}"
    return {"filename": plain, "filename*": f"UTF-8''{quote(name, safe='')}"}
