"""Keys of other systems: encrypted where they lie, and an `Authorization` header when they are used."""

from __future__ import annotations

import base64

from cryptography.fernet import InvalidToken

from djudge.web.common.sealing import box

_PURPOSE = "djudge applicant tracking systems"


class UnreadableKeyError(Exception):
    """A key that was encrypted by another key of this installation. The operator's fault; it is entered anew."""


def sealed(key: str) -> str:
    """As it is kept."""
    return box(_PURPOSE).encrypt(key.encode()).decode()


def basic(kept: str) -> dict[str, str]:
    """The header for a key that is kept: HTTP Basic with the key as name and no password. Raises UnreadableKeyError."""
    try:
        key = box(_PURPOSE).decrypt(kept.encode())
    except InvalidToken as error:
        raise UnreadableKeyError from error
    return {"authorization": "Basic " + base64.b64encode(key + b":").decode()}
