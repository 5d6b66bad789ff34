"""A place in schema.org's words."""

from __future__ import annotations

import re
from typing import Any

from backend.feeds.jsonld import point
from backend.languages import language
from backend.links import address_of
from backend.media.showing import picture
from content.articles.markdown import to_text
from content.places.models import Place
from content.text import in_language

TYPES = {
    "sight": "TouristAttraction",
    "temple": "TouristAttraction",
    "pagoda": "TouristAttraction",
    "island": "TouristAttraction",
    "square": "TouristAttraction",
    "beach": "Beach",
    "lodging": "LodgingBusiness",
    "hotel": "Hotel",
    "guesthouse": "LodgingBusiness",
    "homestay": "LodgingBusiness",
    "food": "FoodEstablishment",
    "restaurant": "Restaurant",
    "cafe": "CafeOrCoffeeShop",
    "shopping": "Store",
    "shop": "Store",
    "airport": "Airport",
    "bus-station": "BusStation",
    "parking": "ParkingFacility",
    "hospital": "Hospital",
    "pharmacy": "Pharmacy",
    "toilet": "PublicToilet",
    "atm": "AutomatedTeller",
    "office": "GovernmentOffice",
}
"""schema.org's type of each category; any other is a Place."""

ALSO = {"Beach": "TouristAttraction", "Hotel": "LodgingBusiness"}
"""The general type beside a special one, for readers that know only that."""

DAILY = re.compile(
    r"(?:(?P<days>(?:Mo|Tu|We|Th|Fr|Sa|Su)[A-Za-z,-]*) )?(?P<hours>\d\d:\d\d-\d\d:\d\d)"
)


def place(found: Place) -> dict[str, Any]:
    """A place of the type that its category has; nothing for sample data."""
    if found.is_sample:
        return {}
    kind = TYPES.get(found.category, "Place")
    summary, description = (
        in_language(text, language()) for text in (found.summary, found.description)
    )
    pictures = [picture(image, absolute=True) for image in found.images or ()]
    return {
        "@type": [ALSO[kind], kind] if kind in ALSO else kind,
        "name": in_language(found.name, language()),
        "alternateName": found.aliases,
        "description": summary or to_text(description),
        "url": address_of(found),
        "address": in_language(found.address, language()),
        "geo": point(found.location),
        "telephone": found.phone,
        "image": [shown["url"] for shown in pictures if shown],
        "openingHours": opening_hours(found),
        "sameAs": [link["url"] for link in found.links or ()],
        "isAccessibleForFree": True if "free" in found.tags else None,
    }


def opening_hours(found: Place) -> str | None:
    """The hours in schema.org's form, where they are simple enough to be said in it."""
    if found.season or not found.opening_hours:
        return None
    if found.opening_hours == "24/7":
        return "Mo-Su 00:00-23:59"
    simple = DAILY.fullmatch(found.opening_hours)
    return f"{simple['days'] or 'Mo-Su'} {simple['hours']}" if simple else None
