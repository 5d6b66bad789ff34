"""Charts, drawn once for pages, as SVG, and for papers, as part of a PDF."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from reportlab.graphics import renderSVG
from reportlab.graphics.shapes import Drawing, Line, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

FONT, BOLD = "Be Vietnam Pro", "Be Vietnam Pro Bold"
FONTS = Path(__file__).parent / "static" / "vendor" / "be-vietnam-pro"
"""A font with every letter of Vietnamese: those that PDF brings along have not."""

INK, SOFT, RULE = HexColor("#1d2b33"), HexColor("#55656e"), HexColor("#d6dee2")
COLOURS = (HexColor("#0a4d68"), HexColor("#e0a030"), HexColor("#7fa7b8"))
PAPER = HexColor("#ffffff")
TEXT = 11.0
STEPS = (1, 2, 5)
Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True)
class Series:
    """Numbers of one kind, one for each of the chart's names; None where there is none."""

    name: str
    numbers: Sequence[float | None]


def register_fonts() -> None:
    """Make FONT and BOLD known to drawings and papers."""
    if FONT not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(BOLD, FONTS / "BeVietnamPro_700Bold.ttf"))
        pdfmetrics.registerFont(TTFont(FONT, FONTS / "BeVietnamPro_400Regular.ttf"))


def columns(
    names: Sequence[str], series: Sequence[Series], *, width: float = 640, height: float = 240
) -> Drawing:
    """Columns over *names*, those of each of the *series* beside each other, in points."""
    register_fonts()
    drawing = Drawing(width, height)
    drawing.add(_rect(0, 0, width, height, PAPER))
    top = _legend(drawing, series, width, height) - TEXT
    most = max((number or 0 for one in series for number in one.numbers), default=0)
    step = _step(most)
    ceiling = step * max(1, -(-most // step))
    left, bottom = _wide(_written(ceiling)) + 10, 2.2 * TEXT
    scale = (top - bottom) / ceiling
    mark = 0.0
    while mark <= ceiling + step / 2:
        y = bottom + mark * scale
        drawing.add(Line(left, y, width - 4, y, strokeColor=RULE, strokeWidth=0.7))
        drawing.add(_text(left - 5, y - TEXT / 3, _written(mark), "end", SOFT))
        mark += step
    if names:
        _draw_columns(drawing, names, series, (left, bottom, width - 4 - left, scale))
    return drawing


def _draw_columns(
    drawing: Drawing,
    names: Sequence[str],
    series: Sequence[Series],
    frame: tuple[float, float, float, float],
) -> None:
    left, bottom, width, scale = frame
    room = width / len(names)
    thick = min(36.0, 0.76 * room / len(series))
    # Names that would run into each other are left out evenly.
    every = max(1, -(-int(max(_wide(name) for name in names) + 8) // int(max(room, 1))))
    for place, name in enumerate(names):
        middle = left + (place + 0.5) * room
        if place % every == 0:
            drawing.add(_text(middle, bottom - 1.4 * TEXT, name, "middle", INK))
        for number, one in enumerate(series):
            x = middle + (number - len(series) / 2) * thick
            tall = (one.numbers[place] or 0) * scale
            drawing.add(_rect(x, bottom, thick - 1, tall, _colour(number)))


def bars(names: Sequence[str], series: Series, *, width: float = 640) -> Drawing:
    """A bar to the right for each of *names*, its number beside it, in points."""
    register_fonts()
    row = 2.0 * TEXT
    height = row * max(1, len(names)) + 8
    drawing = Drawing(width, height)
    drawing.add(_rect(0, 0, width, height, PAPER))
    longest = 0.42 * width
    cut = [_cut(name, longest) for name in names]
    left = max((_wide(name) for name in cut), default=0) + 10
    most = max((number or 0 for number in series.numbers), default=0) or 1
    right = max((_wide(_written(number or 0)) for number in series.numbers), default=0) + 12
    for place, (name, number) in enumerate(zip(cut, series.numbers, strict=True)):
        y = height - 4 - (place + 1) * row
        long = (width - left - right) * (number or 0) / most
        drawing.add(_text(left - 6, y + 0.45 * row, name, "end", INK))
        drawing.add(_rect(left, y + 3, long, row - 6, _colour(0)))
        drawing.add(_text(left + long + 5, y + 0.45 * row, _written(number or 0), "start", SOFT))
    return drawing


def svg(drawing: Drawing) -> str:
    """*drawing* as an SVG without scripts, styles and anything from elsewhere."""
    text: str = renderSVG.drawToString(drawing)
    text = text[text.index("<svg") :]
    text = re.sub(r"<title>.*?</title>|<desc>.*?</desc>", "", text, flags=re.DOTALL)
    text = re.sub(r' style="([^"]*)"', _attributes, text)
    return re.sub(r"\s*\n\s*", "", text)


def _attributes(found: re.Match[str]) -> str:
    """The properties of a style as attributes, which no policy of content refuses."""
    written = ""
    for piece in found[1].split(";"):
        name, _, value = piece.partition(":")
        if not name.strip():
            continue
        if name.strip() == "font-family":
            weight = ' font-weight="700"' if "Bold" in value else ""
            value = f"'{FONT}', system-ui, 'Segoe UI', 'Noto Sans', sans-serif"
            written += weight
        written += f' {name.strip()}="{value.strip()}"'
    return written


def _legend(drawing: Drawing, series: Sequence[Series], width: float, height: float) -> float:
    """Say which colour is which, from the left to the right. Answers where it ends below."""
    x, y = 4.0, height - 1.3 * TEXT
    if len(series) < 2:
        return height - 4
    for number, one in enumerate(series):
        if x > 4 and x + _wide(one.name) + 30 > width:
            x, y = 4.0, y - 1.5 * TEXT
        drawing.add(_rect(x, y, TEXT, TEXT - 1, _colour(number)))
        drawing.add(_text(x + 1.4 * TEXT, y + 1, one.name, "start", INK))
        x += _wide(one.name) + 3 * TEXT
    return y


def _rect(x: float, y: float, width: float, height: float, colour: Color) -> Rect:
    rect = Rect(x, y, width, height)
    rect.fillColor, rect.strokeColor = colour, None
    return rect


def _text(x: float, y: float, words: str, anchor: Anchor, colour: Color) -> String:
    return String(x, y, words, fontName=FONT, fontSize=TEXT, textAnchor=anchor, fillColor=colour)


def _wide(words: str) -> float:
    return float(pdfmetrics.stringWidth(words, FONT, TEXT))


def _cut(words: str, most: float) -> str:
    if _wide(words) <= most:
        return words
    while words and _wide(words + "…") > most:
        words = words[:-1]
    return words.rstrip() + "…"


def _colour(number: int) -> Color:
    return COLOURS[number % len(COLOURS)]


def _step(most: float) -> float:
    """A round distance between four or so lines up to *most*."""
    wanted, power = max(most, 1) / 4, 1.0
    while power * 10 <= wanted:
        power *= 10
    while power > 1 and power > wanted:
        power /= 10
    return next((step * power for step in STEPS if step * power >= wanted), 10 * power)


def _written(number: float) -> str:
    """*number* as Vietnamese and English both read it: without marks of thousands."""
    return f"{number:.0f}" if number == int(number) else f"{number:.1f}"
