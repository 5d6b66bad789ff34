"""Every kind of content that is exported and imported."""

from __future__ import annotations

from backend.contacts.files import CONTACTS
from backend.events.files import EVENTS
from backend.exchange.routes import files_api
from backend.exchange.sheets import Sheet
from backend.places.files import PLACES
from backend.prices.files import PRICES

SHEETS: dict[str, Sheet] = {sheet.path: sheet for sheet in (PLACES, PRICES, EVENTS, CONTACTS)}
"""By their paths below /staff, in the order in which they are offered."""

NAMESPACES = [files_api(sheet) for sheet in SHEETS.values()]
