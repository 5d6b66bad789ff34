"""Files in a request, and which views take larger ones than others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from flask import Flask, request
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import UnsupportedMediaType

from backend import current
from backend.accounts import access
from content.errors import N_, Invalid

View = TypeVar("View", bound=Callable[..., Any])


def up_to(setting: str) -> Callable[[View], View]:
    """Let a view take bodies as large as *setting* says instead of MAX_BODY_BYTES."""

    def carry(view: View) -> View:
        view.most_bytes = setting  # type: ignore[attr-defined]
        return view

    return carry


def init_app(app: Flask) -> None:
    """Set the limit before anything reads the body: the guard looks for a CSRF token there."""

    @app.before_request
    def set_limit() -> None:
        view = access.view_of(request.endpoint, request.method) if request.endpoint else None
        if setting := getattr(view, "most_bytes", None):
            request.max_content_length = getattr(current.settings(), setting)

    @app.teardown_request
    def close_files(_: BaseException | None) -> None:
        request.close()  # large ones lie in temporary files


def files_of(field: str, *, also: Collection[str] = ()) -> list[FileStorage]:
    """The files that a multipart form sends as *field*, one or more; *also* names other fields.

    Raises UnsupportedMediaType for any other body; Invalid for unknown fields and for no file.
    """
    if request.mimetype != "multipart/form-data":
        raise UnsupportedMediaType(_("Files are sent as multipart/form-data."))
    if unknown := (request.files.keys() - {field}) | (request.form.keys() - {field, *also}):
        raise Invalid({name: [N_("Unknown field.")] for name in unknown})
    files = request.files.getlist(field)
    if not files:
        raise Invalid({field: [N_("Missing data for required field.")]})
    return files
