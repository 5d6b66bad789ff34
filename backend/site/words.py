"""What the pages call things."""

from __future__ import annotations

from flask_babel import lazy_gettext

FLAGS = {
    "red_over_red": lazy_gettext("Two red flags: the water is closed"),
    "red": lazy_gettext("Red flag: high hazard"),
    "yellow": lazy_gettext("Yellow flag: medium hazard"),
    "red_over_yellow": lazy_gettext("Red over yellow flag: lifeguards watch this area"),
    "purple": lazy_gettext("Purple flag: marine pests such as jellyfish"),
    "quartered": lazy_gettext("Black and white flag: zone for boats and boards, no swimming"),
}
"""The flags of ISO 20712 and TCVN 12837:2019; there is no green one."""

SWIMMING = {
    "closed": lazy_gettext("Do not enter the water"),
    "dangerous": lazy_gettext("Do not swim: dangerous"),
    "caution": lazy_gettext("Swim only with great care"),
    "supervised": lazy_gettext("Swim between the flags, where lifeguards watch"),
    "unknown": lazy_gettext("Not known now: ask the lifeguards before you enter the water"),
}

WATER = {
    "excellent": lazy_gettext("excellent"),
    "good": lazy_gettext("good"),
    "sufficient": lazy_gettext("sufficient"),
    "poor": lazy_gettext("poor"),
}

TIDES = {
    "high": lazy_gettext("High tide"),
    "low": lazy_gettext("Low tide"),
}

OPENING_HOURS = {
    "Mo": lazy_gettext("Mon"),
    "Tu": lazy_gettext("Tue"),
    "We": lazy_gettext("Wed"),
    "Th": lazy_gettext("Thu"),
    "Fr": lazy_gettext("Fri"),
    "Sa": lazy_gettext("Sat"),
    "Su": lazy_gettext("Sun"),
    "PH": lazy_gettext("public holidays"),
    "off": lazy_gettext("closed"),
    "24/7": lazy_gettext("day and night"),
}
"""The words of OSM's syntax."""

EMERGENCY_NUMBERS = {
    "112": lazy_gettext("search and rescue"),
    "113": lazy_gettext("police"),
    "114": lazy_gettext("fire"),
    "115": lazy_gettext("ambulance"),
}
"""National numbers, the same in every town."""

MENU = (
    ("site.home", "home", lazy_gettext("Home")),
    ("site.chat", "chat", lazy_gettext("Ask")),
    ("site.report", "report", lazy_gettext("Report")),
    ("site.announcements", "news", lazy_gettext("Notices")),
    ("site.events", "calendar", lazy_gettext("Events")),
    ("site.places", "place", lazy_gettext("Places")),
)

ABOVE = {
    "site.file": "site.report",
    "site.track": "site.report",
    "site.report_status": "site.report",
    "site.reports": "site.report",
    "site.areas": "site.report",
    "site.start": "site.report",
    "site.announcement": "site.announcements",
    "site.alert": "site.announcements",
    "site.guides": "site.places",
    "site.place": "site.places",
    "site.prices": "site.places",
    "site.event": "site.events",
}
"""Under which entry of the menu the other pages lie."""
