"""Jobs of other channels: answering what was written there, and sending what officers say."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.chat import channels, talking
from backend.chat.models import By, ChatConversation, ChatMessage
from backend.settings import Settings
from notifications import outbox
from notifications.worker import Handler, Task

HEARD, DELIVER = "chat.heard", "chat.deliver"


def take(session: Session, heard: channels.Heard, now: datetime) -> None:
    """Have the worker answer *heard*, once however often the channel sends it."""
    key = f"{HEARD}:{heard.channel}:{heard.key}"
    outbox.enqueue(session, HEARD, asdict(heard), now=now, key=key, priority=outbox.EMERGENCY)


def pass_on(session: Session, message: ChatMessage, now: datetime) -> None:
    """Have what staff said sent to where the person writes, unless that is our own page."""
    conversation = session.get(ChatConversation, message.conversation_id)
    if conversation is None or not conversation.sender:
        return
    payload = {
        "channel": conversation.channel,
        "sender": conversation.sender,
        "replies": message.said or [],
    }
    outbox.enqueue(session, DELIVER, payload, now=now, key=f"{DELIVER}:{message.id}")


def handlers(settings: Settings, app: Flask | None) -> dict[str, Handler]:
    """What the worker does; *app* knows the chatbot and the languages."""

    def heard(task: Task) -> None:
        one = channels.Heard(**task.payload)
        if app is None:
            raise RuntimeError("only the worker of an app answers")
        with app.app_context():
            answer = _answer(task, one, settings, app)
        _send(task, settings, one.channel, one.sender, answer)

    def deliver(task: Task) -> None:
        told = task.payload
        _send(task, settings, told["channel"], told["sender"], told["replies"])

    return {HEARD: heard, DELIVER: deliver}


def _answer(
    task: Task, one: channels.Heard, settings: Settings, app: Flask
) -> list[dict[str, Any]]:
    conversation = channels.conversation_of(one.channel, one.sender, settings.secret_key)
    payload = one.payload
    if payload is None and one.text:
        with task.sessions() as session:
            payload = channels.chosen(one.text, _offered(session, conversation))
    said: dict[str, Any] = {
        "conversation_id": str(conversation),
        "lang": "vi",
        "location": one.location,
        "photo_id": None,
    }
    text = one.text.lstrip("/ ")[:2000]
    if payload is not None:
        said["payload"] = payload
    elif text:
        said["text"] = text
    else:
        said["payload"] = '/inform{"choice":"location"}'
    answer = talking.turn(
        task.sessions,
        app.extensions["chatbot"],
        said,
        task.clock(),
        channel=one.channel,
        sender=one.sender,
    )
    replies: list[dict[str, Any]] = answer["replies"]
    return replies


def _offered(session: Session, conversation: Any) -> list[dict[str, str]]:
    last = session.scalar(
        select(ChatMessage)
        .where(ChatMessage.conversation_id == conversation, ChatMessage.by != By.PERSON)
        .order_by(ChatMessage.id.desc())
        .limit(1)
    )
    return channels.buttons_of(last.said or []) if last is not None else []


def _send(
    task: Task, settings: Settings, channel: str, sender: str, replies: list[dict[str, Any]]
) -> None:
    problem = None
    try:
        channels.deliver(settings, channel, sender, replies)
    except channels.NotDelivered as error:
        problem = str(error)
    with task.sessions.begin() as session:
        if problem is None:
            task.done(session)
        else:
            # What was answered is sent again, and not asked anew.
            told = {"channel": channel, "sender": sender, "replies": replies}
            key = f"{DELIVER}:{task.lease.job_id}"
            if task.lease.kind == HEARD:
                outbox.enqueue(session, DELIVER, told, now=task.clock(), key=key)
                task.done(session)
            else:
                task.again(session, problem)
