"""Settings: read once, each bad value answered with a sentence."""

from __future__ import annotations

import sys
from dataclasses import fields
from pathlib import Path

import pytest

from backend.settings import ROOT, Settings, SettingsError, from_environment

LONG = "x" * 32


def test_every_bad_value_is_named_in_one_error(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment(
            {
                "CAP_SENDER": "cua lo",
                "CAP_STATUS": "Serious",
                "DATA_DIR": str(tmp_path),
                "DATABASE_URL": "mysql://host/name",
                "RATELIMIT_ENABLED": "perhaps",
                "SECRET_KEY": "short",
                "TIMEZONE": "Moon/Crater",
                "GOOGLE_APPLICATION_CREDENTIALS": "/no/such/file.json",
                "TRUSTED_PROXIES": "-1",
                "CHATBOT_TIMEOUT": "forever",
                "PUBLIC_URL": "town.example",
                "LOG_LEVEL": "LOUD",
                "LANGUAGES": "en,vi",
            }
        )
    lines = str(caught.value).splitlines()[1:]
    assert sorted(line.split(":")[0].strip() for line in lines) == [
        "CAP_SENDER",
        "CAP_STATUS",
        "CHATBOT_TIMEOUT",
        "DATABASE_URL",
        "GOOGLE_APPLICATION_CREDENTIALS",
        "LANGUAGES",
        "LOG_LEVEL",
        "PUBLIC_URL",
        "RATELIMIT_ENABLED",
        "SECRET_KEY",
        "TIMEZONE",
        "TRUSTED_PROXIES",
    ]


def test_nothing_needs_to_be_set_in_development(tmp_path: Path) -> None:
    settings = from_environment({"DATA_DIR": str(tmp_path)})
    assert settings.database_url == f"sqlite:///{tmp_path}/town.db"
    assert len(settings.secret_key) >= 32


def test_kept_keys_are_the_same_for_every_process_and_readable_by_the_owner_only(
    tmp_path: Path,
) -> None:
    first = from_environment({"DATA_DIR": str(tmp_path)})
    second = from_environment({"DATA_DIR": str(tmp_path)})
    assert first.secret_key == second.secret_key
    assert first.chatbot_key == second.chatbot_key != first.secret_key
    assert (tmp_path / "secret-key").stat().st_mode & 0o777 == 0o600


def test_an_empty_value_counts_as_absent(tmp_path: Path) -> None:
    assert from_environment({"DATA_DIR": str(tmp_path), "REDIS_URL": " "}).redis_url is None


def test_production_refuses_to_start_without_keys_and_with_the_sign_in_emulator() -> None:
    with pytest.raises(SettingsError) as caught:
        from_environment(
            {"ENVIRONMENT": "production", "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}
        )
    message = str(caught.value)
    for name in ("SECRET_KEY", "CHATBOT_KEY", "PUBLIC_URL", "FIREBASE_AUTH_EMULATOR_HOST"):
        assert name in message


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_every_spelling_of_a_postgresql_address_means_psycopg(scheme: str, tmp_path: Path) -> None:
    settings = from_environment(
        {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"{scheme}://u:p@host/town"}
    )
    assert settings.database_url == "postgresql+psycopg://u:p@host/town"


def test_the_readme_describes_every_setting() -> None:
    readme = (ROOT / "README.md").read_text()
    assert [f.name for f in fields(Settings) if f"| `{f.name.upper()}` |" not in readme] == []


@pytest.mark.parametrize(
    "url",
    [
        "/srv/media",
        "file://",
        "file://host/folder",
        "http://store.example/bucket",
        "memory://bucket",
        "s3://",
        "s3://bucket?key=secret",
    ],
)
def test_an_address_where_no_media_can_be_kept_stops_the_start(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="MEDIA_URL: is file:///folder or s3://bucket"):
        from_environment({"DATA_DIR": str(tmp_path), "MEDIA_URL": url})


def test_media_are_kept_in_the_data_folder_or_where_the_setting_says(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path)}
    assert from_environment(environ).library_url == f"file://{tmp_path}/library"
    elsewhere = from_environment(environ | {"MEDIA_URL": "file:///srv/town media"})
    assert elsewhere.library_url == "file:///srv/town media"


def test_an_s3_address_without_its_library_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)  # as where it is not installed
    url = "s3://bucket/prefix?endpoint_url=https://store.example"
    with pytest.raises(SettingsError, match=r"MEDIA_URL: s3:// needs .* uv sync --extra s3"):
        from_environment({"DATA_DIR": str(tmp_path), "MEDIA_URL": url})
