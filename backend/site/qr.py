"""A QR code for each place, to be printed and put up there."""

from __future__ import annotations

import io

import segno
from flask import Response

from backend import current
from backend.accounts import access
from backend.database import session
from backend.links import address_of
from backend.site.layout import site
from content.places.models import Place
from content.publishing import find_visible

QUIET = 4
"""Empty modules around it, as the standard asks."""


@site.get("/places/<key>/qr.svg")
@access.published
def qr_svg(key: str) -> Response:
    """The code as a drawing, for print."""
    return _drawn(key, "svg", "image/svg+xml", scale=8)


@site.get("/places/<key>/qr.png")
@access.published
def qr_png(key: str) -> Response:
    """The code as an image."""
    return _drawn(key, "png", "image/png", scale=12)


def _drawn(key: str, kind: str, mimetype: str, *, scale: int) -> Response:
    place = find_visible(session, Place, key, current.now())
    # A quarter of the code may be lost: it hangs outside, in salt and sun.
    code = segno.make(address_of(place), error="q", micro=False)
    body = io.BytesIO()
    code.save(body, kind=kind, scale=scale, border=QUIET)
    return Response(body.getvalue(), mimetype=mimetype)
