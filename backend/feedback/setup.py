"""How the town is set up to take reports: what staff enter rarely and each filing asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from backend.feedback.deadlines import WorkingTime
from backend.feedback.office_models import RoutingRule
from backend.feedback.offices import office_names
from backend.feedback.promises import office_hours, working_in
from backend.feedback.routing import first_open
from content import town
from content.errors import N_, Invalid
from content.holidays.computed import Holiday
from content.holidays.queries import entered_years, off_around, off_in
from content.store import Localized
from content.text import in_language
from content.vocabularies import areas
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import quarters, terms


@dataclass(frozen=True)
class Category:
    """A category of reports; *questions* and *promise* as a `Term` has them."""

    code: str
    name: Localized
    parent: str | None
    questions: Sequence[Mapping[str, Any]]
    promise: Mapping[str, Any] | None


@dataclass(frozen=True)
class Setup:
    """The town as `read` found it; nothing in it is ever changed."""

    categories: Mapping[str, Category]
    below: Mapping[str, Sequence[str]]
    """The codes below that of a group."""
    codes_of_quarters: frozenset[str]
    quarters: areas.Quarters
    offices: Mapping[str, Localized]
    rules: Sequence[Row[str | None, str | None, str | None, str]]
    hours: str
    holidays: Mapping[int, Sequence[Holiday]]

    def category(self, code: str) -> Category:
        """The category that a report may be filed under: a leaf of the tree.

        Raises Invalid that names the field `category` for an unknown code and for a group.
        """
        if code not in self.categories:
            raise Invalid({"category": [N_("There is no such category.")]})
        if code in self.below:
            raise Invalid({"category": [N_("Choose one of the categories inside this group.")]})
        return self.categories[code]

    def names(self, language: str) -> dict[str, str]:
        """The names of all categories by their codes."""
        return {code: in_language(one.name, language) for code, one in self.categories.items()}

    def with_those_below(self, code: str) -> list[str]:
        """*code* and the codes below it, so that asking for a group finds its members."""
        return [code, *self.below.get(code, ())]

    def check_quarter(self, code: str) -> None:
        """Raise Invalid that names the field `quarter` where there is none of that *code*."""
        if code not in self.codes_of_quarters:
            raise Invalid({"quarter": [N_("Not known: %(codes)s.")]}, codes=code)

    def working_time(self, zone: tzinfo) -> WorkingTime:
        """How working time passes in this town."""
        return working_in(self.hours, lambda year: off_in(self.holidays, year), zone)

    def office_for(self, category: Category, quarter: str | None, at: datetime) -> str | None:
        """The code of the office that gets a report filed *at* that moment; None for none."""
        above = (None, category.code, category.parent)
        fitting = (
            rule
            for rule in self.rules
            if rule.category in above and rule.quarter in (None, quarter)
        )
        day = at.astimezone(town.TIME).date()
        rule = first_open(fitting, at, lambda: off_around(self.holidays, day))
        return str(rule.office) if rule else None


def read(session: Session) -> Setup:
    """The town as it is set up now."""
    categories = {
        term.code: Category(term.code, term.name, term.parent, term.attributes, term.promise)
        for term in terms(session, Vocabulary.REPORT)
    }
    below: dict[str, list[str]] = {}
    for one in categories.values():
        if one.parent:
            below.setdefault(one.parent, []).append(one.code)
    rules = select(RoutingRule.category, RoutingRule.quarter, RoutingRule.hours, RoutingRule.office)
    return Setup(
        categories=categories,
        below=below,
        codes_of_quarters=frozenset(quarter.code for quarter in quarters(session)),
        quarters=areas.read(session),
        offices=office_names(session),
        rules=session.execute(rules.order_by(RoutingRule.position, RoutingRule.id)).all(),
        hours=office_hours(session),
        holidays=entered_years(session),
    )
