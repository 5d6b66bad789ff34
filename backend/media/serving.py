"""The files of the media library, as everybody gets them."""

from __future__ import annotations

import uuid
from urllib.parse import quote

from flask import Blueprint, Flask, Response, current_app

from backend import current
from backend.accounts import access
from backend.database import session
from backend.limits import limiter
from backend.settings import Settings
from backend.storage import Storage
from content.errors import N_, NotFound
from content.media.library import find
from content.media.models import ORIGINAL, Kind, Media
from content.text import slugify

blueprint = Blueprint("media", __name__)

FOREVER = "public, max-age=31536000, immutable"
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
    """The path under which *item* is served in that *size*; one without it in the original."""
    file = item.file(size) or item.files[0]
    return f"/media/{item.id}/{file['size']}.{file['ext']}"


def url_of(item: Media, size: str = ORIGINAL) -> str:
    """The whole address of `path_of`."""
    return current.settings().public_url + path_of(item, size)


@blueprint.get("/media/<uuid:media_id>/<size>.<ext>")
@limiter.exempt
@access.public
def serve(media_id: uuid.UUID, size: str, ext: str) -> Response:
    """One file. What lies under an address never changes, so it is kept by all caches."""
    item = find(session, media_id)
    file = item.file(size)
    if file is None or file["ext"] != ext:
        raise NotFound(N_("There is no such picture or document in the library."))
    answer = Response(storage().read(file["name"]), mimetype=file["mime"])
    answer.headers["Cache-Control"] = FOREVER
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
