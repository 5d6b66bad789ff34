"""Following an area: being told what is reported and resolved there."""

from __future__ import annotations

from flask import Response, make_response, render_template, request

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feedback.nearby.following import LEAST_RADIUS, MOST_RADIUS
from backend.headers import policy_of_console
from backend.languages import language
from backend.site.layout import site
from content import town
from content.text import in_language
from content.vocabularies.queries import quarters

RADII = (LEAST_RADIUS, 300, 500, 1_000, 2_000, MOST_RADIUS)
"""In metres; what the page offers."""


@site.get("/areas")
@access.public
def areas() -> Response:
    """Choose areas, leave them, and read what was told of them on this device."""
    settings = current.settings()
    known = [(q.code, in_language(q.name, language())) for q in quarters(session)]
    answer = make_response(
        render_template(
            "site/areas.html",
            quarters=known,
            chosen=request.args.get("quarter", ""),
            radii=RADII,
            timezone=str(settings.timezone),
            centre=town.POINT,
            tiles=settings.map_tiles_url or "",
        )
    )
    # The pictures of the map come from another server, where there is one.
    answer.headers["Content-Security-Policy"] = policy_of_console(settings)
    return answer
