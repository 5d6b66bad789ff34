"""A member of staff signs in to the console with password and authenticator app."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pyotp
import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from backend.accounts import access, employees
from backend.accounts.roles import Permission
from tests.conftest import TurnableClock

EMAIL = "an@cualo.vn"
PASSWORD = "biển xanh cát trắng"


HTML = {"Accept": "text/html", "Accept-Language": "en"}


class Person:
    """Somebody at a browser, who follows redirects and sends the forms of the pages."""

    def __init__(self, client: FlaskClient, clock: TurnableClock) -> None:
        self.client = client
        self.clock = clock
        self.csrf_token = ""
        self.secret = ""

    def open(self, path: str) -> TestResponse:
        return self._read(self.client.get(path, headers=HTML, follow_redirects=True))

    def send(self, path: str, **fields: str) -> TestResponse:
        form = {"csrf_token": self.csrf_token} | fields
        return self._read(self.client.post(path, data=form, headers=HTML, follow_redirects=True))

    def _read(self, page: TestResponse) -> TestResponse:
        if found := re.search('name="csrf-token" content="([^"]+)"', page.text):
            self.csrf_token = found[1]
        if found := re.search('id="secret">([^<]+)<', page.text):
            self.secret = found[1].replace("-", "")
        return page

    def give_password(self, password: str = PASSWORD, email: str = EMAIL) -> TestResponse:
        self.open("/console/sign-in")
        return self.send("/console/sign-in", email=email, password=password)

    def give_code(self, code: str | None = None, path: str = "/console/code") -> TestResponse:
        return self.send(path, code=code or pyotp.TOTP(self.secret).at(self.clock()))

    def set_up_app(self) -> TestResponse:
        self.give_password()
        self.send("/console/authenticator", setup="authenticator")
        return self.give_code()

    def is_signed_in(self) -> bool:
        return self.open("/console").request.path == "/console"


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Flask:
    """The application, with an address for staff that changes something."""
    app = make_app()

    @app.post("/api/v1/staff/test")
    @access.staff(Permission.WRITE_CONTENT)
    def change() -> str:
        return employees.required().email

    return app


def hire(app: Flask, email: str = EMAIL, password: str = PASSWORD, role: str = "editor") -> None:
    words = ["staff", "add", email, "--role", role, "--name", "Lê Thị An", "--password-stdin"]
    assert app.test_cli_runner().invoke(args=words, input=f"{password}\n").exit_code == 0


@pytest.fixture
def an(app: Flask, client: FlaskClient, clock: TurnableClock) -> Person:
    """A new editor at a browser, who has never signed in."""
    hire(app)
    return Person(client, clock)


def test_a_first_day_password_then_app_then_the_console_in_both_languages(an: Person) -> None:
    assert an.open("/console").request.path == "/console/sign-in"
    page = an.give_password()
    assert page.request.path == "/console/authenticator"
    assert not an.is_signed_in()

    an.give_password()
    page = an.send("/console/authenticator", setup="authenticator")
    assert 'src="data:image/svg+xml;base64,' in page.text
    assert 'id="secret"' in page.text
    page = an.give_code()
    assert page.request.path == "/console"
    assert "Welcome, Lê Thị An" in page.text
    assert "Editor: writes and publishes content" in page.text
    for path in ("/console?lang=vi", "/console"):
        page = an.open(path)
        assert '<html lang="vi">' in page.text
        assert "Biên tập viên" in page.text


def test_a_later_sign_in_asks_for_the_code_and_goes_where_one_wanted_to_go(
    an: Person, clock: TurnableClock
) -> None:
    an.set_up_app()
    an.send("/console/sign-out")
    assert not an.is_signed_in()
    clock.advance(minutes=5)
    assert an.give_password().request.path == "/console/code"
    assert not an.is_signed_in()
    page = an.open("/console/password")
    page = an.send(page.request.full_path, email=EMAIL, password=PASSWORD)
    page = an.give_code(path=page.request.full_path)
    assert page.request.path == "/console/password"


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "a wrong password"), ("nobody@cualo.vn", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_are_answered_alike(
    an: Person, email: str, password: str
) -> None:
    page = an.give_password(password, email)
    assert page.request.path == "/console/sign-in"
    assert "Authentication failed - identity or password/passcode invalid" in page.text
    assert not an.is_signed_in()


def test_a_wrong_an_old_and_a_used_code_are_refused(an: Person, clock: TurnableClock) -> None:
    an.set_up_app()
    used = pyotp.TOTP(an.secret).at(clock())
    an.send("/console/sign-out")
    an.give_password()
    wrong = str((int(used) + 1) % 1_000_000).zfill(6)
    for code in (wrong, used, ""):
        page = an.send("/console/code", code=code)
        assert page.request.path == "/console/code"
        assert 'role="alert"' in page.text
    clock.advance(minutes=5)
    assert "Invalid code" in an.give_code(used).text
    assert an.give_code().request.path == "/console"


def test_the_second_factor_cannot_be_skipped_or_changed_by_one_who_has_the_cookie(
    an: Person,
) -> None:
    for path in ("/console/code", "/console/authenticator"):
        assert an.open(path).request.path == "/console/sign-in"
    an.set_up_app()
    assert an.open("/console/authenticator").request.path == "/console"
    assert an.send("/console/authenticator", setup="disable").request.path == "/console"


def test_a_lost_phone_is_replaced_by_an_administrator(an: Person, app: Flask) -> None:
    an.set_up_app()
    app.test_cli_runner().invoke(args=["staff", "reset-totp", EMAIL])
    assert not an.is_signed_in()
    assert "Ask an administrator" in an.open("/console/lost-phone").text
    assert an.give_password().request.path == "/console/authenticator"


def test_a_change_with_the_cookie_needs_the_csrf_token(an: Person) -> None:
    an.set_up_app()
    an.open("/console")
    without = an.client.post("/api/v1/staff/test")
    assert without.status_code == 403
    assert without.content_type == "application/problem+json"
    wrong = an.client.post("/api/v1/staff/test", headers={"X-CSRFToken": "x"})
    assert wrong.status_code == 403
    right = an.client.post("/api/v1/staff/test", headers={"X-CSRFToken": an.csrf_token})
    assert (right.status_code, right.text) == (200, EMAIL)


def test_the_csrf_token_may_come_inside_of_a_form_with_a_large_file(an: Person) -> None:
    an.set_up_app()
    noise = BytesIO()
    Image.effect_noise((1200, 1200), 90).save(noise, "PNG")
    assert len(noise.getvalue()) > 1_048_576
    for token, status in (("", 403), (an.csrf_token, 201)):
        form = {"alt.vi": "Biển", "licence": "CC0", "credit": "Mẫu", "csrf_token": token}
        file = FileStorage(BytesIO(noise.getvalue()), "a.png")
        # Not by the client, which leaves its temporary file open.
        boundary, body = encode_multipart({**form, "file": file})
        kind = f"multipart/form-data; boundary={boundary}"
        answer = an.client.post("/api/v1/staff/media", data=body, content_type=kind)
        assert answer.status_code == status, answer.text


def test_a_change_with_a_token_needs_no_csrf_token_also_beside_a_cookie(
    an: Person, app: Flask
) -> None:
    an.set_up_app()
    token = app.test_cli_runner().invoke(args=["staff", "token", EMAIL]).stdout.strip()
    headers = {"Authorization": f"Bearer {token}"}
    assert an.client.post("/api/v1/staff/test", headers=headers).status_code == 200


def test_forms_without_the_csrf_token_do_nothing(an: Person) -> None:
    an.open("/console/sign-in")
    page = an.send("/console/sign-in", email=EMAIL, password=PASSWORD, csrf_token="")
    assert "This page was open for too long. Please try again." in page.text
    an.set_up_app()
    assert "Sign out?" in an.send("/console/sign-out", csrf_token="").text
    assert an.is_signed_in()


def test_the_wrong_role_is_refused_also_by_page(
    app: Flask, client: FlaskClient, clock: TurnableClock
) -> None:
    hire(app, role="lifeguard")
    lifeguard = Person(client, clock)
    lifeguard.set_up_app()
    lifeguard.open("/console")
    answer = client.post(
        "/api/v1/staff/test?lang=en", headers={"X-CSRFToken": lifeguard.csrf_token}
    )
    assert answer.status_code == 403
    assert answer.json["detail"] == "Your role does not allow this."


def test_a_form_of_the_console_without_its_token_changes_nothing(
    app: Flask, client: FlaskClient, clock: TurnableClock
) -> None:
    hire(app, role="admin")
    admin = Person(client, clock)
    admin.set_up_app()
    admin.open("/console/staff/new")
    form = {"name": "Bình", "email": "binh@example.org", "roles": "editor"}
    page = admin.send("/console/staff/new", csrf_token="", **form)
    assert page.status_code == 403
    assert "The page is too old" in page.text
    assert "binh@example.org" not in admin.open("/console/staff").text
    assert "binh@example.org" in admin.send("/console/staff/new", **form).text


def test_signing_out_ends_the_session_also_for_a_copy_of_the_cookie(
    an: Person, app: Flask, clock: TurnableClock
) -> None:
    an.set_up_app()
    cookie = an.client.get_cookie("session")
    assert cookie is not None
    copy = Person(app.test_client(), clock)
    copy.client.set_cookie("session", cookie.value)
    assert copy.is_signed_in()
    an.open("/console")
    an.send("/console/sign-out")
    copy.client.set_cookie("session", cookie.value)
    assert not copy.is_signed_in()


@pytest.mark.parametrize("words", [["disable", EMAIL], ["reset-totp", EMAIL]])
def test_a_running_session_ends_when_the_account_is_disabled_or_reset(
    an: Person, app: Flask, words: list[str]
) -> None:
    an.set_up_app()
    app.test_cli_runner().invoke(args=["staff", *words])
    assert not an.is_signed_in()


def test_a_disabled_person_cannot_sign_in(an: Person, app: Flask) -> None:
    app.test_cli_runner().invoke(args=["staff", "disable", EMAIL])
    assert an.give_password().request.path == "/console/sign-in"


def test_a_changed_password_ends_the_other_sessions(
    an: Person, app: Flask, clock: TurnableClock
) -> None:
    an.set_up_app()
    elsewhere = Person(app.test_client(), clock)
    elsewhere.secret = an.secret
    clock.advance(minutes=5)
    elsewhere.give_password()
    elsewhere.give_code()
    assert elsewhere.is_signed_in()
    new = "một mật khẩu khác hẳn"
    an.open("/console/password")
    page = an.send(
        "/console/password", password=PASSWORD, new_password="short", new_password_confirm="short"
    )
    assert "Password must be at least 12 characters" in page.text
    page = an.send(
        "/console/password", password=PASSWORD, new_password=new, new_password_confirm=new
    )
    assert "You successfully changed your password." in page.text
    assert an.is_signed_in()
    assert not elsewhere.is_signed_in()
    assert elsewhere.give_password().request.path == "/console/sign-in"
    assert elsewhere.give_password(new).request.path == "/console/code"


def test_passwords_and_codes_may_be_tried_only_so_often(
    make_app: Callable[..., Flask], clock: TurnableClock
) -> None:
    app = make_app(ratelimit_enabled=True)
    hire(app)
    an = Person(app.test_client(), clock)
    an.set_up_app()
    an.send("/console/sign-out")
    an.give_password()
    wrong = str((int(pyotp.TOTP(an.secret).at(clock())) + 500_000) % 1_000_000).zfill(6)
    assert {an.give_code(wrong).status_code for _ in range(10)} == {200}
    assert an.give_code(wrong).status_code == 429
    attacker = Person(app.test_client(), clock)
    answers = [attacker.give_password(f"try number {n}").status_code for n in range(11)]
    assert answers == [200] * 10 + [429]
    assert attacker.give_password().status_code == 429


def test_nobody_is_sent_to_another_site_after_signing_in(an: Person) -> None:
    elsewhere = "next=https://evil.example/"
    an.open("/console/sign-in")
    page = an.send(f"/console/sign-in?{elsewhere}", email=EMAIL, password=PASSWORD)
    assert page.request.host == "localhost"
    an.give_password()
    an.send("/console/authenticator", setup="authenticator")
    page = an.give_code(path=f"/console/code?{elsewhere}")
    assert (page.request.host, page.request.path) == ("localhost", "/console")


def test_the_library_serves_no_other_page(app: Flask) -> None:
    served = {r.endpoint for r in app.url_map.iter_rules() if r.endpoint.startswith("security.")}
    assert served == {
        "security.login",
        "security.logout",
        "security.two_factor_setup",
        "security.two_factor_token_validation",
        "security.two_factor_rescue",
        "security.change_password",
    }
