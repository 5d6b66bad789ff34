"""Citizens: people who sign in with Firebase, by phone or otherwise."""

from __future__ import annotations

import contextlib
from datetime import datetime, timedelta
from typing import Any, NoReturn

import firebase_admin
from firebase_admin import auth, credentials, exceptions
from flask import Flask, current_app, g, request
from flask_babel import gettext as _
from google.auth.credentials import AnonymousCredentials
from sqlalchemy import String, bindparam, select
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import ServiceUnavailable, Unauthorized

from backend import current
from backend.accounts.models import Citizen
from backend.database import session
from backend.languages import language
from backend.settings import Settings, SettingsError
from content import changes
from notifications import outbox
from notifications.worker import Handler, Task

FORGET_SIGN_IN = "accounts.forget_sign_in"
SIGHT_IS_NOTED_EVERY = timedelta(days=1)

OF_UID = select(Citizen, changes.CURRENT).where(
    Citizen.firebase_uid == bindparam("uid", type_=String())
)


def init_app(app: Flask, settings: Settings) -> None:
    """Let citizens of the Firebase project of *settings* sign in; nobody where it names none."""
    app.extensions["firebase"] = firebase_client(settings)


def firebase_client(settings: Settings) -> auth.Client | None:
    """A client that checks ID tokens of the project in *settings*; None where there is none.

    Raises SettingsError for a credentials file that Firebase cannot read.
    """
    key_file = settings.google_application_credentials
    if key_file is None and settings.firebase_project_id is None:
        return None
    try:
        key = credentials.Certificate(str(key_file)) if key_file else None
    except ValueError as error:
        raise SettingsError(f"GOOGLE_APPLICATION_CREDENTIALS: {error}") from error
    project = settings.firebase_project_id or (key and key.project_id)
    # To check ID tokens Firebase needs a project's name, and no secret of the project.
    credential = key or AnonymousCredentials()
    # Made without initialize_app: its registry holds one app a process, tests have many.
    return auth.Client(firebase_admin.App("citizens", credential, {"projectId": project}))


def optional() -> Citizen | None:
    """The citizen who calls; None for a guest.

    Raises Unauthorized for a token that Firebase did not sign, or that has expired: nobody who
    believes to be signed in is treated as a guest.
    """
    if "citizen" not in g:
        shown = request.authorization
        token = shown.token if shown and shown.type == "bearer" else None
        g.citizen = _known(_verified(token)) if token is not None else None
    found: Citizen | None = g.citizen
    return found


def required() -> Citizen:
    """The citizen who calls. Raises Unauthorized for a guest."""
    return optional() or refuse(_("This needs you to sign in."))


def erase(citizen: Citizen, now: datetime) -> None:
    """Forget who *citizen* was; a later sign-in with the same phone is a new citizen.

    Firebase forgets the sign-in by a job, once this is committed, where we have credentials.
    """
    settings = current.settings()
    if settings.google_application_credentials or settings.firebase_auth_emulator_host:
        outbox.enqueue(session, FORGET_SIGN_IN, {"uid": citizen.firebase_uid}, now=now)
    citizen.firebase_uid = None
    citizen.phone = None
    citizen.display_name = None
    citizen.erased_at = now


def handlers(settings: Settings) -> dict[str, Handler]:
    """What the worker does for citizens."""

    def forget_sign_in(task: Task) -> None:
        firebase = firebase_client(settings)
        if firebase is not None:
            with contextlib.suppress(auth.UserNotFoundError):  # done before, and killed then
                firebase.delete_user(task.payload["uid"])

    return {FORGET_SIGN_IN: forget_sign_in}


def refuse(reason: str) -> NoReturn:
    """Raise Unauthorized that says why and how to sign in."""
    raise Unauthorized(reason, www_authenticate=WWWAuthenticate("bearer", {"realm": "citizen"}))


def _verified(token: str) -> dict[str, Any]:
    firebase: auth.Client | None = current_app.extensions["firebase"]
    if firebase is None:
        refuse(_("Sign-in is not set up here: use the service without signing in."))
    try:
        claims: dict[str, Any] = firebase.verify_id_token(token)
    except auth.CertificateFetchError as error:
        raise ServiceUnavailable(_("Sign-in cannot be checked at the moment.")) from error
    except auth.ExpiredIdTokenError:
        refuse(_("Your sign-in has expired: sign in again."))
    except (ValueError, exceptions.FirebaseError):
        refuse(_("This sign-in is not valid: sign in again."))
    return claims


def _known(claims: dict[str, Any]) -> Citizen:
    """The citizen of verified *claims*, noted down at the first sight of them."""
    now = current.now()
    uid = {"uid": claims["uid"]}
    row = session.execute(OF_UID, uid).one_or_none()
    citizen = row[0] if row else None
    if row is not None:
        g.facts_version = row[1]  # what `freshness.kept` would ask for
    if citizen is None:
        citizen = Citizen(
            firebase_uid=claims["uid"],
            phone=claims.get("phone_number"),
            display_name=claims.get("name"),
            language=language(),
            created_at=now,
            last_seen_at=now,
        )
        session.add(citizen)
        try:
            session.commit()
        except IntegrityError:  # another request of the same person was first
            session.rollback()
            citizen = session.scalars(OF_UID, uid).one()
    elif now - citizen.last_seen_at >= SIGHT_IS_NOTED_EVERY:
        citizen.last_seen_at = now
        citizen.phone = claims.get("phone_number", citizen.phone)
        session.commit()
    return citizen
