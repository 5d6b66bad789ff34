"""Every setting of the backend, read once from the environment; nothing else reads it."""

from __future__ import annotations

import base64
import contextlib
import importlib.util
import os
import re
import secrets
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from content import town

ROOT = Path(__file__).resolve().parent.parent
VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")
P256_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551


class SettingsError(Exception):
    """One or more settings are wrong; the message names each of them."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What the backend may be told. The README's table of settings describes each field."""

    environment: str = "development"
    data_dir: Path = ROOT / "var"
    database_url: str = ""
    redis_url: str | None = None
    secret_key: str = ""
    chatbot_key: str = ""
    public_url: str = "http://127.0.0.1:8000"
    chatbot_url: str = "http://127.0.0.1:5005"
    chatbot_timeout: float = 8.0
    chat_retention_days: int = 90
    messenger_app_secret: str | None = None
    messenger_verify_token: str | None = None
    messenger_page_token: str | None = None
    messenger_url: str = "https://graph.facebook.com/v21.0"
    zalo_app_id: str | None = None
    zalo_secret_key: str | None = None
    zalo_access_token: str | None = None
    zalo_url: str = "https://openapi.zalo.me/v3.0"
    ratelimit_enabled: bool = True
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: int = 0
    max_body_bytes: int = 1_048_576
    max_photo_bytes: int = 12_582_912
    max_import_bytes: int = 8_388_608
    max_media_bytes: int = 20_971_520
    media_url: str = ""
    smtp_url: str | None = None
    mail_from: str | None = None
    fcm_base_url: str = "https://fcm.googleapis.com"
    fcm_ca_bundle: Path | None = None
    fcm_in_flight: int = 500
    fcm_messages_per_minute: int = 600_000
    google_application_credentials: Path | None = None
    firebase_project_id: str | None = None
    firebase_auth_emulator_host: str | None = None
    prometheus_multiproc_dir: Path | None = None
    two_person_rule: bool = False
    reopen_days: int = 14
    report_retention_days: int = 365
    public_reports_delay_hours: int = 0
    webhooks_private: bool = False
    webpush_private_key: str | None = None
    webpush_services: tuple[str, ...] = (
        "fcm.googleapis.com",
        "updates.push.services.mozilla.com",
        ".push.apple.com",
        ".notify.windows.com",
    )
    weather_url: str | None = None
    weather_marine_url: str | None = None
    map_tiles_url: str | None = None
    cap_sender: str | None = None
    cap_status: str = "Exercise"
    open311_jurisdiction: str | None = None
    open311_private_peers: bool = False
    town_box: tuple[float, float, float, float] = town.BOX
    timezone: ZoneInfo = VIETNAM
    languages: tuple[str, ...] = ("vi", "en")
    log_level: str = "INFO"

    @property
    def production(self) -> bool:
        return self.environment == "production"

    @property
    def public_reports_delay(self) -> timedelta:
        """How long after an officer confirmed it everybody finds a report."""
        return timedelta(hours=self.public_reports_delay_hours)

    @property
    def reopen_within(self) -> timedelta:
        """How long after its closing a report may be rated and opened again."""
        return timedelta(days=self.reopen_days)

    @property
    def report_retention(self) -> timedelta:
        """How long after closing a report may name anybody."""
        return timedelta(days=self.report_retention_days)

    @property
    def chat_retention(self) -> timedelta:
        """How long after its last word a conversation is kept."""
        return timedelta(days=self.chat_retention_days)

    @property
    def chatbot_urls(self) -> tuple[str, ...]:
        """Where the chatbot's processes answer."""
        return tuple(self.chatbot_url.split(","))

    @property
    def photos_dir(self) -> Path:
        """Where citizens' photos are kept: on this machine alone."""
        return self.data_dir / "media"

    @property
    def uploads_dir(self) -> Path:
        """Where photos lie until all their pieces have come."""
        return self.data_dir / "uploads"

    @property
    def jurisdiction(self) -> str:
        """What Open311 calls this town: as set, else the host of the public address."""
        return self.open311_jurisdiction or urlsplit(self.public_url).hostname or ""

    @property
    def library_url(self) -> str:
        """Where the files of the media library are kept."""
        return self.media_url or f"file://{self.data_dir / 'library'}"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings from *environ*, each under its field's name in capitals.

    Raises SettingsError that lists every bad value at once. Outside production, keys that are
    not given are made once and kept in DATA_DIR, so that all processes share them.
    """
    given: dict[str, Any] = {}
    problems: list[str] = []
    for field in fields(Settings):
        name = field.name.upper()
        if text := environ.get(name, "").strip():
            try:
                given[field.name] = READERS.get(field.name, str)(text)
            except ValueError as error:
                problems.append(f"{name}: {error}")
    settings = Settings(**given)
    problems += _production_problems(settings) if settings.production else []
    if problems:
        raise SettingsError("These settings cannot be used:\n  " + "\n  ".join(problems))
    return _with_defaults(settings, given)


def _production_problems(settings: Settings) -> list[str]:
    problems = []
    if not settings.secret_key:
        problems.append("SECRET_KEY: production needs one, of 32 characters or more")
    if not settings.chatbot_key:
        problems.append("CHATBOT_KEY: production needs one, of 32 characters or more")
    if not settings.public_url.startswith("https://"):
        problems.append("PUBLIC_URL: production needs an https:// address")
    if settings.firebase_auth_emulator_host:
        problems.append("FIREBASE_AUTH_EMULATOR_HOST: the emulator accepts forged sign-ins")
    return problems


def _with_defaults(settings: Settings, given: dict[str, Any]) -> Settings:
    data_dir = settings.data_dir
    data_dir.mkdir(parents=True, exist_ok=True)
    completed = dict(given)
    completed.setdefault("database_url", f"sqlite:///{data_dir / 'town.db'}")
    for name in ("secret_key", "chatbot_key"):
        if name not in given:
            completed[name] = kept_secret(data_dir / name.replace("_", "-"))
    return Settings(**completed)


def kept_secret(path: Path) -> str:
    """The secret in the file *path*, made and written there at the first call by any process."""
    if not path.exists():
        with tempfile.NamedTemporaryFile("w", dir=path.parent) as draft:
            draft.write(secrets.token_urlsafe(48))
            draft.flush()
            # A link appears whole or not at all, and only the first of several processes wins.
            with contextlib.suppress(FileExistsError):
                os.link(draft.name, path)
    return path.read_text()


def _environment(text: str) -> str:
    if text not in ("development", "production"):
        raise ValueError("is 'development' or 'production'")
    return text


def _database_url(text: str) -> str:
    scheme, separator, rest = text.partition("://")
    if separator and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
        return f"postgresql+psycopg://{rest}"
    if separator and scheme == "sqlite":
        return text
    raise ValueError("is an address such as postgresql://user:password@host/name or sqlite:///file")


def _web_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ValueError("is an address that begins with http:// or https://")
    return text.rstrip("/")


def _smtp_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("smtp", "smtps") or not parts.hostname:
        # Not the text itself, which may hold a password.
        raise ValueError("is smtps://user:password@host:465 or smtp://user:password@host:587")
    return text


def _mail_address(text: str) -> str:
    if "@" not in parseaddr(text)[1] or any(sign in text for sign in "\r\n"):
        raise ValueError("is an address such as Town <noreply@example.org>")
    return text


def _media_url(text: str) -> str:
    parts = urlsplit(text)
    options = dict(parse_qsl(parts.query, strict_parsing=True)) if parts.query else {}
    is_local = parts.scheme == "file" and not parts.netloc and len(parts.path) > 1
    is_bucket = parts.scheme == "s3" and parts.netloc and options.keys() <= {"endpoint_url"}
    if not (is_local or is_bucket):
        raise ValueError(
            "is file:///folder or s3://bucket/prefix?endpoint_url=https://store.example"
        )
    if is_bucket and importlib.util.find_spec("s3fs") is None:
        raise ValueError("s3:// needs a library that is not installed: uv sync --extra s3")
    return text


def _tiles_url(text: str) -> str:
    _web_url(text)
    if not all(place in text for place in ("{z}", "{x}", "{y}")):
        raise ValueError(
            "is an address with {z}, {x} and {y}, such as https://maps.example/{z}/{x}/{y}.png"
        )
    return text


def _secret(text: str) -> str:
    if len(text) < 32:
        raise ValueError("has 32 characters or more")
    return text


def _boolean(text: str) -> bool:
    try:
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    except KeyError:
        raise ValueError("is 'true' or 'false'") from None


def _whole_number(least: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise ValueError(f"is a whole number from {least} up")
        return int(text)

    return read


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 60:
        raise ValueError("is a number of seconds, above 0 and at most 60")
    return seconds


def _file(text: str) -> Path:
    path = Path(text)
    if not path.is_file():
        raise ValueError(f"names no file: {text}")
    return path


def _box(text: str) -> tuple[float, float, float, float]:
    try:
        west, south, east, north = (float(piece) for piece in text.split(","))
    except ValueError:
        west = south = east = north = 0.0
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise ValueError("is west,south,east,north in degrees, such as 105.6,18.7,105.99,18.93")
    return west, south, east, north


def _webpush_key(text: str) -> str:
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    except ValueError:
        raw = b""
    if len(raw) != 32 or not 0 < int.from_bytes(raw) < P256_ORDER:
        raise ValueError("is 32 bytes as base64url")
    return text


def _hosts(text: str) -> tuple[str, ...]:
    return tuple(host.strip().lower() for host in text.split(",") if host.strip())


def _timezone(text: str) -> ZoneInfo:
    try:
        return ZoneInfo(text)
    except (KeyError, OSError):
        raise ValueError("is a time zone's name, such as Asia/Ho_Chi_Minh") from None


def _languages(text: str) -> tuple[str, ...]:
    codes = tuple(dict.fromkeys(code.strip().lower() for code in text.split(",")))
    if not all(re.fullmatch(r"[a-z]{2}", code) for code in codes) or codes[0] != "vi":
        raise ValueError("is language codes of two letters, separated by commas, vi first")
    return codes


def _cap_sender(text: str) -> str:
    if any(c.isspace() or c in ",<&" for c in text):
        raise ValueError("has no spaces, no commas, no < and no &, such as cualo.example")
    return text


def _cap_status(text: str) -> str:
    if text not in ("Actual", "Exercise", "Test"):
        raise ValueError("is Actual, Exercise or Test")
    return text


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("is DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_web_url(origin.strip()) for origin in text.split(",") if origin.strip())


READERS: dict[str, Callable[[str], Any]] = {
    "environment": _environment,
    "data_dir": lambda text: Path(text).resolve(),
    "database_url": _database_url,
    "secret_key": _secret,
    "chatbot_key": _secret,
    "public_url": _web_url,
    "chatbot_url": lambda text: ",".join(_origins(text)),
    "chatbot_timeout": _seconds,
    "chat_retention_days": _whole_number(1),
    "messenger_url": _web_url,
    "zalo_url": _web_url,
    "ratelimit_enabled": _boolean,
    "cors_origins": _origins,
    "trusted_proxies": _whole_number(0),
    "max_body_bytes": _whole_number(1024),
    "max_photo_bytes": _whole_number(1024),
    "max_import_bytes": _whole_number(1024),
    "max_media_bytes": _whole_number(1024),
    "media_url": _media_url,
    "smtp_url": _smtp_url,
    "mail_from": _mail_address,
    "fcm_base_url": _web_url,
    "fcm_ca_bundle": _file,
    "fcm_in_flight": _whole_number(1),
    "fcm_messages_per_minute": _whole_number(1),
    "google_application_credentials": _file,
    "prometheus_multiproc_dir": Path,
    "two_person_rule": _boolean,
    "reopen_days": _whole_number(1),
    "report_retention_days": _whole_number(30),
    "public_reports_delay_hours": _whole_number(0),
    "webhooks_private": _boolean,
    "webpush_private_key": _webpush_key,
    "webpush_services": _hosts,
    "weather_url": _web_url,
    "weather_marine_url": _web_url,
    "map_tiles_url": _tiles_url,
    "cap_sender": _cap_sender,
    "cap_status": _cap_status,
    "open311_private_peers": _boolean,
    "town_box": _box,
    "timezone": _timezone,
    "languages": _languages,
    "log_level": _log_level,
}
