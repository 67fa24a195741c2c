"""Signatures as Standard Webhooks has them: HMAC-SHA256 over id, moment and body, by secrets named "whsec_…"."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping
from typing import Final

from cryptography.fernet import InvalidToken, MultiFernet

from djudge.web.common.sealing import box
from djudge.web.webhooks.models import Endpoint

PREFIX: Final = "whsec_"
_BYTES: Final = 32


class UnreadableSecretError(Exception):
    """The secret was kept with a key that this installation no longer knows. The operator's fault; owners renew it."""


def new_secret() -> str:
    """Drawn anew, as it is shown to an owner, once."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_BYTES)).decode()


def sealed(secret: str) -> str:
    """As it is kept."""
    return _box().encrypt(secret.encode()).decode()


def secrets_of(endpoint: Endpoint) -> list[str]:
    """The secrets with which a message is signed now: the present one, and the former one while that is valid.

    Raises UnreadableSecretError.
    """
    kept = [endpoint.secret, *([endpoint.former_secret] if endpoint.is_rotating else [])]
    try:
        return [_box().decrypt(each.encode()).decode() for each in kept]
    except InvalidToken as error:
        raise UnreadableSecretError from error


def headers(event_id: str, at: int, body: bytes, signing_secrets: Iterable[str]) -> Mapping[str, str]:
    """The three headers of a message that is sent at this moment, in seconds since 1970. Pure."""
    signatures = (_signature(f"{event_id}.{at}.".encode() + body, each) for each in signing_secrets)
    return {"webhook-id": event_id, "webhook-timestamp": str(at), "webhook-signature": " ".join(signatures)}


def _signature(content: bytes, secret: str) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()


def _box() -> MultiFernet:
    return box("djudge webhooks")
