"""Reading the vocabularies."""

from __future__ import annotations

from typing import Any

from babel import Locale
from flask_restx import Resource

from backend.accounts import access
from backend.database import session
from backend.languages import languages
from backend.rest import Namespace
from backend.vocabularies.schemas import VocabulariesSchema
from content.vocabularies import queries
from content.vocabularies.models import Vocabulary

api = Namespace("vocabularies", path="/vocabularies", description="Words that others use")

ALL = VocabulariesSchema()


@api.route("")
class Vocabularies(Resource):
    @access.published
    @api.returns(ALL)
    def get(self) -> dict[str, Any]:
        """Wards, quarters, categories, topics, tags, amenities and languages."""
        return {
            "wards": queries.wards(session),
            "quarters": queries.quarters(session),
            "categories": queries.tree(session, Vocabulary.REPORT),
            "place_categories": queries.tree(session, Vocabulary.PLACE),
            "topics": queries.terms(session, Vocabulary.TOPIC),
            "tags": queries.terms(session, Vocabulary.TAG),
            "amenities": queries.terms(session, Vocabulary.AMENITY),
            "accessibility": queries.terms(session, Vocabulary.ACCESSIBILITY),
            "languages": [
                {"code": code, "name": Locale(code).get_display_name()} for code in languages()
            ],
        }
