"""What every page is drawn with: menu, language switch, icons, times."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, request, url_for
from flask_babel import format_currency, format_date, format_datetime, format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from backend import current
from backend.languages import language, languages
from backend.links import path_of
from backend.media import showing
from backend.site import words
from content import phones
from content.text import in_language

A_YEAR = 365 * 24 * 3600

site = Blueprint("site", __name__)


@site.app_context_processor
def for_templates() -> dict[str, Any]:
    """What templates of the whole app may call."""
    return {
        "menu": lambda: words.MENU,
        "active_menu": active_menu,
        "emergency_numbers": words.EMERGENCY_NUMBERS.items,
        "in_language_of": in_language_of,
        "draw": draw,
        "picture": showing.picture,
        "document": showing.document,
        "caption": showing.caption,
        "file_size": file_size,
        "path_of": path_of,
        "web_push": lambda: current.settings().webpush_private_key is not None,
        "local": lambda text: in_language(text, language()),
        "when": when,
        "hours": hours,
        "telephone": phones.written,
        "day": day,
        "month_and_day": month_and_day,
        "duration": duration,
        "price": lambda amount: format_currency(amount, "VND"),
    }


@site.after_request
def remember_language(response: Response) -> Response:
    """Keep the language that was switched to by `?lang=`."""
    if (wish := request.args.get("lang")) in languages():
        response.set_cookie(
            "lang",
            wish,
            max_age=A_YEAR,
            samesite="Lax",
            httponly=True,
            secure=current.settings().production,
        )
        response.headers["Cache-Control"] = "no-store"
    response.vary.add("Cookie")
    return response


def active_menu() -> tuple[str | None, ...]:
    """The entry of the menu that this page is or lies under."""
    return (words.ABOVE.get(request.endpoint or "", request.endpoint),)


def in_language_of(other: str) -> str:
    """The address of this page in the language *other*."""
    return f"{request.path}?{urlencode({**request.args, 'lang': other})}"


def draw(icon: str) -> Markup:
    """The icon of that name, hidden from screen readers: words stand beside it."""
    address = url_for("static", filename="icons.svg", _anchor=icon)
    return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(address)


def when(moment: datetime, form: str = "") -> str:
    """*moment* in the town's own time and the reader's language."""
    settings = current.settings()
    local = moment.astimezone(settings.timezone)
    if form:
        return str(format_datetime(local, form, rebase=False))
    if local.date() == current.now().astimezone(settings.timezone).date():
        return _("%(time)s today", time=local.strftime("%H:%M"))
    day = "HH:mm, dd/MM/yyyy" if language() == "vi" else "d MMM yyyy, HH:mm"
    return str(format_datetime(local, day, rebase=False))


def file_size(count: int) -> str:
    """*count* bytes in the unit that people think in."""
    if count < 1_000_000:
        return f"{max(1, round(count / 1000))} KB"
    return f"{format_decimal(round(count / 1_000_000, 1))} MB"


def hours(opening_hours: str) -> str:
    """*opening_hours*, written in OSM's syntax, with the days in the reader's language."""
    return re.sub(
        r"24/7|\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|off)\b",
        lambda found: str(words.OPENING_HOURS[found[0]]),
        opening_hours,
    )


def day(text: str) -> str:
    """The day written as YYYY-MM-DD, as the reader's language writes it."""
    return str(format_date(date.fromisoformat(text), "short"))


def month_and_day(text: str) -> str:
    """The day of every year written as MM-DD, as the reader's language writes it."""
    form = "d/M" if language() == "vi" else "d MMMM"
    return str(format_date(date.fromisoformat(f"2024-{text}"), form))


def duration(minutes: int) -> str:
    """*minutes* in words, in hours where they are whole or half."""
    if minutes % 30:
        return _("%(count)s minutes", count=minutes)
    if minutes < 60:
        return _("half an hour")
    return _("%(count)s hours", count=format_decimal(minutes / 60))
