"""Staff: hired and let go at the command line, calling with personal tokens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

from tests.conftest import TurnableClock

PASSWORD = "biển xanh cát trắng"
EMAIL = "an@cualo.local"

Run = Callable[..., Result]


@pytest.fixture
def staff(app: Flask) -> Run:
    """`flask staff …`, with what is typed into it."""

    def run(*words: str, typed: str = "") -> Result:
        return app.test_cli_runner().invoke(args=["staff", *words], input=typed)

    return run


@pytest.fixture
def editor(staff: Run) -> dict[str, str]:
    """Headers of an editor with a token from the command line."""
    staff("add", EMAIL, "--role", "editor", "--name", "Lê Thị An")
    return bearer(staff("token", EMAIL))


def bearer(printed: Result) -> dict[str, str]:
    return {"Authorization": f"Bearer {printed.stdout.strip()}"}


def status(client: FlaskClient, headers: dict[str, str]) -> int:
    return client.get("/console", headers=headers).status_code


def test_a_token_from_the_command_line_opens_what_the_role_may_do(
    client: FlaskClient, staff: Run
) -> None:
    added = staff(
        "add", "An@CuaLo.local", "--role", "editor", "--password-stdin", typed=f"{PASSWORD}\n"
    )
    assert (added.exit_code, added.output) == (0, "an@cualo.local is staff now, as editor.\n")
    printed = staff("token", "AN@cualo.local")
    assert printed.exit_code == 0
    assert printed.stdout.count("\n") == 1
    assert status(client, bearer(printed)) == 200


def test_adding_the_same_address_again_changes_the_roles_and_keeps_the_password(
    client: FlaskClient, staff: Run, editor: dict[str, str]
) -> None:
    added = staff("add", EMAIL, "--role", "officer", "--role", "leader")
    assert added.output == "an@cualo.local is staff now, as leader, officer.\n"
    page = client.get("/console?lang=en", headers=editor).text
    assert "Officer: handles citizens" in page
    assert "Editor:" not in page


@pytest.mark.parametrize(
    ("words", "typed", "sentence"),
    [
        (["add", "nonsense", "--role", "editor"], "", "'nonsense' is not an e-mail address."),
        (["add", EMAIL, "--role", "king"], "", "'king' is not one of 'editor', 'officer'"),
        (["add", EMAIL], "", "Missing option '--role'"),
        (
            ["add", EMAIL, "--role", "editor", "--password-stdin"],
            "short\n",
            "Password must be at least 12 characters",
        ),
        (
            ["add", EMAIL, "--role", "editor", "--password-stdin"],
            "",
            "Password must be at least 12 characters",
        ),
        (["token", EMAIL], "", f"There is no member of staff {EMAIL}."),
        (["tokens", EMAIL], "", f"There is no member of staff {EMAIL}."),
        (["disable", EMAIL], "", f"There is no member of staff {EMAIL}."),
        (["reset-totp", EMAIL], "", f"There is no member of staff {EMAIL}."),
        (["revoke", "7"], "", "'7' is not a valid UUID"),
        (
            ["revoke", "11111111-2222-4333-8444-555555555555"],
            "",
            "There is no token 11111111-2222-4333-8444-555555555555.",
        ),
    ],
)
def test_bad_input_at_the_command_line_is_answered_by_a_sentence(
    staff: Run, words: list[str], typed: str, sentence: str
) -> None:
    result = staff(*words, typed=typed)
    assert result.exit_code != 0
    assert sentence in result.stderr
    assert result.stdout == ""
    assert "no member of staff" in staff("tokens", EMAIL).stderr


def test_a_revoked_token_opens_nothing_and_the_others_stay(
    client: FlaskClient, staff: Run, editor: dict[str, str]
) -> None:
    other = bearer(staff("token", EMAIL, "--name", "export"))
    listed = [line.split("  ") for line in staff("tokens", EMAIL).stdout.splitlines()]
    assert [(state, used, name) for _, state, used, name in listed] == [
        ("in force", "never used", "command line"),
        ("in force", "never used", "export"),
    ]
    assert staff("revoke", listed[1][0]).exit_code == 0
    assert status(client, other) == 401
    assert status(client, editor) == 200
    assert "revoked" in staff("tokens", EMAIL).stdout


def test_a_token_is_good_for_its_days(
    client: FlaskClient, staff: Run, editor: dict[str, str], clock: TurnableClock
) -> None:
    month = bearer(staff("token", EMAIL, "--days", "30"))
    clock.advance(days=29)
    assert status(client, month) == 200
    clock.advance(days=1)
    assert status(client, month) == 401
    assert status(client, editor) == 200
    assert "expired  2026-07-30" in staff("tokens", EMAIL).stdout


def test_a_disabled_person_is_shut_out_until_hired_again(
    client: FlaskClient, staff: Run, editor: dict[str, str]
) -> None:
    assert staff("disable", EMAIL).exit_code == 0
    assert status(client, editor) == 401
    assert f"The account {EMAIL} is disabled." in staff("token", EMAIL).stderr
    staff("add", EMAIL, "--role", "editor")
    assert status(client, editor) == 200


def test_the_tables_hold_neither_passwords_nor_tokens(
    app: Flask, staff: Run, editor: dict[str, str]
) -> None:
    staff("add", EMAIL, "--role", "editor", "--password-stdin", typed=f"{PASSWORD}\n")
    with app.extensions["engine"].connect() as connection:
        accounts = connection.exec_driver_sql("SELECT * FROM staff").all()
        tokens = connection.exec_driver_sql("SELECT * FROM staff_token").all()
    held = str(accounts) + str(tokens)
    assert "$argon2id$" in held
    assert PASSWORD not in held
    assert editor["Authorization"].removeprefix("Bearer ") not in held
