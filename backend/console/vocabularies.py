"""What the forms of the console offer to choose from, in the reader's language."""

from __future__ import annotations

from flask import g

from backend.database import session
from backend.languages import language
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import quarters, terms


def names(vocabulary: Vocabulary) -> dict[str, str]:
    """The terms of *vocabulary* by code, in the order they are shown; read once a request."""
    known: dict[tuple[str, str], dict[str, str]] = g.setdefault("names_of_terms", {})
    key = (vocabulary.value, language())
    if key not in known:
        every = terms(session, vocabulary)
        known[key] = {term.code: in_language(term.name, language()) for term in every}
    return known[key]


def quarter_names() -> dict[str, str]:
    """The town's quarters by code, in the order they are shown."""
    return {quarter.code: in_language(quarter.name, language()) for quarter in quarters(session)}
