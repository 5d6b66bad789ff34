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


ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "geolocation=(self), camera=(self), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
"""Headers of every answer that does not set them by itself."""

STRICT = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}

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

    always = ALWAYS | (STRICT if settings.production else {})

    @app.after_request
    def harden(response: Response) -> Response:
        headers = response.headers
        given = {name.lower() for name, _ in headers}
        for name, value in always.items():
            if name.lower() not in given:
                headers.add(name, value)
        return response
