"""What has to hold of a price."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.vocabularies.queries import check_quarters


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Raise Invalid where *values* contradict each other or name an unknown quarter."""
    if values.get("quarter"):
        check_quarters(session, [values["quarter"]], "quarter")
        if values.get("place_id"):
            raise Invalid({"quarter": [N_("Give either a place or a quarter.")]})
    check_amounts(values.get("price_vnd"), values.get("price_max_vnd"))
    first, last = values.get("valid_from"), values.get("valid_until")
    if first and last and last < first:
        raise Invalid({"valid_until": [N_("Must not be before valid_from.")]})


def check_amounts(least: int | None, most: int | None, *, needed: bool = False) -> None:
    """Raise Invalid for a range that ends below its beginning; with *needed* also for none."""
    if least is None:
        if needed:
            raise Invalid({"price_vnd": [N_("Is needed to publish.")]})
        return
    if most is not None and most < least:
        raise Invalid({"price_max_vnd": [N_("Must not be below price_vnd.")]})
