"""The officer's desk: which reports lie on it, filters under a name, words for replies."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, select
from sqlalchemy.orm import Session

from backend.feedback.desk_models import ReplyTemplate, SavedFilter
from backend.feedback.models import Report
from backend.feedback.people import offices_of
from backend.feedback.reach import Reach
from backend.feedback.workflow import CLOSED, State
from content.errors import N_, Invalid, NotFound
from content.publishing import Edit
from content.store import Localized, insert_into
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import find_term, terms

OPEN = tuple(state for state in State if state not in CLOSED)
UNTOUCHED = (State.RECEIVED, State.VERIFIED, State.REOPENED)
MOST_FILTERS, MOST_TEMPLATES = 20, 100

VIEWS = ("waiting", "mine", "office", "late", "open", "closed")
"""What waits to be taken on, is mine, my office's, late; all that is open, all that is closed."""


def view(session: Session, name: str, reach: Reach, now: datetime) -> ColumnElement[bool]:
    """The condition that a report belongs to one of VIEWS for the owner of *reach*."""
    unclosed = Report.closed_at.is_(None)  # the same as the states say, but there is an index
    is_open = Report.status.in_(OPEN) & unclosed
    match name:
        case "waiting":
            return Report.status.in_(UNTOUCHED) & unclosed & Report.assignee_id.is_(None)
        case "mine":
            return is_open & (Report.assignee_id == reach.staff_id)
        case "office":
            return is_open & Report.office.in_(offices_of(session, reach.staff_id))
        case "late":
            return is_open & Report.waiting_since.is_(None) & (Report.expected_at < now)
        case "closed":
            return Report.status.in_(CLOSED)
        case _:
            return is_open


def counts(session: Session, reach: Reach, now: datetime) -> dict[str, int]:
    """How many reports lie in each of the views of work that is open."""
    asked = [
        func.count().filter(view(session, name, reach, now)).label(name)
        for name in VIEWS
        if name != "closed"
    ]
    statement = select(*asked).where(Report.closed_at.is_(None), reach.clause())
    return dict(session.execute(statement).one()._mapping)


def filters_of(session: Session, staff_id: uuid.UUID) -> Sequence[SavedFilter]:
    """The filters that somebody keeps, by name."""
    mine = select(SavedFilter).where(SavedFilter.staff_id == staff_id)
    return session.scalars(mine.order_by(SavedFilter.name)).all()


def keep_filter(session: Session, staff_id: uuid.UUID, name: str, query: str) -> None:
    """Keep *query* under *name*, in place of what was kept under it.

    Raises Invalid beyond MOST_FILTERS.
    """
    statement = insert_into(session, SavedFilter).values(
        id=uuid.uuid4(), staff_id=staff_id, name=name, query=query
    )
    session.execute(
        statement.on_conflict_do_update(index_elements=["staff_id", "name"], set_={"query": query})
    )
    if len(filters_of(session, staff_id)) > MOST_FILTERS:
        raise Invalid(
            {"name": [N_("At most %(most)s filters: forget one first.")]}, most=MOST_FILTERS
        )


def forget_filter(session: Session, staff_id: uuid.UUID, filter_id: uuid.UUID) -> None:
    """Forget one of somebody's own filters; one that is gone is forgotten already."""
    session.execute(
        delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.staff_id == staff_id)
    )


def templates(session: Session) -> Sequence[ReplyTemplate]:
    """The words for replies, by name."""
    return session.scalars(select(ReplyTemplate).order_by(ReplyTemplate.name)).all()


def fitting(session: Session, every: Sequence[ReplyTemplate], category: str) -> list[ReplyTemplate]:
    """Those of *every* that are for reports of *category*, or of the group above it."""
    term = find_term(session, Vocabulary.REPORT, category)
    names = {category, term.parent} if term else {category}
    return [kept for kept in every if names & set(kept.categories)]


def template(session: Session, template_id: uuid.UUID) -> ReplyTemplate:
    """One of them. Raises NotFound."""
    found = session.get(ReplyTemplate, template_id)
    if found is None:
        raise NotFound(N_("There is no such template."))
    return found


def keep_template(
    session: Session,
    template_id: uuid.UUID | None,
    name: str,
    text: Localized,
    edit: Edit,
    categories: Collection[str] = (),
) -> ReplyTemplate:
    """Add words for replies, or change those with *template_id*.

    Raises NotFound, and Invalid for a name that is taken, an unknown category or beyond
    MOST_TEMPLATES.
    """
    if not text.get("vi"):
        raise Invalid({"text": [N_("The Vietnamese text (vi) is needed.")]})
    if set(categories) - {term.code for term in terms(session, Vocabulary.REPORT)}:
        raise Invalid({"categories": [N_("There is no such category.")]})
    taken = session.scalar(select(ReplyTemplate.id).where(ReplyTemplate.name == name))
    if taken not in (None, template_id):
        raise Invalid({"name": [N_("This name is taken.")]})
    if template_id is None:
        if len(templates(session)) >= MOST_TEMPLATES:
            raise Invalid({"name": [N_("At most %(most)s templates.")]}, most=MOST_TEMPLATES)
        kept = ReplyTemplate(created_at=edit.now)
        session.add(kept)
    else:
        kept = template(session, template_id)
    kept.name, kept.text, kept.categories = name, text, sorted(set(categories))
    kept.updated_at, kept.changed_by = edit.now, edit.by
    session.flush()
    return kept


def remove_template(session: Session, template_id: uuid.UUID) -> None:
    """Remove words for replies. Raises NotFound."""
    session.delete(template(session, template_id))
    session.flush()
