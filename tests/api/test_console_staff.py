"""An administrator manages accounts on the console, and nobody is locked out by it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.models import StaffAccount
from backend.accounts.roles import Role
from content.audit import AuditEntry
from tests.conftest import TurnableClock
from tests.console import Page, Visitor

EMAIL = "binh@example.org"


@pytest.fixture
def admin(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.ADMIN))


@pytest.fixture
def own_id(admin: Visitor, session: Session) -> str:
    """The id of the administrator's own account."""
    return str(session.scalars(select(StaffAccount.id)).one())


def account(session: Session, email: str = EMAIL) -> StaffAccount:
    session.rollback()
    return session.scalars(select(StaffAccount).where(StaffAccount.email == email)).one()


def invite(admin: Visitor, *roles: Role, email: str = EMAIL) -> Page:
    return admin.send("/console/staff/new", name="Trần Văn Bình", email=email, roles=list(roles))


def shown_secret(page: Page) -> str:
    found = re.search(r'<code class="secret"[^>]*>([^<]+)<', page.text)
    assert found, page.text
    return found[1]


def gets_in(app: Flask, password: str, email: str = EMAIL) -> bool:
    """Whether that password is good for the next step of signing in."""
    visitor = Visitor(app.test_client())
    token = re.search(r'name="csrf-token" content="([^"]+)"', visitor.open("/console/sign-in").text)
    assert token
    page = visitor.send("/console/sign-in", email=email, password=password, csrf_token=token[1])
    return page.path in ("/console/authenticator", "/console/code")


def test_somebody_invited_signs_in_with_the_password_that_is_shown_once(
    app: Flask, admin: Visitor, session: Session
) -> None:
    password = shown_secret(invite(admin, Role.EDITOR, Role.LIFEGUARD))
    assert account(session).role_names == ["editor", "lifeguard"]
    assert gets_in(app, password)
    listed = admin.open("/console/staff")
    assert "Trần Văn Bình" in listed
    assert password not in listed


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"name": "", "email": EMAIL, "roles": "editor"}, "name"),
        ({"name": "Bình", "email": "no address", "roles": "editor"}, "email"),
        ({"name": "Bình", "email": EMAIL}, "roles"),
        ({"name": "Bình", "email": EMAIL, "roles": "emperor"}, "roles"),
    ],
)
def test_an_invitation_that_is_not_complete_is_refused_beside_the_field(
    admin: Visitor, session: Session, fields: dict[str, str], wrong: str
) -> None:
    page = admin.send("/console/staff/new", **fields)
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert len(session.scalars(select(StaffAccount)).all()) == 1


def test_an_address_has_one_account(admin: Visitor, session: Session) -> None:
    invite(admin, Role.EDITOR)
    page = invite(admin, Role.ADMIN, email=EMAIL.upper())
    assert "has an account already" in page
    assert account(session).role_names == ["editor"]


def test_roles_change_and_the_audit_says_who_did_it(
    admin: Visitor, session: Session, own_id: str
) -> None:
    invite(admin, Role.EDITOR)
    one = f"/console/staff/{account(session).id}"
    page = admin.send(one, name="Trần Bình", roles=["officer"])
    assert "Saved." in page
    assert (account(session).name, account(session).role_names) == ("Trần Bình", ["officer"])
    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert entry is not None
    assert (entry.act, entry.made_by) == ("change", own_id)
    assert entry.before["roles"] == ["editor"]
    assert entry.after["roles"] == ["officer"]


def test_disabled_means_out_and_enabled_means_in_again(
    app: Flask, admin: Visitor, session: Session
) -> None:
    password = shown_secret(invite(admin, Role.EDITOR))
    one = f"/console/staff/{account(session).id}"
    assert "Disabled" in admin.send(f"{one}/do/disable")
    assert not gets_in(app, password)
    admin.send(f"{one}/do/enable")
    assert gets_in(app, password)


