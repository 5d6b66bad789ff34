"""Spreadsheets as people write them: cells read, broken files refused with the place."""

from __future__ import annotations

from typing import Any

import pytest

from backend.events.files import EVENTS
from backend.events.shorthand import exceptions, exceptions_of, recurrence, recurrence_of
from backend.exchange import cells, reading
from backend.exchange.cells import Unreadable
from backend.exchange.sheets import Sheet
from backend.prices.files import PRICES
from content.errors import Invalid

LANGUAGES = ("vi", "en")


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("", None), ("0", 0), ("50000", 50_000), ("50.000", 50_000), ("1.250.000", 1_250_000),
        ("50.000 đ", 50_000), ("50.000₫", 50_000), ("50000 VNĐ", 50_000),
    ],
)  # fmt: skip
def test_amounts_are_read_as_vietnamese_write_them(cell: str, amount: int | None) -> None:
    assert cells.dong(cell) == amount


@pytest.mark.parametrize(
    "cell", ["50,000", "50.00", "50.0000", "0.500", "50.000,5", "-5", "5e4", "50k", "miễn phí"]
)
def test_an_amount_that_could_mean_two_things_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match=r"50000 or 50\.000"):
        cells.dong(cell)


@pytest.mark.parametrize("cell", ["2026-04-30", "30/04/2026", "30/4/2026", "30-04-2026"])
def test_days_are_read_in_both_orders(cell: str) -> None:
    assert cells.day(cell) == "2026-04-30"


@pytest.mark.parametrize("cell", ["4/30/2026", "31/02/2026", "30/04/26", "30/04", "soon", "46142"])
def test_what_is_no_day_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="30/04/2026"):
        cells.day(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "30/04/2026 19:30", "2026-04-30 19:30", "2026-04-30T19:30:00", "30/4/2026 19h30",
        "2026-04-30T12:30:00+00:00",
    ],
)  # fmt: skip
def test_moments_are_by_the_clocks_of_the_town(cell: str) -> None:
    assert cells.moment_of(cells.moment(cell)) == "2026-04-30 19:30"


@pytest.mark.parametrize("cell", ["30/04/2026", "19:30", "30/04/2026 25:00", "31/02/2026 19:30"])
def test_what_is_no_moment_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="30/04/2026"):
        cells.moment(cell)


