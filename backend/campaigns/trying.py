"""A dry run asks FCM, too, where the town has credentials for it."""

from __future__ import annotations

import uuid

from backend.settings import Settings
from content.store import Localized
from notifications import trial
from notifications.campaigns import Draft
from notifications.gateway import PushMessage
from notifications.payload import LARGEST_ID

NOBODY = "dry-run"
"""A topic that no phone hears; FCM sends nothing in a dry run anyway."""


def verdict(settings: Settings, draft: Draft, texts: Localized) -> str | None:
    """What FCM says to *texts*, one message a language; None where it is not asked.

    A call to another service, of some seconds at most: hold no transaction meanwhile.
    """
    if settings.google_application_credentials is None:
        return None
    messages = [
        PushMessage(
            delivery_id=LARGEST_ID,
            message_id=uuid.uuid4(),
            kind="topic",
            address=NOBODY,
            title=draft.title.get(code) or draft.title["vi"],
            body=texts.get(code) or texts.get("vi", ""),
            topic=draft.heard_under()[0],
            link=draft.link,
            emergency=draft.emergency,
            manner=draft.manner,
        )
        for code in sorted(draft.title)
    ]
    return trial.verdict(
        messages,
        settings.google_application_credentials,
        project_id=settings.firebase_project_id,
        base_url=settings.fcm_base_url,
        ca_bundle=settings.fcm_ca_bundle,
    )
