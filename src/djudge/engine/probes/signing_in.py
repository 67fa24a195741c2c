"""Signing in: sessions of people whom the judge has put into the data, without a password being worked out.

A password costs Django's hasher a third of a second, and most tasks ask what somebody may do and not how they signed
in. So the judge writes the row that a sign-in would leave in `django_session`, signed with the key that it gave the
guest. Tasks about signing in itself fill in the form.

Formats: django.core.signing.dumps, django.contrib.sessions.backends.base, AbstractBaseUser.get_session_auth_hash
(Django 6.1).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, LiteralString

from djudge.engine.postgres.connections import Connection
from djudge.engine.serving import SECRET_KEY

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SESSIONS_SALT: Final = "django.contrib.sessions.SessionStore"
_PASSWORD_SALT: Final = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"  # noqa: S105
_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"

#: Long after every run; a session is asked for by its end alone.
_END: Final = datetime(2999, 1, 1, tzinfo=UTC)

_INSERT: Final[LiteralString] = (
    "insert into django_session (session_key, session_data, expire_date) values (%s, %s, %s)"
)

#: A hash that no password leads to: nobody signs in with it, and Django takes it for one of its own.
NO_PASSWORD: Final = "pbkdf2_sha256$1$none$bm9uZQ=="  # noqa: S105


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A row of `auth_user`, as far as a session depends on it."""

    id: int
    password: str = NO_PASSWORD


def sign_in(connection: Connection, account: Account, key: str) -> dict[str, str]:
    """Write the session of somebody who has signed in; the cookies that belong to it.

    `key` is 32 lower-case letters and digits, drawn from the seed. Raises psycopg.Error, as any arranging.
    """
    connection.execute(_INSERT, [key, session_data(account), _END])
    return {"sessionid": key}


def session_data(account: Account, secret: str = SECRET_KEY, made: datetime | None = None) -> str:
    """What Django stores for the session of a signed-in user."""
    content = {
        "_auth_user_id": str(account.id),
        "_auth_user_backend": _BACKEND,
        "_auth_user_hash": _salted(_PASSWORD_SALT, account.password, secret).hexdigest(),
    }
    text = json.dumps(content, separators=(",", ":")).encode("latin-1")
    moment = made or datetime.now(UTC) - timedelta(seconds=60)
    value = f"{_encoded(text)}:{_base62(int(moment.timestamp()))}"
    signature = _salted(f"{_SESSIONS_SALT}signer", value, secret).digest()
    return f"{value}:{_encoded(signature)}"


def _salted(salt: str, value: str, secret: str) -> hmac.HMAC:
    key = hashlib.sha256(f"{salt}{secret}".encode()).digest()
    return hmac.new(key, value.encode(), hashlib.sha256)


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _base62(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 62)
        digits = _DIGITS[digit] + digits
    return digits or "0"
