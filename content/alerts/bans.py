"""The alert of a ban: issued with it, changed with it, cancelled when it is lifted."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from content import town
from content.alerts.models import Alert, Certainty, Event, Issuer, Severity, Urgency
from content.alerts.verbs import alert_of_ban, cancel, issue, renew
from content.alerts.words import WORDS
from content.beaches.models import Beach, SwimBan
from content.publishing import Edit
from content.text import in_language


def tell(session: Session, ban: SwimBan, beach: Beach | None, issuer: Issuer, edit: Edit) -> Alert:
    """Tell other systems of *ban* as it is now, at *beach* or every beach for None.

    A ban without an end gives an alert without `expires`, which holds until it is cancelled.
    """
    area = dict(beach.name if beach else town.NAME)
    begun = ban.starts_at <= edit.now
    said: dict[str, Any] = {
        "headline": {
            language: f"{name}: {in_language(area, language)}"
            for language, name in WORDS[Event.SWIM_BAN].name.items()
        },
        "description": ban.reason,
        "urgency": Urgency.IMMEDIATE if begun else Urgency.FUTURE,
        "certainty": Certainty.OBSERVED if begun else Certainty.LIKELY,
        "onset": ban.starts_at,
        "expires": ban.ends_at,
    }
    before = alert_of_ban(session, ban.id, edit.now)
    if before is not None:
        return renew(session, before, said, issuer, edit)
    return issue(
        session,
        issuer,
        edit,
        event=Event.SWIM_BAN,
        severity=Severity.SEVERE,
        areas=[area],
        ban_id=ban.id,
        **said,
    )


def tell_of_end(session: Session, ban: SwimBan, issuer: Issuer, edit: Edit) -> None:
    """Cancel the alert of a ban that is lifted, unless its time is over already."""
    before = alert_of_ban(session, ban.id, edit.now)
    if before is not None:
        cancel(session, before, issuer, edit)