def test_a_new_password_replaces_the_old_one(app: Flask, admin: Visitor, session: Session) -> None:
    old = shown_secret(invite(admin, Role.EDITOR))
    new = shown_secret(admin.send(f"/console/staff/{account(session).id}/password"))
    assert not gets_in(app, old)
    assert gets_in(app, new)


def test_the_authenticator_app_of_a_lost_phone_is_reset(admin: Visitor, session: Session) -> None:
    invite(admin, Role.EDITOR)
    binh = account(session)
    binh.tf_totp_secret, binh.tf_primary_method = "secret", "authenticator"
    session.commit()
    page = admin.send(f"/console/staff/{binh.id}/do/reset-authenticator")
    assert "sets up a new authenticator app" in page
    assert account(session).tf_totp_secret is None


def test_a_token_works_until_it_is_revoked(
    client: FlaskClient, admin: Visitor, session: Session
) -> None:
    invite(admin, Role.EDITOR)
    one = f"/console/staff/{account(session).id}"
    token = shown_secret(admin.send(f"{one}/tokens", token_name="weather", days="30"))
    headers = {"Authorization": f"Bearer {token}"}
    assert client.get("/api/v1/staff/articles", headers=headers).status_code == 200
    revoke = re.search(rf'action="({one}/tokens/[^"]+/revoke)"', admin.open(one).text)
    assert revoke
    assert "Revoked" in admin.send(revoke[1])
    assert client.get("/api/v1/staff/articles", headers=headers).status_code == 401


def test_a_token_without_a_name_or_with_another_lifetime_is_refused(
    admin: Visitor, session: Session, own_id: str
) -> None:
    page = admin.send(f"/console/staff/{own_id}/tokens", days="30")
    assert page.status == 422
    assert 'href="#token_name"' in page
    assert 'href="#days"' in admin.send(
        f"/console/staff/{own_id}/tokens", days="100000", token_name="x"
    )


@pytest.mark.parametrize("act", ["disable", "reset-authenticator"])
def test_nobody_does_it_to_the_own_account(
    admin: Visitor, session: Session, own_id: str, act: str
) -> None:
    before = session.scalars(select(StaffAccount.fs_uniquifier)).one()
    page = admin.send(f"/console/staff/{own_id}/do/{act}")
    assert "Ask another administrator." in page
    session.rollback()
    assert session.scalars(select(StaffAccount.fs_uniquifier)).one() == before


def test_nobody_takes_the_right_to_manage_staff_from_the_own_account(
    admin: Visitor, session: Session, own_id: str
) -> None:
    page = admin.send(f"/console/staff/{own_id}", name="Tôi", roles=["editor"])
    assert page.status == 422
    assert "Ask another administrator." in page
    session.rollback()
    assert session.scalars(select(StaffAccount.role_names)).one() == ["admin"]


def test_the_last_who_can_sign_in_by_page_and_manage_staff_stays(
    admin: Visitor, session: Session, clock: TurnableClock
) -> None:
    # The one who calls has a token and no password, so is not counted as left.
    invite(admin, Role.ADMIN)
    one = f"/console/staff/{account(session).id}"
    assert "has to be left to manage staff" in admin.send(f"{one}/do/disable")
    assert "has to be left to manage staff" in admin.send(one, name="Bình", roles=["editor"])
    assert account(session).active
    assert account(session).role_names == ["admin"]
    invite(admin, Role.ADMIN, email="chi@example.org")
    assert "Disabled" in admin.send(f"{one}/do/disable")


def test_what_is_not_there_is_not_found(admin: Visitor, own_id: str) -> None:
    nobody = "11111111-2222-4333-8444-555555555555"
    assert admin.open(f"/console/staff/{nobody}").status == 404
    assert admin.send(f"/console/staff/{own_id}/do/promote").status == 404
    assert admin.send(f"/console/staff/{own_id}/tokens/{nobody}/revoke").status == 404
