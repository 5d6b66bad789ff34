"""Which office gets a report: rules in order, of which the first that fits decides."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from backend.feedback.office_models import RoutingRule
from backend.feedback.offices import check_office
from content import audit, town
from content.errors import N_, Invalid, NotFound
from content.holidays.queries import days_off_around
from content.opening import DaysOff, is_open, is_opening_hours
from content.publishing import Edit
from content.vocabularies.models import Term, Vocabulary
from content.vocabularies.queries import check_quarters, check_terms

SUBJECT = "routing rule"


def route(
    session: Session, *, category: Term, quarter: str | None, at: datetime
) -> RoutingRule | None:
    """The rule that decides for a report of *category* in *quarter* that is filed *at*.

    None where no rule fits: the report then waits for somebody to assign it.
    """
    fitting = (
        select(RoutingRule)
        .where(
            or_(
                RoutingRule.category.is_(None),
                RoutingRule.category.in_((category.code, category.parent)),
            )
        )
        .where(or_(RoutingRule.quarter.is_(None), RoutingRule.quarter == quarter))
        .order_by(RoutingRule.position, RoutingRule.id)
    )
    day = at.astimezone(town.TIME).date()
    return first_open(session.scalars(fitting), at, lambda: days_off_around(session, day))


class Hours(Protocol):
    """A rule, which may hold in certain hours alone."""

    @property
    def hours(self) -> str | None:
        """In OSM's syntax of opening hours; None for always."""


Rule = TypeVar("Rule", bound=Hours)


def first_open(
    fitting: Iterable[Rule], at: datetime, days_off: Callable[[], DaysOff]
) -> Rule | None:
    """The first of the rules *fitting* that holds *at* that moment."""
    for rule in fitting:
        if rule.hours is None or is_open(rule.hours, at, holidays=days_off()) is True:
            return rule
    return None


def every_rule(session: Session) -> Sequence[RoutingRule]:
    """The rules in the order in which they are asked."""
    return session.scalars(select(RoutingRule).order_by(RoutingRule.position, RoutingRule.id)).all()


def rule_of_id(session: Session, rule_id: uuid.UUID) -> RoutingRule:
    """One rule. Raises NotFound."""
    rule = session.get(RoutingRule, rule_id)
    if rule is None:
        raise NotFound(N_("There is no such rule."))
    return rule


def add_rule(session: Session, values: Mapping[str, Any], edit: Edit) -> RoutingRule:
    """A new rule behind all others. Raises Invalid that names what is not known."""
    _check(session, values)
    last = session.scalar(select(func.max(RoutingRule.position)))
    rule = RoutingRule(
        position=0 if last is None else last + 1,
        category=values.get("category") or None,
        quarter=values.get("quarter") or None,
        hours=values.get("hours") or None,
        office=values["office"],
        created_at=edit.now,
        updated_at=edit.now,
        changed_by=edit.by,
    )
    session.add(rule)
    session.flush()
    audit.record(session, edit, act="create", subject=(SUBJECT, str(rule.id)), after=_values(rule))
    return rule


def change_rule(
    session: Session, rule_id: uuid.UUID, values: Mapping[str, Any], edit: Edit
) -> RoutingRule:
    """Let a rule fit other reports, or give them to another office. Raises NotFound, Invalid."""
    rule = rule_of_id(session, rule_id)
    _check(session, values)
    before = _values(rule)
    for name, value in values.items():
        setattr(rule, name, value or None)
    rule.updated_at, rule.changed_by = edit.now, edit.by
    session.flush()
    audit.record(
        session,
        edit,
        act="change",
        subject=(SUBJECT, str(rule.id)),
        before=before,
        after=_values(rule),
    )
    return rule


def drop_rule(session: Session, rule_id: uuid.UUID, edit: Edit) -> None:
    """Remove a rule. Raises NotFound."""
    rule = rule_of_id(session, rule_id)
    audit.record(session, edit, act="delete", subject=(SUBJECT, str(rule.id)), before=_values(rule))
    session.delete(rule)
    session.flush()


def order_rules(session: Session, ids: Sequence[uuid.UUID], edit: Edit) -> Sequence[RoutingRule]:
    """Ask the rules in the order of *ids* from now on.

    Raises Invalid unless *ids* names each rule once: somebody may have added one since.
    """
    rules = {rule.id: rule for rule in every_rule(session)}
    if sorted(ids) != sorted(rules):
        raise Invalid({"rules": [N_("Name each rule once, in the new order.")]})
    before = [str(rule_id) for rule_id in rules]
    for position, rule_id in enumerate(ids):
        rules[rule_id].position = position
    session.flush()
    audit.record(
        session,
        edit,
        act="order",
        subject=(SUBJECT, "all"),
        before={"rules": before},
        after={"rules": [str(rule_id) for rule_id in ids]},
    )
    return every_rule(session)


def _check(session: Session, values: Mapping[str, Any]) -> None:
    if category := values.get("category"):
        check_terms(session, Vocabulary.REPORT, [category], "category")
    if quarter := values.get("quarter"):
        check_quarters(session, [quarter], "quarter")
    if (hours := values.get("hours")) and not is_opening_hours(hours):
        raise Invalid(
            {"hours": [N_("Write hours as OpenStreetMap does, such as Mo-Fr 17:00-24:00.")]}
        )
    if "office" in values:
        check_office(session, values["office"])


def _values(rule: RoutingRule) -> dict[str, Any]:
    return {
        "position": rule.position,
        "category": rule.category,
        "quarter": rule.quarter,
        "hours": rule.hours,
        "office": rule.office,
    }
