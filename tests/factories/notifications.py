"""Devices as they come: built without a database, to be added to a session."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import factory

from notifications.devices import Device


class DeviceFactory(factory.Factory[Device]):
    """An Android phone in the town that wants to hear everything, at any hour."""

    class Meta:
        model = Device

    installation_id = factory.LazyFunction(uuid4)
    kind = "fid"
    address = factory.Sequence(lambda n: f"address-{n}")
    platform = "android"
    language = "vi"
    timezone = "Asia/Ho_Chi_Minh"
    last_seen_at = datetime(2026, 7, 1, tzinfo=UTC)
