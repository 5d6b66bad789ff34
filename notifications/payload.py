"""A push message in FCM's words, and what fits into one."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import orjson

from notifications.gateway import PushMessage
from notifications.manner import LONGEST_TTL

LIMIT = 4096
"""Bytes that FCM and APNs carry."""

LARGEST_ID = 2**63 - 1
LATEST = datetime(2200, 1, 1, tzinfo=UTC)


def fcm_message(push: PushMessage) -> dict[str, Any]:
    """The `message` of FCM's HTTP v1 API."""
    return {push.kind: push.address} | _content(push)


def fitting(sample: PushMessage) -> str | None:
    """The body of *sample*, shortened at a word's end where the whole would not fit in LIMIT.

    None when even the title alone does not fit. What differs from one device to the next is
    counted at its longest.
    """
    longest = replace(
        sample,
        delivery_id=LARGEST_ID,
        silent=True,
        expires_at=sample.expires_at and LATEST,
        ttl=None if sample.ttl is None else LONGEST_TTL,
    )

    def fits(text: str) -> bool:
        return len(orjson.dumps(_content(replace(longest, body=text)))) <= LIMIT

    body = sample.body
    if fits(body):
        return body
    ends = [word.end() for word in re.finditer(r"\S+", body)]
    least, most = 0, len(ends)
    while least < most:
        middle = (least + most + 1) // 2
        if fits(_cut(body, ends[middle - 1])):
            least = middle
        else:
            most = middle - 1
    if least:
        return _cut(body, ends[least - 1])
    return "" if fits("") else None


def _cut(body: str, end: int) -> str:
    return body[:end].rstrip(" ,;:.–-") + "…"


def _content(push: PushMessage) -> dict[str, Any]:
    manner = push.manner
    urgent = (manner.priority or ("high" if push.emergency else "normal")) == "high"
    # A message that is sent twice, because a worker died, takes its own place on the phone.
    place = manner.collapse_key or str(push.message_id)
    data = {"message_id": str(push.message_id), "delivery_id": str(push.delivery_id)}
    if push.link:
        data["link"] = push.link
    if push.silent:
        data["silent"] = "true"
    notification = {"title": push.title, "body": push.body}
    if manner.image:
        notification["image"] = manner.image
    return {
        "notification": notification,
        "data": data,
        "android": _android(push, place, urgent=urgent),
        "apns": _apns(push, place, urgent=urgent),
        "webpush": _webpush(push, place, urgent=urgent),
    }


def _android(push: PushMessage, place: str, *, urgent: bool) -> dict[str, Any]:
    channel = push.manner.channel or push.topic
    notification = {"channel_id": channel, "tag": place}
    if push.silent:  # since Android 8 the channel alone decides about sound
        notification = {
            "channel_id": f"{channel}_silent",
            "tag": place,
            "notification_priority": "PRIORITY_LOW",
        }
    said: dict[str, Any] = {
        "priority": "HIGH" if urgent else "NORMAL",
        "notification": notification,
    }
    if push.manner.collapse_key:
        said["collapse_key"] = push.manner.collapse_key
    if push.ttl is not None:
        said["ttl"] = f"{push.ttl}s"
    return said


def _apns(push: PushMessage, place: str, *, urgent: bool) -> dict[str, Any]:
    usual = "time-sensitive" if push.emergency else "active"
    aps: dict[str, Any] = {"interruption-level": push.manner.interruption or usual}
    if push.silent:
        aps["interruption-level"] = "passive"
    elif push.manner.interruption != "passive":
        aps["sound"] = "default"
    headers = {"apns-priority": "10" if urgent else "5", "apns-collapse-id": place}
    if push.expires_at is not None:
        headers["apns-expiration"] = str(int(push.expires_at.timestamp()))
    if push.manner.image:
        aps["mutable-content"] = 1
    return {"headers": headers, "payload": {"aps": aps}}


def _webpush(push: PushMessage, place: str, *, urgent: bool) -> dict[str, Any]:
    headers = {"Urgency": "high" if urgent else "normal"}
    if push.ttl is not None:
        headers["TTL"] = str(push.ttl)
    if push.manner.collapse_key:
        headers["Topic"] = push.manner.collapse_key
    said: dict[str, Any] = {"headers": headers, "notification": {"tag": place}}
    if push.silent:
        said["notification"]["silent"] = True
    if push.link and push.link.startswith("https://"):
        said["fcm_options"] = {"link": push.link}
    return said
