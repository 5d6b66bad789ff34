"""A push message in FCM's words, and what fits into one."""

from __future__ import annotations

import re
from typing import Any
from uuid import UUID

import orjson

from notifications.gateway import PushMessage

LIMIT = 4096
"""Bytes that FCM and APNs carry."""

LARGEST_ID = 2**63 - 1


def fcm_message(push: PushMessage) -> dict[str, Any]:
    """The `message` of FCM's HTTP v1 API."""
    return {push.kind: push.address} | _content(push)


def fitting(title: str, body: str, *, topic: str, link: str | None, emergency: bool) -> str | None:
    """*body*, shortened at a word's end where the whole would not fit in LIMIT.

    None when even the title alone does not fit.
    """

    def fits(text: str) -> bool:
        sample = PushMessage(
            LARGEST_ID, UUID(int=0), "token", "", title, text, topic, link, emergency
        )
        return len(orjson.dumps(_content(sample))) <= LIMIT

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
    data = {"message_id": str(push.message_id), "delivery_id": str(push.delivery_id)}
    webpush: dict[str, Any] = {"headers": {"Urgency": "high" if push.emergency else "normal"}}
    if push.link:
        data["link"] = push.link
        if push.link.startswith("https://"):
            webpush["fcm_options"] = {"link": push.link}
    return {
        "notification": {"title": push.title, "body": push.body},
        "data": data,
        "android": {
            "priority": "HIGH" if push.emergency else "NORMAL",
            "notification": {"channel_id": push.topic},
        },
        "apns": {
            "headers": {"apns-priority": "10" if push.emergency else "5"},
            "payload": {
                "aps": {
                    "sound": "default",
                    "interruption-level": "time-sensitive" if push.emergency else "active",
                }
            },
        },
        "webpush": webpush,
    }
