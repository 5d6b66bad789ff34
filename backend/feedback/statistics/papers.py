"""The report of a month on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import format_date
from flask_babel import gettext as _
from reportlab.platypus import Flowable

from backend import charts, current, papers
from backend.charts import Series
from backend.database import session
from backend.feedback.statistics.figures import Figures
from backend.feedback.statistics.naming import age, change, decimal, duration, names, percent
from backend.languages import language

COLUMNS = (0.3, 0.1, 0.1, 0.1, 0.12, 0.14, 0.14)


def monthly(found: Figures, *others: Figures) -> bytes:
    """A PDF of what is *found* of a month, and of the *others*, which are by something else."""
    month = format_date(found.period.first, _("MMMM yyyy"))
    title = _("Citizens' reports, %(month)s", month=month)
    made = found.at.astimezone(current.settings().timezone)
    category = names(session, "category", language())
    story: list[Flowable] = [
        papers.text(title, papers.TITLE),
        papers.text(
            _(
                "Of the reports filed from %(first)s to %(last)s, as they stood at %(time)s. "
                "Times count day and night, and are right within 9 %%.",
                first=f"{found.period.first:%d/%m/%Y}",
                last=f"{found.period.last:%d/%m/%Y}",
                time=f"{made:%H:%M, %d/%m/%Y}",
            ),
            papers.SMALL,
        ),
        papers.gap(),
        papers.figures(_cards(found)),
    ]
    for part, heading in zip(
        (found, *others), (_("By office"), _("By category"), _("By quarter")), strict=False
    ):
        story += [papers.text(heading, papers.HEADING), _table(part.items)]
    backlog = charts.columns(
        [age(row) for row in found.backlog],
        [Series(_("Still open"), [row["open"] for row in found.backlog])],
        width=papers.WIDTH,
        height=130,
    )
    ratings = charts.columns(
        [str(rating) for rating in range(1, 6)],
        [Series(_("Ratings"), found.totals["ratings"])],
        width=papers.WIDTH,
        height=130,
    )
    story += [
        papers.together(papers.text(_("Open now, by age in days"), papers.HEADING), backlog),
        papers.together(papers.text(_("How content reporters were"), papers.HEADING), ratings),
    ]
    if found.repeaters:
        story.append(
            papers.together(
                papers.text(_("What comes again"), papers.HEADING),
                papers.text(
                    _(
                        "The same category in the same field of about 200 metres: "
                        "reported more than once, or opened again."
                    ),
                    papers.SMALL,
                ),
                papers.table(
                    (
                        _("Subject"),
                        _("Middle of the field"),
                        _("Reports"),
                        _("Opened again"),
                        _("Still open"),
                    ),
                    [
                        (
                            category(row["category"]),
                            _middle(row),
                            str(row["received"]),
                            str(row["reopened"]),
                            str(row["open"]),
                        )
                        for row in found.repeaters
                    ],
                    (0.4, 0.24, 0.12, 0.12, 0.12),
                ),
            )
        )
    return papers.pdf(title, story, made=made, language=language())


def _cards(found: Figures) -> list[tuple[str, str, str]]:
    total, before = found.totals, found.last_year
    return [
        (_("Received"), str(total["received"]), change(total["received"], before["received"])),
        (_("Resolved"), str(total["resolved"]), change(total["resolved"], before["resolved"])),
        (
            _("Resolved on time"),
            percent(total["on_time_share"]),
            _("a year ago: %(share)s", share=percent(before["on_time_share"])),
        ),
        (
            _("Half resolved within"),
            duration(total["resolve"]["median"]),
            _("nine of ten within %(time)s", time=duration(total["resolve"]["p90"])),
        ),
        (
            _("Half acknowledged within"),
            duration(total["acknowledge"]["median"]),
            _("nine of ten within %(time)s", time=duration(total["acknowledge"]["p90"])),
        ),
        (
            _("Satisfaction"),
            "–" if total["rating"] is None else f"{decimal(total['rating'])} / 5",
            f"{total['rated']} {_('ratings')}",
        ),
        (_("Open of these"), str(total["open"]), ""),
        (_("Opened again"), str(total["reopened"]), ""),
        (_("Late now, of all"), str(found.late_now), _("promised for an earlier time")),
    ]


def _table(rows: Sequence[Mapping[str, Any]]) -> Flowable:
    head = (
        "", _("Received"), _("A year before"), _("Still open"), _("On time"), _("Half within"),
        _("Nine of ten within"),
    )  # fmt: skip
    written = [
        (
            row["name"],
            str(row["received"]),
            str(row["received_last_year"]),
            str(row["open"]),
            f"{row['on_time']} ({percent(row['on_time_share'])})",
            duration(row["resolve"]["median"]),
            duration(row["resolve"]["p90"]),
        )
        for row in rows
    ]
    if not written:
        return papers.text(_("No report was filed in this period."))
    return papers.table(head, written, COLUMNS)


def _middle(row: Mapping[str, Any]) -> str:
    lat, lng = (row["south"] + row["north"]) / 2, (row["west"] + row["east"]) / 2
    return f"{lat:.3f}, {lng:.3f}"
