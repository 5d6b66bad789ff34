"""The media library: looking, uploading, describing, and choosing for a text."""

from __future__ import annotations

import json
import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.forms import Form
from backend.console.layout import console
from backend.database import session
from backend.languages import language, languages
from backend.media import library as files
from backend.media.schemas import MediaChangesSchema, MediaTextsSchema
from backend.media.serving import path_of, storage
from backend.paging import page
from backend.staff_content import editing
from backend.uploads import files_of, up_to
from content.errors import NotFound
from content.media import library
from content.media.models import Kind, Media
from content.media.usage import uses
from content.text import in_language

WRITE = access.staff(Permission.WRITE_CONTENT)
A_PAGE = 24
THUMBNAIL = "320"

TEXTS = MediaTextsSchema()
CHANGES = MediaChangesSchema()

LICENCES = ("CC-BY-4.0", "CC-BY-SA-4.0", "CC0-1.0")
"""Offered while one types; any other is as good."""


@console.app_template_global()
def thumbnail(item: Media) -> str | None:
    """The address of a small picture of *item*; None for a document."""
    return path_of(item, THUMBNAIL) if item.kind == Kind.IMAGE else None


@console.app_template_global()
def shown_file(value: str) -> dict[str, Any]:
    """What a form shows of a file: *value* is JSON, as the API's drafts name it."""
    try:
        said = json.loads(value)
        item = library.find(session, uuid.UUID(said["media_id"]))
    except (ValueError, KeyError, TypeError):
        return {"words": value, "thumbnail": None}
    except NotFound:
        return {"words": _("no longer in the library"), "thumbnail": None}
    return {"words": in_language(item.alt, language()) or item.name, "thumbnail": thumbnail(item)}


def _found() -> dict[str, Any]:
    kind = request.args.get("kind", "")
    wanted = library.media(
        q=request.args.get("q", "")[:100], kind=kind if kind in set(Kind) else None
    )
    return page(
        session,
        wanted,
        [Media.created_at, Media.id],
        limit=A_PAGE,
        cursor=request.args.get("cursor"),
        descending=True,
    )


@console.get("/media", endpoint="media")
@WRITE
def every() -> ResponseReturnValue:
    """What the library has, the newest first."""
    return render_template("console/media/list.html", found=_found())


@console.get("/media/picker", endpoint="media_picker")
@WRITE
def picker() -> ResponseReturnValue:
    """The same, to choose from within an editor."""
    return render_template("console/media/picker.html", found=_found())


@console.get("/media/picked", endpoint="media_picked")
@WRITE
def picked() -> ResponseReturnValue:
    """The line of a form that names a file which was just chosen."""
    name, media_id = request.args.get("name", ""), request.args.get("id", "")
    return render_template(
        "console/media/picked.html", name=name, value=json.dumps({"media_id": media_id})
    )


@console.get("/media/new", endpoint="media_new")
@WRITE
def new() -> ResponseReturnValue:
    """The form to upload."""
    return _new(Form())


def _new(form: Form) -> ResponseReturnValue:
    answer = render_template("console/media/new.html", form=form, licences=LICENCES, most=_most())
    return answer, 200 if form else 422


def _most() -> int:
    """How large an upload may be, in whole megabytes."""
    return current.settings().max_media_bytes // 1_000_000


@console.post("/media/new", endpoint="media_upload")
@WRITE
@up_to("max_media_bytes")
def upload() -> ResponseReturnValue:
    """Take a file into the library."""
    form = Form.sent()
    with form.trying():
        about = TEXTS.load(_texts(form))
        sent = files_of("file", also=[*form.values.keys()])[0]
        with storage().writing() as writing:
            item, is_new = files.take(
                session, writing, sent.read(), sent.filename or "", about, editing()
            )
            session.commit()
        if is_new:
            flash(_("It is in the library."))
        else:
            flash(_("The library has had this file already: here it is."))
        return redirect(url_for("console.media_one", media_id=item.id))
    return _new(form)


def _texts(form: Form) -> dict[str, Any]:
    said = {name: form.plain(name) for name in ("licence", "credit", "source")}
    return {"alt": form.localized("alt"), **said}


@console.get("/media/<uuid:media_id>", endpoint="media_one")
@WRITE
def one(media_id: uuid.UUID) -> ResponseReturnValue:
    """What is said of one file, and which content uses it."""
    item = library.find(session, media_id)
    said = [(name, getattr(item, name)) for name in ("name", "licence", "credit", "source")]
    alt = [(f"alt.{code}", item.alt.get(code, "")) for code in languages()]
    return _one(item, Form.of([*said, *alt]))


def _one(item: Media, form: Form) -> ResponseReturnValue:
    answer = render_template(
        "console/media/one.html",
        item=item,
        form=form,
        licences=LICENCES,
        uses=uses(session, item.id),
        address=path_of(item),
    )
    return answer, 200 if form else 422


@console.post("/media/<uuid:media_id>", endpoint="media_describe")
@WRITE
def describe(media_id: uuid.UUID) -> ResponseReturnValue:
    """Change what is said of it."""
    item, form = library.find(session, media_id), Form.sent()
    with form.trying():
        changes = CHANGES.load({"name": form.plain("name"), **_texts(form)})
        library.describe(session, item, changes, editing())
        session.commit()
        flash(_("Saved. All content that shows it says so at once."))
        return redirect(url_for("console.media_one", media_id=media_id))
    return _one(library.find(session, media_id), form)


@console.post("/media/<uuid:media_id>/remove", endpoint="media_remove")
@WRITE
def remove(media_id: uuid.UUID) -> ResponseReturnValue:
    """Remove a file that no content uses."""
    form = Form()
    with form.trying():
        files.remove(session, library.find(session, media_id), editing())
        session.commit()
        flash(_("It is out of the library."))
        return redirect(url_for("console.media"))
    form.flash_errors()
    return redirect(url_for("console.media_one", media_id=media_id))
