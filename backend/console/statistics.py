"""The leader's page: cards, tables and charts of a period, each number with its reports behind."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from babel.dates import get_month_names
from flask import Response, make_response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale, lazy_gettext
from flask_babel import gettext as _
from marshmallow import ValidationError

from backend import charts, current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.charts import Series
from backend.console.layout import console
from backend.database import session
from backend.feedback.statistics import papers
from backend.feedback.statistics.facts import RESOLVE
from backend.feedback.statistics.figures import Figures
from backend.feedback.statistics.finding import NONE
from backend.feedback.statistics.naming import age, change, decimal, duration, names, percent
from backend.feedback.statistics.routes import asked, csv_of
from backend.feedback.statistics.schemas import StatisticsQuery
from backend.feedback.statistics.tallies import Period
from backend.languages import language
from content.errors import Invalid

READS = access.staff(Permission.READ_STATISTICS)
WIDE, NARROW = 640.0, 340.0
"""The widths of a chart on a desk and on a telephone, in points."""

MOST_BARS, MOST_PLACES = 15, 20

BY_WORDS = {
    "month": lazy_gettext("Month"),
    "season": lazy_gettext("Season"),
    "office": lazy_gettext("Office"),
    "quarter": lazy_gettext("Quarter"),
    "category": lazy_gettext("Subject"),
}


@console.get("/statistics", endpoint="statistics")
@READS
def page() -> ResponseReturnValue:
    """The figures of `?from=&to=&by=`; of this year where it says nothing or no period."""
    found, errors = _asked()
    days = {"from": found.period.first.isoformat(), "to": found.period.last.isoformat()}
    on_desk, on_phone = (_charts(found, width) for width in (WIDE, NARROW))
    shown = render_template(
        "console/statistics/page.html",
        found=found,
        errors=errors,
        days=days,
        by_words=BY_WORDS,
        spans=_spans(),
        on_desk=on_desk,
        on_phone=on_phone,
        category_name=names(session, "category", language()),
        duration=duration,
        percent=percent,
        decimal=decimal,
        change=change,
        age_label=age,
        of_age=_of_age,
        of_month=_of_month(found.period),
        reports=lambda figure, **more: _reports(days | {"figure": figure} | more),
        of_row=_narrowing,
        town_tiles=current.settings().map_tiles_url,
        most_places=MOST_PLACES,
    )
    return shown, 422 if errors else 200


@console.get("/statistics.csv", endpoint="statistics_csv")
@READS
def table() -> Response:
    """The figures by rows, for spreadsheets. Raises Invalid for a period that is none."""
    return csv_of(asked(_query()))


@console.get("/statistics/month.pdf", endpoint="statistics_paper")
@READS
def paper() -> Response:
    """The report of the month that `?from=` lies in, by default of the last one, for printing.

    Raises Invalid for a day that is none.
    """
    first = (_query()["first"] or _month_before(_today())).replace(day=1)
    found = asked({"first": first, "last": _month_end(first), "by": "office"})
    by_category = asked({"first": first, "last": _month_end(first), "by": "category"})
    by_quarter = asked({"first": first, "last": _month_end(first), "by": "quarter"})
    answer = make_response(papers.monthly(found, by_category, by_quarter))
    answer.mimetype = "application/pdf"
    name = f"{_('report')}-{first:%Y-%m}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return answer


def _query() -> dict[str, Any]:
    given = {name: request.args[name] for name in ("from", "to", "by") if request.args.get(name)}
    query: dict[str, Any] = StatisticsQuery().load(given)
    return query


def _asked() -> tuple[Figures, Mapping[str, Sequence[str]]]:
    """The figures that the address asks for, and what is wrong with it."""
    try:
        return asked(_query()), {}
    except ValidationError as error:
        wrong = error.normalized_messages()
    except Invalid as error:
        wrong = {
            field: [_(message) for message in messages] for field, messages in error.errors.items()
        }
    return asked(StatisticsQuery().load({})), wrong


def _reports(query: Mapping[str, str]) -> str:
    return f"{url_for('console.reports')}?{urlencode(query)}"


def _narrowing(found: Figures, row: Mapping[str, Any]) -> dict[str, str]:
    """What leads to the reports of one *row* of a table alone."""
    match found.by:
        case "month":
            return _of_month(found.period)(row)
        case "season":
            return {"season": row["value"]}
        case by:
            return {by: row["value"] or NONE}


def _of_month(period: Period) -> Callable[[Mapping[str, Any]], dict[str, str]]:
    """What leads to the reports of one month as far as it lies in *period*."""

    def narrowing(row: Mapping[str, Any]) -> dict[str, str]:
        first = date.fromisoformat(row["value"])
        since, until = max(first, period.first), min(_month_end(first), period.last)
        return {"from": since.isoformat(), "to": until.isoformat()}

    return narrowing


def _of_age(row: Mapping[str, Any]) -> dict[str, str]:
    """What leads to the open reports of one class of the backlog."""
    since = {"from": row["first"].isoformat()} if row["first"] else {}
    return since | {"to": row["last"].isoformat()}


def _today() -> date:
    return current.now().astimezone(current.settings().timezone).date()


def _month_end(first: date) -> date:
    return (first.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)


def _month_before(day: date) -> date:
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def _spans() -> list[tuple[str, dict[str, str]]]:
    """The periods that are chosen most, by their names."""
    today = _today()
    this_month, last_month = today.replace(day=1), _month_before(today)
    year = today.replace(month=1, day=1)
    spans = [
        (_("This month"), this_month, today),
        (_("Last month"), last_month, _month_end(last_month)),
        (_("This year"), year, today),
        (_("Last year"), year.replace(year=year.year - 1), year - timedelta(days=1)),
    ]
    return [(words, {"from": f"{since}", "to": f"{until}"}) for words, since, until in spans]


def _charts(found: Figures, width: float) -> dict[str, str]:
    """Every chart of the page as the address of a picture, drawn for a *width*."""
    months = found.months
    labels = [_month_label(row["value"]) for row in months]
    items = sorted(found.items, key=lambda row: -row["received"])[:MOST_BARS]
    drawn = {
        "received": charts.columns(
            labels,
            [
                Series(_("This period"), [row["received"] for row in months]),
                Series(_("A year before"), [row["received_last_year"] for row in months]),
            ],
            width=width,
        ),
        "times": charts.columns(
            labels,
            [
                Series(_("Half within (days)"), [_days(row, "median") for row in months]),
                Series(_("Nine of ten within (days)"), [_days(row, "p90") for row in months]),
            ],
            width=width,
        ),
        "items": charts.bars(
            [row["name"] for row in items],
            Series(_("Received"), [row["received"] for row in items]),
            width=width,
        ),
        "backlog": charts.columns(
            [age(row) for row in found.backlog],
            [Series(_("Still open"), [row["open"] for row in found.backlog])],
            width=width,
            height=200,
        ),
        "ratings": charts.columns(
            [str(rating) for rating in range(1, 6)],
            [Series(_("Ratings"), found.totals["ratings"])],
            width=width,
            height=200,
        ),
    }
    return {
        name: f"data:image/svg+xml;charset=utf-8,{quote(charts.svg(drawing))}"
        for name, drawing in drawn.items()
    }


def _month_label(value: str) -> str:
    month = date.fromisoformat(value)
    if language() == "vi":
        return f"{month.month}/{month:%y}"
    return str(get_month_names("abbreviated", locale=get_locale())[month.month])


def _days(row: Mapping[str, Any], rank: str) -> float | None:
    minutes = row[RESOLVE][rank]
    return None if minutes is None else round(minutes / 1440, 1)
