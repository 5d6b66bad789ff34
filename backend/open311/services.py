"""The leaves of the report categories as services, their questions as attributes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from content.errors import N_, NotFound
from content.text import in_language
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import terms


def leaves(session: Session) -> dict[str, Term]:
    """The categories that reports are filed under, by their codes, in the order shown."""
    every = terms(session, Vocabulary.REPORT)
    groups = {term.parent for term in every}
    return {term.code: term for term in every if term.code not in groups}


def leaf(session: Session, code: str) -> Term:
    """The category *code*. Raises NotFound, also for a group."""
    term = leaves(session).get(code)
    if term is None:
        raise NotFound(N_("There is no service with this service_code."))
    return term


def listed(session: Session, language: str) -> list[dict[str, Any]]:
    """Every service, as the list says it."""
    groups = {term.code: term for term in terms(session, Vocabulary.REPORT)}
    return [
        {
            "service_code": term.code,
            "service_name": in_language(term.name, language),
            "description": _path(term, groups, language),
            "metadata": bool(term.attributes),
            "type": "realtime",
            "keywords": ",".join(word.replace(",", " ") for word in term.keywords),
            "group": in_language(groups[term.parent].name, language) if term.parent else "",
        }
        for term in leaves(session).values()
    ]


def _path(term: Term, groups: Mapping[str, Term], language: str) -> str:
    above = groups.get(term.parent or "")
    return " – ".join(in_language(one.name, language) for one in (above, term) if one)


def definition(term: Term, language: str) -> dict[str, Any]:
    """What the service asks for beyond the description."""
    return {
        "service_code": term.code,
        "attributes": [
            _attribute(code, order, question, language)
            for order, (code, question) in enumerate(questions(term).items(), 1)
        ],
    }


def _attribute(code: str, order: int, question: Mapping[str, Any], language: str) -> dict[str, Any]:
    said: dict[str, Any] = {
        "variable": True,
        "code": code,
        "datatype": question["datatype"],
        "required": bool(question.get("required")),
        "datatype_description": in_language(question.get("hint"), language) or None,
        "order": order,
        "description": in_language(question["name"], language),
    }
    if choices := question.get("values"):
        said["values"] = [
            {"key": str(choice["key"]), "name": _name(choice["name"], language)}
            for choice in choices
        ]
    return said


def _name(name: Any, language: str) -> str:
    return in_language(name, language) if isinstance(name, dict) else str(name)


def questions(term: Term) -> dict[str, Mapping[str, Any]]:
    """The questions of a category by the codes that Open311 clients use.

    Some clients read such a code as a number: it is that of the category and two digits for the
    question's place, so that new questions go to the end.
    """
    return {f"{term.code}{place:02}": question for place, question in enumerate(term.attributes, 1)}


def answers(
    term: Term, given: Mapping[str, Sequence[str]]
) -> tuple[dict[str, Any], dict[str, str]]:
    """The answers that *given* holds, by our own codes, and which client's code each of them had.

    Lists come as lists, numbers as numbers where they are some; the verb that files judges them.
    """
    by_code = questions(term)
    found: dict[str, Any] = {}
    names: dict[str, str] = {}
    for code, values in given.items():
        question = by_code.get(code)
        own = question["code"] if question else code
        datatype = next(
            (known["datatype"] for known in term.attributes if known["code"] == own), "string"
        )
        found[own] = _typed(datatype, values)
        names[own] = code
    return found, names


def _typed(datatype: str, values: Sequence[str]) -> Any:
    if datatype == "multivaluelist":
        return list(values)
    if len(values) > 1:
        return list(values)  # fits no other question: the error names it
    if datatype != "number":
        return values[0]
    try:
        return int(values[0])
    except ValueError:
        return _decimal(values[0])


def _decimal(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if abs(number) < 1e15 else text  # neither infinite nor none
