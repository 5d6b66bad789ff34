"""The application with one more address, which answers the same bytes as a list of places."""

from __future__ import annotations

from flask import Flask, Response

from backend import create_app
from backend.accounts import access
from backend.web import make_app

LIST = "/api/v1/places?limit=50"


def make() -> Flask:
    """The app of the environment's settings, with /constant."""
    app = make_app()
    body = create_app().test_client().get(LIST).data

    @app.get("/constant")
    @access.anyone
    def constant() -> Response:
        return app.response_class(body, mimetype="application/json")

    return app
