"""Security headers on every answer, and who may call from another site's page."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Response
from flask_cors import CORS

from backend.settings import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)


EXPOSED = (
    *("ETag", "X-Request-ID", "RateLimit-Remaining", "Retry-After", "Location", "X-Photo-Id"),
    *("Tus-Resumable", "Tus-Version", "Tus-Extension", "Tus-Max-Size"),
    *("Upload-Offset", "Upload-Length", "Upload-Expires"),
)
"""What scripts of pages of `settings.cors_origins` may read of an answer's headers."""


def policy_of_console(settings: Settings) -> str:
    """The policy of staff pages: no inline styles either, and the map's own pictures."""
    policy = CONTENT_SECURITY_POLICY.replace(" 'unsafe-inline'", "")
    if settings.map_tiles_url:
        tiles = urlsplit(settings.map_tiles_url)
        policy = policy.replace("img-src 'self'", f"img-src 'self' {tiles.scheme}://{tiles.netloc}")
    return policy


def init_app(app: Flask, settings: Settings) -> None:
    """Set the headers; let the pages of `settings.cors_origins` read the API without cookies."""
    if settings.cors_origins:
        CORS(
            app,
            resources={r"/api/v1/.*": {"origins": list(settings.cors_origins)}},
            expose_headers=[*EXPOSED],
            max_age=600,
        )

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "strict-origin-when-cross-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(self), microphone=()")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        if settings.production:
            headers.setdefault("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
        return response
