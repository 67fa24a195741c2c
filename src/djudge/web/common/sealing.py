"""Secrets that have to lie in the database: encrypted, with a key for each purpose that follows from SECRET_KEY."""

from __future__ import annotations

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def box(purpose: str) -> MultiFernet:
    """Encrypts by SECRET_KEY; decrypts what SECRET_KEY or one of SECRET_KEY_FALLBACKS encrypted for the same purpose.

    Its `decrypt` raises cryptography's InvalidToken for anything else.
    """
    every = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(each, purpose)) for each in every])


def _key(secret: str, purpose: str) -> bytes:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose.encode()).derive(secret.encode())
    return base64.urlsafe_b64encode(derived)
