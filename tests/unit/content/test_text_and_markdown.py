"""Markdown of editors and highlights of search are safe to show."""

from __future__ import annotations

import pytest

from content.articles.markdown import to_html, to_text
from content.search.highlighting import highlight


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[a](javascript:alert(1))",
        "![a](x){onerror=alert(1)}",
        '<img src=x onerror="alert(1)">',
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        '<a href="https://a" onclick="x()">b</a>',
    ],
)
def test_scripts_do_not_come_through(text: str) -> None:
    html = to_html(text)
    assert "<script" not in html
    assert 'href="javascript' not in html
    assert 'href="data:' not in html
    assert "<img" not in html or "onerror=" not in html.split("<img")[1].split(">")[0]
    assert "<a" not in html or "onclick" not in html.split("<a")[1].split(">")[0]


def test_what_editors_need_comes_through() -> None:
    html = to_html("## Cờ\n\n- **đỏ**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[gọi](tel:115)")
    for piece in ("<h2>Cờ</h2>", "<strong>đỏ</strong>", "<td>1</td>", 'href="tel:115"'):
        assert piece in html


def test_plain_text_has_the_words_alone() -> None:
    assert to_text("## Cờ **đỏ**\n\n[gọi](tel:115)\nngay") == "Cờ đỏ gọi ngay"


def test_a_highlight_is_cut_around_the_first_found_word() -> None:
    long = "mở đầu " * 40 + "đền Vạn Lộc " + "kết thúc " * 40
    marked = highlight(long, [{"van": 1.0}, {"loc": 1.0}])
    assert "<mark>Vạn</mark> <mark>Lộc</mark>" in marked
    assert marked.startswith("…")
    assert marked.endswith("…")
    assert len(marked) < 300


def test_a_highlight_of_nothing_is_empty() -> None:
    assert highlight("Đền Vạn Lộc", [{"cho": 1.0}]) == ""
