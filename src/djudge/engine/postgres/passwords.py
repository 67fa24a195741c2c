"""Passwords of the servers' roles: random, and stored in a form that costs nothing to check."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from typing import Final

#: Iterations slow down guessing; nobody guesses 192 random bits, and 4,096 of them would cost 4 ms a
#: connection.
_ITERATIONS: Final = 1


def random_password() -> str:
    """192 bits, in letters that need no quoting in SQL, a URL or a shell."""
    return secrets.token_hex(24)


def scram_verifier(password: str) -> str:
    """What `ALTER ROLE … PASSWORD` stores, computed here, so that no statement ever holds the password itself."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, _ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    parts = [base64.b64encode(part).decode() for part in (salt, stored, server)]
    return f"SCRAM-SHA-256${_ITERATIONS}:{parts[0]}${parts[1]}:{parts[2]}"
