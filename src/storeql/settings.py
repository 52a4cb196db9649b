"""Settings of a running shop: read from the environment once, checked at start, then frozen."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct

from storeql.db.database import check_address
from storeql.errors import SettingsError

Value = TypeVar("Value")

DEVELOPMENT_SECRET = "development-secret-not-for-production"
LEAST_SECRET_LENGTH = 32
ORIGIN = re.compile(r"https?://[^/\s*]+")
MEDIA_URL = re.compile(r"(https?://[^/\s?#]+)?(/[^\s?#]*[^/\s?#])?")
MEDIA_STORE = re.compile(r"s3://[^/\s]+(/\S+)?")
PUBLIC_URL = re.compile(r"https?://[^/\s]\S*")


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting with its default; `STOREQL_<NAME>` in the environment overrides one.

    Durations are seconds, sizes bytes.
    """

    environment: Literal["development", "production"] = "development"
    database_url: str = "sqlite:///var/storeql.sqlite"
    secret: str = DEVELOPMENT_SECRET
    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    with_worker: bool = False
    threads: int = 8
    media_dir: str = "var/media"
    media_store: str = ""
    media_url: str = "/media"
    cors_origins: tuple[str, ...] = ()
    plugins_disabled: tuple[str, ...] = ()
    plugins_enabled: tuple[str, ...] = ()
    time_zone: str = "Asia/Shanghai"
    graphiql: bool = True
    mail_url: str = ""
    public_url: str = ""
    session_days: int = 14
    unpaid_order_hours: int = 168
    max_body: int = 1_000_000
    max_upload: int = 50_000_000
    max_tokens: int = 4_000
    max_depth: int = 15
    max_aliases: int = 60
    max_root_fields: int = 20
    max_directives: int = 50
    max_cost: int = 100_000
    deadline_seconds: float = 10.0
    carrier_seconds: float = 2.0
    sign_in_attempts: int = 10
    coupon_attempts: int = 30
    webhook_seconds: float = 10.0
    webhook_private_hosts: tuple[str, ...] = ()
    event_days: int = 30

    @property
    def development(self) -> bool:
        """True where default secrets and the demo's passwords are acceptable."""
        return self.environment == "development"


def settings_from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `STOREQL_*` (and `PORT`); raises SettingsError with one clear sentence."""
    values: dict[str, Any] = {}
    for name, default in _defaults().items():
        text = environ.get(f"STOREQL_{name.upper()}")
        if text is None and name == "port":
            text = environ.get("PORT")
        if text is not None:
            values[name] = _read(name, text, default)
    settings = Settings(**values)
    check(settings)
    return settings


def check(settings: Settings) -> None:
    """Raises SettingsError for the first setting that cannot be used."""
    if settings.environment not in ("development", "production"):
        raise SettingsError("STOREQL_ENVIRONMENT must be development or production.")
    check_address(settings.database_url)
    for name, least, most in RANGES:
        if not least <= getattr(settings, name) <= most:
            raise SettingsError(f"STOREQL_{name.upper()} must be between {least} and {most}.")
    _check_time_zone(settings.time_zone)
    if not all(ORIGIN.fullmatch(origin) for origin in settings.cors_origins):
        raise SettingsError(
            "STOREQL_CORS_ORIGINS must name origins such as https://shop.example.com, not *."
        )
    if settings.public_url and not PUBLIC_URL.fullmatch(settings.public_url):
        raise SettingsError("STOREQL_PUBLIC_URL must look like https://shop.example.com.")
    if not MEDIA_URL.fullmatch(settings.media_url):
        raise SettingsError("STOREQL_MEDIA_URL must look like /media or https://cdn.example.com.")
    if settings.media_store and not MEDIA_STORE.fullmatch(settings.media_store):
        raise SettingsError("STOREQL_MEDIA_STORE must look like s3://bucket or s3://bucket/folder.")
    _check_secret(settings)


def _check_time_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        raise SettingsError(f"STOREQL_TIME_ZONE: {name!r} is no time zone.") from None


def _check_secret(settings: Settings) -> None:
    secret = settings.secret
    if not secret:
        raise SettingsError("STOREQL_SECRET is empty: set it to a random text.")
    if settings.development:
        return
    if secret == DEVELOPMENT_SECRET:
        raise SettingsError(
            "STOREQL_SECRET still has its development default: set it to a random text."
        )
    if len(secret) < LEAST_SECRET_LENGTH:
        raise SettingsError(f"STOREQL_SECRET needs at least {LEAST_SECRET_LENGTH} characters.")


RANGES: tuple[tuple[str, float, float], ...] = (
    ("port", 1, 65535),
    ("workers", 1, 256),
    ("threads", 1, 256),
    ("session_days", 1, 3650),
    ("unpaid_order_hours", 0, 87_600),
    ("max_body", 1_000, 100_000_000),
    ("max_upload", 1_000, 1_000_000_000),
    ("max_tokens", 100, 1_000_000),
    ("max_depth", 3, 100),
    ("max_aliases", 1, 10_000),
    ("max_root_fields", 1, 1_000),
    ("max_directives", 1, 10_000),
    ("max_cost", 100, 100_000_000),
    ("deadline_seconds", 0.1, 3600),
    ("carrier_seconds", 0.1, 60),
    ("sign_in_attempts", 1, 1_000),
    ("coupon_attempts", 1, 10_000),
    ("webhook_seconds", 0.1, 20),
    ("event_days", 1, 3650),
)


def _defaults() -> dict[str, Any]:
    return dict(zip(Settings.__struct_fields__, Settings.__struct_defaults__, strict=True))


def _read(name: str, text: str, default: Any) -> Any:
    if isinstance(default, bool):
        return _read_as(name, text, _boolean, "true or false")
    if isinstance(default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if isinstance(default, int):
        return _read_as(name, text, int, "a whole number")
    if isinstance(default, float):
        return _read_as(name, text, float, "a number")
    return text


def _read_as(name: str, text: str, read: Callable[[str], Value], what: str) -> Value:
    try:
        return read(text)
    except ValueError:
        message = f"STOREQL_{name.upper()} must be {what}, not {text!r}."
        raise SettingsError(message) from None


def _boolean(text: str) -> bool:
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off"):
        return False
    raise ValueError(text)
