"""Papers: PDF files in a font that has every letter of Vietnamese, with numbers on their pages."""

from __future__ import annotations

import io
import unicodedata
from collections.abc import Callable, Sequence
from datetime import datetime
from xml.sax.saxutils import escape

from flask_babel import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    Image,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from backend.charts import BOLD, FONT, INK, RULE, SOFT, register_fonts

MARGIN = 18 * mm
WIDTH = A4[0] - 2 * MARGIN
"""The width of what is on a page, in points."""

BODY = ParagraphStyle("body", fontName=FONT, fontSize=9.5, leading=14, textColor=INK)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11, textColor=SOFT)
TITLE = ParagraphStyle("title", BODY, fontName=BOLD, fontSize=17, leading=23, spaceAfter=2)
HEADING = ParagraphStyle(
    "heading", BODY, fontName=BOLD, fontSize=12, leading=16, spaceBefore=12, spaceAfter=5
)
CELL = ParagraphStyle("cell", BODY, fontSize=8.5, leading=11.5)
NUMBER = ParagraphStyle("number", CELL, alignment=TA_RIGHT)
HEAD_CELL = ParagraphStyle("head", CELL, fontName=BOLD)
HEAD_NUMBER = ParagraphStyle("head-number", NUMBER, fontName=BOLD)


def text(words: str, style: ParagraphStyle = BODY) -> Paragraph:
    """*words* as a paragraph, line by line as they were written; nothing in them is markup."""
    composed = unicodedata.normalize("NFC", words)
    seen = "".join(c if c.isprintable() or c == "\n" else " " for c in composed)
    return Paragraph(escape(seen).replace("\n", "<br/>"), style)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> Flowable:
    """A table whose first column is words and whose others are numbers.

    *widths* are parts of the page's width. The head is repeated on each page.
    """
    cells = [[text(words, HEAD_NUMBER if at else HEAD_CELL) for at, words in enumerate(head)]]
    cells += [[text(words, NUMBER if at else CELL) for at, words in enumerate(row)] for row in rows]
    drawn = Table(cells, [part * WIDTH for part in widths], repeatRows=1)
    drawn.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, 0), 0.9, INK),
                ("LINEBELOW", (0, 1), (-1, -1), 0.4, RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 3),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            ]
        )
    )
    return drawn


def facts(pairs: Sequence[tuple[str, str]]) -> Flowable:
    """What is known, each after its name."""
    cells = [[text(name, HEAD_CELL), text(words, CELL)] for name, words in pairs]
    drawn = Table(cells, [0.27 * WIDTH, 0.73 * WIDTH])
    drawn.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (0, -1), 0),
            ]
        )
    )
    return drawn


def figures(cards: Sequence[tuple[str, str, str]], across: int = 3) -> Flowable:
    """Figures in large digits: what, how much, and a word on it."""
    large = ParagraphStyle("large", BODY, fontName=BOLD, fontSize=16, leading=21)
    drawn = [
        [text(name, SMALL), text(figure, large), text(below, SMALL)]
        for name, figure, below in cards
    ]
    rows = [drawn[start : start + across] for start in range(0, len(drawn), across)]
    rows[-1] += [[] for _ in range(across - len(rows[-1]))]
    laid = Table(rows, [WIDTH / across] * across)
    laid.setStyle(
        TableStyle(
            [
                ("BOX", (0, 0), (-1, -1), 0.6, RULE),
                ("INNERGRID", (0, 0), (-1, -1), 0.6, RULE),
                ("BACKGROUND", (0, 0), (-1, -1), HexColor("#f6f8f9")),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ]
        )
    )
    return laid


def pictures(files: Sequence[bytes], across: int = 3) -> Flowable:
    """Photos side by side, none larger than its share of the page."""
    most = WIDTH / across - 8
    shown: list[Image | str] = []
    for file in files:
        image = Image(io.BytesIO(file))
        scale = min(most / image.imageWidth, most / image.imageHeight)
        image.drawWidth, image.drawHeight = image.imageWidth * scale, image.imageHeight * scale
        shown.append(image)
    rows = [shown[start : start + across] for start in range(0, len(shown), across)]
    rows[-1] += [""] * (across - len(rows[-1]))
    laid = Table(rows, [WIDTH / across] * across)
    laid.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)])
    )
    return laid


def together(*parts: Flowable) -> Flowable:
    """*parts* on one page, where they fit on one."""
    return KeepTogether(list(parts))


def gap(points: float = 8) -> Flowable:
    """An empty space of so many *points*."""
    return Spacer(1, points)


def pdf(title: str, story: Sequence[Flowable], *, made: datetime, language: str) -> bytes:
    """A PDF named *title* of what *story* tells; each page says when it was *made*."""
    register_fonts()
    file = io.BytesIO()
    document = BaseDocTemplate(
        file,
        pagesize=A4,
        title=title,
        author=_("Cua Lo"),
        lang=language,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
        topMargin=MARGIN,
        bottomMargin=MARGIN + 8,
    )
    frame = Frame(
        MARGIN, MARGIN + 8, WIDTH, A4[1] - 2 * MARGIN - 8,
        leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
    )  # fmt: skip
    printed = _("Made at %(time)s", time=f"{made:%H:%M, %d/%m/%Y}")
    document.addPageTemplates(PageTemplate(frames=[frame], onPage=_footer(title, printed)))
    document.build(list(story))
    return file.getvalue()


def _footer(title: str, printed: str) -> Callable[[Canvas, BaseDocTemplate], None]:
    def draw(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.saveState()
        canvas.setFont(FONT, 8)
        canvas.setFillColor(SOFT)
        canvas.drawString(MARGIN, MARGIN - 8, f"{title} · {printed}")
        canvas.drawRightString(A4[0] - MARGIN, MARGIN - 8, str(canvas.getPageNumber()))
        canvas.restoreState()

    return draw
