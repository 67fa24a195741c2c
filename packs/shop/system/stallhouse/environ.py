"""Settings read from the environment, typed and refused early when they make no sense."""

from __future__ import annotations

import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str = "") -> str:
    """The variable, or what the file `<name>_FILE` holds, or the default."""
    file = os.environ.get(f"{name}_FILE")
    if file:
        with open(file, encoding="utf-8") as stream:
            return stream.read().strip()
    return os.environ.get(name, default)


def flag(name: str, default: bool = False) -> bool:
    """Yes or no; anything else than 1/0, true/false, yes/no, on/off is refused."""
    value = text(name).lower()
    if value in ("", "1", "0", "true", "false", "yes", "no", "on", "off"):
        return default if value == "" else value in ("1", "true", "yes", "on")
    raise ImproperlyConfigured(f"{name} must be 1 or 0, not {value!r}.")


def number(name: str, default: int) -> int:
    """A whole number, 0 or more."""
    value = text(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def words(name: str, default: str = "") -> list[str]:
    """A list with commas between its words."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def origin(name: str) -> list[str]:
    """Scheme, host and port of an address, as policies name them; nothing where none is set."""
    url = urlsplit(text(name))
    return [f"{url.scheme}://{url.netloc.rpartition('@')[2]}"] if url.scheme and url.netloc else []


def database(name: str = "DATABASE_URL") -> dict[str, Any]:
    """Django's settings of `postgres://role:password@host:port/dbname`.

    The form for a Unix socket is `postgres://role:password@/dbname?host=/run/postgresql`. Further parameters
    (`sslmode`, `connect_timeout`, …) go to libpq as they are.
    """
    url = urlsplit(text(name, "postgres:///stallhouse"))
    if url.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured(f"{name} must begin with postgres://")
    options = dict(parse_qsl(url.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(url.path.lstrip("/")),
        "USER": unquote(url.username or ""),
        "PASSWORD": unquote(url.password or ""),
        "HOST": options.pop("host", "") or url.hostname or "",
        "PORT": str(options.pop("port", "") or url.port or ""),
        "CONN_MAX_AGE": number("CONN_MAX_AGE", 0),
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": options,
    }
