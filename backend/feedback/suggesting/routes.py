"""Asking for the category that a text may mean."""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_restx import Resource
from marshmallow import Schema, fields, validate

from backend.accounts import access
from backend.database import session
from backend.feedback.suggesting.suggester import Suggester
from backend.languages import language
from backend.limits import limiter
from backend.rest import Namespace, Text
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import terms

api = Namespace("category-suggestion", description="The category of a text", path="/reports")


class SuggestionQuery(Schema):
    """What somebody has written so far."""

    text = fields.String(required=True, validate=validate.Length(1, 4000))


class TextToFile(Schema):
    """The same, out of sight of those who keep addresses."""

    text = Text(4000, least=1, required=True)


class SuggestedCategory(Schema):
    """A category and how likely it is that the text means it."""

    code = fields.String(required=True)
    name = fields.String(required=True)
    probability = fields.Float(required=True, metadata={"description": "From 0 to 1"})


class SuggestedCategories(Schema):
    """The likeliest first; none where the words say nothing."""

    items = fields.List(fields.Nested(SuggestedCategory), required=True)


@api.route("/category-suggestion")
class Suggestion(Resource):
    @access.anyone
    @limiter.limit("120 per minute", override_defaults=False)
    @api.accepts(SuggestionQuery(), location="query")
    @api.returns(SuggestedCategories())
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Up to three categories that a text may mean; the person decides."""
        return suggested(query["text"])

    @access.anyone
    @limiter.limit("120 per minute", override_defaults=False)
    @api.accepts(TextToFile())
    @api.returns(SuggestedCategories())
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """The same for a text that shall not stand in an address. Nothing is kept."""
        return suggested(body["text"])


def suggested(text: str) -> dict[str, Any]:
    """What is suggested for *text*, with names in the reader's language."""
    suggester: Suggester = current_app.extensions.setdefault("suggester", Suggester())
    guesses = suggester.suggest(session, text)
    names = {term.code: term.name for term in terms(session, Vocabulary.REPORT)}
    return {
        "items": [
            {
                "code": guess.code,
                "name": in_language(names[guess.code], language()),
                "probability": round(guess.probability, 2),
            }
            for guess in guesses
        ]
    }
