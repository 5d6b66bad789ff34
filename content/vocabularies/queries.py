"""Reading the vocabularies, and checking codes against them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.vocabularies.models import Quarter, Term, Vocabulary, Ward


@dataclass
class Node:
    """A term and the terms below it."""

    term: Term
    children: list[Node] = field(default_factory=list)


def terms(session: Session, vocabulary: Vocabulary) -> Sequence[Term]:
    """The terms of *vocabulary*, in the order they are shown."""
    return session.scalars(
        select(Term).where(Term.vocabulary == vocabulary).order_by(Term.position, Term.code)
    ).all()


def tree(session: Session, vocabulary: Vocabulary) -> list[Node]:
    """The terms of *vocabulary* as a tree of two levels."""
    nodes = {term.code: Node(term) for term in terms(session, vocabulary)}
    for node in nodes.values():
        if node.term.parent:
            nodes[node.term.parent].children.append(node)
    return [node for node in nodes.values() if not node.term.parent]


def find_term(session: Session, vocabulary: Vocabulary, code: str) -> Term | None:
    """The term *code* of *vocabulary*, if there is one."""
    return session.scalar(select(Term).where(Term.vocabulary == vocabulary, Term.code == code))


def with_descendants(session: Session, vocabulary: Vocabulary, code: str) -> list[str]:
    """*code* and the codes below it, so that asking for a group finds its members."""
    below = select(Term.code).where(Term.vocabulary == vocabulary, Term.parent == code)
    return [code, *session.scalars(below)]


def report_category(session: Session, code: str) -> Term:
    """The category *code* a report may be filed under: a leaf of the tree.

    Raises Invalid that names the field `category` for an unknown code and for a group.
    """
    term = find_term(session, Vocabulary.REPORT, code)
    if term is None:
        raise Invalid({"category": [N_("There is no such category.")]})
    if len(with_descendants(session, Vocabulary.REPORT, code)) > 1:
        raise Invalid({"category": [N_("Choose one of the categories inside this group.")]})
    return term


def quarters(session: Session) -> Sequence[Quarter]:
    """The town's quarters, in the order they are shown."""
    return session.scalars(select(Quarter).order_by(Quarter.position, Quarter.code)).all()


def wards(session: Session) -> Sequence[Ward]:
    """Every ward that is or was, those of today first."""
    every = session.scalars(select(Ward).order_by(Ward.code)).all()
    return sorted(every, key=lambda ward: (ward.valid_until is not None, ward.code))


def ward_of_code(session: Session, code: str, day: date) -> Ward | None:
    """The ward that *code* meant on *day*; None where it meant none."""
    return session.scalar(
        select(Ward).where(
            Ward.code == code,
            or_(Ward.valid_from.is_(None), Ward.valid_from <= day),
            or_(Ward.valid_until.is_(None), Ward.valid_until >= day),
        )
    )


def ward_of_quarter(session: Session, code: str, day: date) -> Ward | None:
    """The ward that the quarter *code* lay in on *day*; None where the register does not tell.

    It follows the register from the ward that the quarter was before.
    """
    former = session.scalar(select(Quarter.former_ward_code).where(Quarter.code == code))
    if former is None:
        return None
    of_code = select(Ward).where(Ward.code == former).order_by(Ward.valid_until.is_(None))
    ward = session.scalar(of_code.order_by(Ward.valid_until).limit(1))
    while ward is not None and ward.valid_until is not None and ward.valid_until < day:
        if ward.successor is None:
            return None
        ward = ward_of_code(session, ward.successor, ward.valid_until + timedelta(days=1))
    return ward


def check_quarters(session: Session, codes: Iterable[str], field: str = "quarters") -> None:
    """Raise Invalid that names *field* when one of *codes* is no quarter of the town."""
    known = {quarter.code for quarter in quarters(session)}
    if unknown := sorted(set(codes) - known):
        raise Invalid({field: [N_("Not known: %(codes)s.")]}, codes=", ".join(unknown))


def check_terms(session: Session, vocabulary: Vocabulary, codes: Iterable[str], field: str) -> None:
    """Raise Invalid that names *field* when one of *codes* is not in *vocabulary*."""
    known = {term.code for term in terms(session, vocabulary)}
    if unknown := sorted(set(codes) - known):
        raise Invalid({field: [N_("Not known: %(codes)s.")]}, codes=", ".join(unknown))