RULES: list[tuple[str, dict[str, Any] | None]] = [
    ("", None),
    ("FREQ=WEEKLY;BYDAY=SA", {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA"}),
    ("15/8 ÂL", {"calendar": "lunar", "frequency": "yearly", "day": 15, "month": 8}),
    ("15 ÂL", {"calendar": "lunar", "frequency": "monthly", "day": 15}),
    (
        "1/6 ÂL NHUẬN ĐẾN 2030-12-31",
        {
            "calendar": "lunar", "frequency": "yearly", "day": 1, "month": 6,
            "in_leap_month": True, "until": "2030-12-31",
        },
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cell", "rule"), RULES)
def test_a_rule_is_written_and_read_again(cell: str, rule: dict[str, Any] | None) -> None:
    assert recurrence_of(rule) == cell
    assert recurrence(cell) == rule


@pytest.mark.parametrize(
    ("cell", "same"),
    [
        ("âm lịch 15/8", "15/8 ÂL"), ("lunar 15/8 until 31/12/2030", "15/8 ÂL ĐẾN 2030-12-31"),
        ("Hằng năm", "FREQ=YEARLY"), ("hàng tuần", "FREQ=WEEKLY"),
        ("RRULE:FREQ=DAILY", "FREQ=DAILY"),
    ],
)  # fmt: skip
def test_a_rule_may_be_said_in_words(cell: str, same: str) -> None:
    assert recurrence_of(recurrence(cell)) == same


@pytest.mark.parametrize("cell", ["15/8", "rằm tháng tám", "15/8/2026 ÂL", "ÂL"])
def test_a_rule_of_which_nobody_knows_the_calendar_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable, match="15/8 ÂL"):
        recurrence(cell)


def test_cancelled_days_are_a_list_and_moved_ones_json() -> None:
    cancelled = [{"date": "2026-05-01", "status": "cancelled"}]
    moved = [{"date": "2026-05-01", "status": "moved", "starts_on": "2026-05-02"}]
    assert exceptions_of(cancelled) == "2026-05-01"
    assert exceptions("1/5/2026 | 2/5/2026")[1] == {"date": "2026-05-02", "status": "cancelled"}
    assert exceptions(exceptions_of(cancelled)) == cancelled
    assert exceptions(exceptions_of(moved)) == moved


BROKEN_FILES: dict[str, tuple[Sheet, str, str]] = {
    "a price list of no rows": (PRICES, "item_vi,price_vnd\n", "has no prices in it"),
    "prices without a head": (PRICES, "Mực,300000\nCá,200000\n", "such as item_vi, price_vnd"),
    "a column of events in prices": (PRICES, "item_vi,starts_on\nMực,\n", "no column “starts_on”"),
    "a price list as a map": (
        PRICES,
        '{"type": "FeatureCollection"}',
        "save it from the spreadsheet as CSV",
    ),
    "an event twice the same column": (EVENTS, "title_vi,title_vi\na,b\n", "“title_vi” is there"),
    "a programme as a map": (
        EVENTS,
        '{"type": "FeatureCollection"}',
        "save it from the spreadsheet as CSV",
    ),
}


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_file_that_is_none_of_its_kind_is_refused(name: str) -> None:
    sheet, text, sentence = BROKEN_FILES[name]
    with pytest.raises(Invalid) as refused:
        reading.read(text.encode(), sheet, LANGUAGES)
    (message,) = refused.value.errors["file"]
    assert sentence in message % refused.value.values


@pytest.mark.parametrize("data", [b"PK\x03\x04\x14\x00", b"\xd0\xcf\x11\xe0\xa1\xb1"])
def test_a_workbook_is_refused_with_what_to_do(data: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        reading.read(data, PRICES, LANGUAGES)
    assert "save it as “CSV UTF-8”" in refused.value.errors["file"][0]


BROKEN_ROWS: dict[str, tuple[Sheet, str, str]] = {
    "an amount in words": (PRICES, "item_vi,price_vnd\nMực,\nCá,rẻ\n", "3 price_vnd"),
    "an amount with decimals": (PRICES, 'item_vi,price_vnd\nMực,"50,5"\n', "2 price_vnd"),
    "a range with a hyphen": (PRICES, "item_vi,price_vnd\nMực,50000-60000\n", "2 price_vnd"),
    "a day in American order": (PRICES, "item_vi,valid_from\nMực,4/30/2026\n", "2 valid_from"),
    "a price said twice": (PRICES, "slug,item_vi\nmuc,Mực\nmuc,Mực\n", "3 slug"),
    "a price with a cell too many": (PRICES, "item_vi,unit_vi\nMực,kg,đĩa\n", "2 "),
    "an event on no day": (EVENTS, "title_vi,starts_on\nHội,31/2/2026\n", "2 starts_on"),
    "an hour without a day": (EVENTS, "title_vi,starts_at\nHội,19:30\n", "2 starts_at"),
    "a rule in no calendar": (EVENTS, "title_vi,recurrence\nHội,15/8\n", "2 recurrence"),
    "an exception in words": (EVENTS, "title_vi,exceptions\nHội,mưa\n", "2 exceptions"),
    "half a point": (EVENTS, "title_vi,lat,lng\nHội,18.8,\n", "2 lng"),
    "sources that are no JSON": (EVENTS, "title_vi,sources\nHội,[oops\n", "2 sources"),
}


@pytest.mark.parametrize("name", BROKEN_ROWS)
def test_a_bad_cell_is_named_by_row_and_column(name: str) -> None:
    sheet, text, place = BROKEN_ROWS[name]
    rows = reading.read(text.encode(), sheet, LANGUAGES)
    assert [f"{one.row} {one.field}" for row in rows for one in row.problems] == [place]
