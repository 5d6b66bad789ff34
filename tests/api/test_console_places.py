"""The form of a place: all that the API knows of one can be read and written there."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.console import Page, Visitor

WHOLE: dict[str, Any] = {
    "name.vi": "Chợ mẫu",
    "name.en": "Sample market",
    "category": "market",
    "season_from": "30/4",
    "season_to": "31/8",
    "opening_exceptions.0.date": "2026-09-02",
    "opening_exceptions.0.kind": "",
    "opening_exceptions.0.note.vi": "Nghỉ lễ",
    "opening_exceptions.4.date": "2026-12-24",
    "opening_exceptions.4.to": "2026-12-26",
    "opening_exceptions.4.kind": "hours",
    "opening_exceptions.4.hours": "08:00-11:00",
    "links.0.url": "https://example.org/cho",
    "links.0.title.vi": "Trang mẫu",
    "links.0.title.en": "Sample page",
    "sources.0.fact": "Giờ mở cửa",
    "sources.0.source": "Ban quản lý mẫu",
    "sources.0.confidence": "M",
    "verified_on": "2026-06-01",
    "licence": "CC-BY-4.0",
    "visit_minutes": "90",
    "accessibility": ["step-free"],
}


@pytest.fixture
def editor(
    client: FlaskClient,
    as_staff: Callable[..., dict[str, str]],
    vocabularies: None,
) -> Visitor:
    return Visitor(client, as_staff(Role.EDITOR))


def as_shown(page: Page) -> dict[str, str]:
    """The texts in the inputs of the form, as a browser would send them back unchanged."""
    form = page.source[page.source.index('<form id="editor"') :]
    form = re.sub(r"<(template|noscript)>.*?</\1>", "", form, flags=re.DOTALL)
    form = re.sub(r'<input type="(checkbox|radio)"[^>]*>', "", form)
    return dict(re.findall(r'<input[^>]* name="([^"]+)"[^>]* value="([^"]*)"', form))


def kept(editor: Visitor) -> dict[str, Any]:
    """The place as the API shows it to editors."""
    found: dict[str, Any] = editor.client.get(
        "/api/v1/staff/places/cho-mau", headers=editor.headers
    ).json
    return found


def test_all_fields_of_a_place_are_kept(editor: Visitor) -> None:
    page = editor.send("/console/places/new", **WHOLE)
    assert page.status == 200, page.refused
    place = kept(editor)
    assert place["season"] == {"from": "04-30", "to": "08-31"}
    assert place["opening_exceptions"] == [
        {"date": "2026-09-02", "closed": True, "note": {"vi": "Nghỉ lễ"}},
        {"from": "2026-12-24", "to": "2026-12-26", "hours": "08:00-11:00"},
    ]
    title = {"vi": "Trang mẫu", "en": "Sample page"}
    assert place["links"] == [{"url": "https://example.org/cho", "title": title}]
    source = {"fact": "Giờ mở cửa", "source": "Ban quản lý mẫu", "confidence": "M"}
    assert place["sources"] == [source]
    assert place["verified_at"] == "2026-06-01T12:00:00+07:00"
    assert place["licence"] == "CC-BY-4.0"
    assert place["visit_minutes"] == 90
    assert place["accessibility"] == ["step-free"]


def test_the_form_shows_what_is_kept_and_rows_can_be_taken_away(editor: Visitor) -> None:
    page = editor.send("/console/places/new", **WHOLE)
    before, shown = kept(editor), as_shown(page)
    assert shown["season_from"] == "30/4"
    assert shown["opening_exceptions.1.to"] == "2026-12-26"
    assert shown["links.0.title.en"] == "Sample page"
    assert shown["verified_on"] == "2026-06-01"
    chosen = {
        "category": "market",
        "opening_exceptions.0.kind": "",
        "opening_exceptions.1.kind": "hours",
        "sources.0.confidence": "M",
        "accessibility": "step-free",
    }
    editor.send(page.path, **shown | chosen)
    again = kept(editor)
    assert again["revision"] == before["revision"]
    assert {name: again[name] for name in before} == before
    left = {k: v for k, v in (shown | chosen).items() if not k.startswith("opening_exceptions.0.")}
    editor.send(page.path, **left)
    assert [one["from"] for one in kept(editor)["opening_exceptions"]] == ["2026-12-24"]


def test_a_record_that_is_checked_today_says_so(editor: Visitor) -> None:
    editor.send("/console/places/new", **WHOLE | {"verified": "yes"})
    assert kept(editor)["verified_at"] == "2026-07-01T08:00:00+07:00"


@pytest.mark.parametrize(
    ("changed", "wrong", "says"),
    [
        ({"opening_exceptions.0.date": "someday"}, "opening_exceptions.0.date", "Must be a day"),
        ({"opening_exceptions.4.hours": ""}, "opening_exceptions.1.hours", "syntax of opening"),
        ({"opening_exceptions.4.hours": "always"}, "opening_exceptions.1.hours", "syntax of"),
        ({"opening_exceptions.4.to": "2026-12-01"}, "opening_exceptions", "before it begins"),
        ({"opening_exceptions.4.date": "2026-09-02"}, "opening_exceptions", "are about"),
        ({"links.0.url": "javascript:alert(1)"}, "links.0.url", "Not a valid URL"),
        ({"links.0.title.vi": ""}, "links.0.title", "Vietnamese text (vi) is needed"),
        ({"sources.0.confidence": "X"}, "sources.0.confidence", "Must be one of: H, M, L."),
        (
            {"sources.3.fact": "Vậy", "sources.3.confidence": ""},
            "sources.1.confidence",
            "Must be one of:",
        ),
        ({"verified_on": "2026-07-02"}, "verified_on", "on a day to come"),
        ({"verified_on": "June"}, "verified_on", "Write a day."),
        ({"season_from": "April"}, "season.from", "Write day and month"),
        ({"season_from": "30/2"}, "season", "No year has the day"),
    ],
)
def test_what_is_wrong_in_a_row_is_said_beside_it(
    editor: Visitor, changed: dict[str, str], wrong: str, says: str
) -> None:
    page = editor.send("/console/places/new", **WHOLE | changed)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert f'id="{wrong}"' in page
    assert says in page
    assert "https://example.org/cho" in page or "javascript:" in page
