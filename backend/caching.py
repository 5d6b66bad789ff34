"""What may be kept by others: public reads with a strong ETag, everything else never."""

from __future__ import annotations

from flask import Flask, Response, request
from flask_compress import Compress

from backend.accounts import access

CONDITIONS = frozenset(
    {"HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_MATCH", "HTTP_IF_UNMODIFIED_SINCE"}
)
"""What makes a request conditional, as WSGI names it."""


def init_app(app: Flask) -> None:
    """Compress answers, give public reads an ETag and answer 304 where the reader has them.

    Flask runs after-request functions in reverse order: the ETag is set first, Flask-Compress
    marks it with the encoding, and then it is compared with If-None-Match.
    """
    app.config["COMPRESS_ALGORITHM"] = ["br", "gzip"]
    app.config["COMPRESS_BR_LEVEL"] = 4

    @app.after_request
    def answer_conditionally(response: Response) -> Response:
        # Flask-Compress compares ETags only where it compressed.
        asks = not CONDITIONS.isdisjoint(request.environ)
        if asks and response.status_code == 200 and request.method in ("GET", "HEAD"):
            response.make_conditional(request)
        return response

    Compress(app)

    @app.after_request
    def set_caching(response: Response) -> Response:
        if "Cache-Control" in response.headers:
            return response
        rule = access.rule_of_request()
        if response.status_code == 200 and request.method in ("GET", "HEAD") and rule.is_public:
            response.headers["Cache-Control"] = "public, no-cache"
            if not response.is_streamed:
                response.add_etag()
        else:
            response.headers["Cache-Control"] = "no-store"
        return response
