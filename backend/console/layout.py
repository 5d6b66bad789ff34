"""What every page of the console is drawn with: menu by permission, ages, errors as pages."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel import Locale
from flask import Blueprint, Response, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import format_date, format_timedelta, lazy_gettext
from werkzeug.exceptions import Unauthorized

from backend import current
from backend.accounts import employees
from backend.accounts.roles import Permission
from backend.console import words
from backend.console.forms import label_of
from backend.errors import http_error
from backend.headers import policy_of_console
from backend.languages import languages
from backend.site.layout import remember_language

console = Blueprint("console", __name__, url_prefix="/console")
console.after_request(remember_language)


@console.after_request
def keep_to_own_files(response: Response) -> Response:
    """Refuse what does not come from us more strictly than public pages do."""
    response.headers["Content-Security-Policy"] = policy_of_console(current.settings())
    return response


@dataclass(frozen=True)
class Entry:
    """One line of the menu, for whoever has one of *permissions*; for all staff without any.

    It is marked as the present one on every page whose endpoint begins with *endpoint*, or
    that says in `g.here` that it lies in the *group* of that list. *part* is the part of the
    menu that it begins, or goes on with.
    """

    endpoint: str
    icon: str
    words: object
    permissions: Collection[Permission] = ()
    group: str = ""
    part: object = ""

    def is_for(self, person: employees.Staff) -> bool:
        """Whether *person* gets this line."""
        return not self.permissions or any(person.may(wanted) for wanted in self.permissions)

    @property
    def is_here(self) -> bool:
        """Whether the present page lies under this line."""
        if self.group:
            return bool(g.get("here") == f"{self.endpoint.removeprefix('console.')}.{self.group}")
        return (request.endpoint or "").startswith(self.endpoint)

    @property
    def address(self) -> str:
        """Where it leads."""
        return url_for(self.endpoint, group=self.group or None)


DESK = (Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)

SEA, CONTENT, HOUSE = lazy_gettext("Sea"), lazy_gettext("Content"), lazy_gettext("Office")
"""The parts of the menu."""

MENU = (
    Entry("console.home", "home", lazy_gettext("Today")),
    Entry("console.reports", "chat", lazy_gettext("Reports"), (Permission.READ_REPORTS,)),
    Entry("console.notices", "news", lazy_gettext("My notices"), (Permission.READ_REPORTS,)),
    Entry("console.chats", "people", lazy_gettext("Conversations"), (Permission.ANSWER_CHAT,)),
    Entry(
        "console.beaches",
        "flag",
        lazy_gettext("Beach status"),
        (Permission.OBSERVE_BEACH, Permission.BAN_SWIMMING),
        part=SEA,
    ),
    Entry(
        "console.alerts", "report", lazy_gettext("Warnings"), (Permission.RAISE_ALERTS,), part=SEA
    ),
    Entry(
        "console.hours",
        "clock",
        lazy_gettext("Lifeguard hours"),
        (Permission.SCHEDULE_LIFEGUARDS,),
        part=SEA,
    ),
    Entry(
        "console.water", "drop", lazy_gettext("Water samples"), (Permission.SAMPLE_WATER,), part=SEA
    ),
    Entry(
        "console.tides", "waves", lazy_gettext("Tide tables"), (Permission.KEEP_TIDES,), part=SEA
    ),
    Entry(
        "console.articles", "news", lazy_gettext("Announcements and news"), DESK, "news", CONTENT
    ),
    Entry("console.articles", "book", lazy_gettext("Guides and pages"), DESK, "guides", CONTENT),
    Entry(
        "console.articles",
        "question",
        lazy_gettext("Questions and procedures"),
        DESK,
        "answers",
        CONTENT,
    ),
    Entry(
        "console.campaigns",
        "send",
        lazy_gettext("Messages to phones"),
        (Permission.SEND_CAMPAIGNS,),
        part=CONTENT,
    ),
    Entry("console.places", "place", lazy_gettext("Places"), DESK, part=CONTENT),
    Entry("console.prices", "tag", lazy_gettext("Posted prices"), DESK, part=CONTENT),
    Entry("console.events", "steps", lazy_gettext("Events"), DESK, part=CONTENT),
    Entry("console.calendar", "calendar", lazy_gettext("Calendar"), DESK, part=CONTENT),
    Entry("console.holidays", "sun", lazy_gettext("Days off"), DESK, part=CONTENT),
    Entry("console.contacts", "phone", lazy_gettext("Contacts"), DESK, part=CONTENT),
    Entry(
        "console.questions",
        "question",
        lazy_gettext("Unanswered questions"),
        (Permission.WRITE_CONTENT,),
        part=CONTENT,
    ),
    Entry(
        "console.media",
        "image",
        lazy_gettext("Media library"),
        (Permission.WRITE_CONTENT,),
        part=CONTENT,
    ),
    Entry(
        "console.imports",
        "files",
        lazy_gettext("Import and export"),
        (Permission.WRITE_CONTENT,),
        part=CONTENT,
    ),
    Entry(
        "console.statistics",
        "chart",
        lazy_gettext("Statistics"),
        (Permission.READ_STATISTICS,),
        part=HOUSE,
    ),
    Entry(
        "console.routing",
        "steps",
        lazy_gettext("Who gets a report"),
        (Permission.MANAGE_OFFICES,),
        part=HOUSE,
    ),
    Entry(
        "console.promises",
        "clock",
        lazy_gettext("Deadlines and office hours"),
        (Permission.MANAGE_OFFICES,),
        part=HOUSE,
    ),
    Entry(
        "console.blocks",
        "ban",
        lazy_gettext("Blocked senders"),
        (Permission.BLOCK_SENDERS,),
        part=HOUSE,
    ),
    Entry(
        "console.retention",
        "drop",
        lazy_gettext("Anonymising reports"),
        (Permission.READ_AUDIT,),
        part=HOUSE,
    ),
    Entry(
        "console.open311",
        "link",
        lazy_gettext("Other towns' systems"),
        (Permission.FORWARD_REPORTS,),
        part=HOUSE,
    ),
    Entry(
        "console.webhooks",
        "send",
        lazy_gettext("Webhooks"),
        (Permission.MANAGE_WEBHOOKS,),
        part=HOUSE,
    ),
    Entry(
        "console.staff",
        "people",
        lazy_gettext("Staff and roles"),
        (Permission.MANAGE_STAFF,),
        part=HOUSE,
    ),
    Entry("console.audit", "clock", lazy_gettext("Audit"), (Permission.READ_AUDIT,), part=HOUSE),
    Entry("security.change_password", "key", lazy_gettext("My password"), part=HOUSE),
)


@console.app_context_processor
def for_templates() -> dict[str, Any]:
    """What the console's templates may call."""
    return {
        "console_menu": menu,
        "me": whoever_calls,
        "Permission": Permission,
        "age": age,
        "month_words": lambda day: format_date(day, "LLLL yyyy"),
        "weekday_words": lambda day: format_date(day, "EEE"),
        "languages": languages,
        "language_name": language_name,
        "standing_words": words.standing,
        "act_words": words.act,
        "way_words": words.way,
        "flag_words": words.flag,
        "role_words": words.role,
        "label_of": label_of,
    }


def whoever_calls() -> employees.Staff | None:
    """The member of staff whom the guard let in; None where it let nobody in."""
    known: employees.Staff | None = g.get("staff")
    return known


def menu() -> list[Entry]:
    """The lines of the menu for whoever calls; none before signing in."""
    person = whoever_calls()
    return [entry for entry in MENU if entry.is_for(person)] if person else []


def language_name(code: str) -> str:
    """What the language *code* calls itself."""
    name = str(Locale.parse(code).get_display_name(code) or code)
    return name[0].upper() + name[1:]


def age(moment: datetime) -> str:
    """How long ago *moment* is, or how soon: "12 minutes ago"."""
    return str(format_timedelta(moment - current.now(), add_direction=True, threshold=1.2))


@console.errorhandler(Unauthorized)
def sign_in_first(error: Unauthorized) -> ResponseReturnValue:
    """Send a person who opens a page of the console to the sign-in page, and then back."""
    if request.method == "GET" and request.accept_mimetypes.accept_html:
        return redirect(url_for("security.login", next=request.full_path.rstrip("?")))
    return http_error(error)
