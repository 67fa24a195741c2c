"""Authenticator apps in the place of telephones: somebody's key, and the code that it shows now."""

from __future__ import annotations

import time
from datetime import timedelta

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt
from django.utils import timezone

from djudge.web.accounts.models import User

PERIOD = 30


def set_up(user: User) -> str:
    """Two-factor sign-in as it was set up an hour ago; the key in the app."""
    key: str = generate_totp_secret()
    TOTP.activate(user, key)
    RecoveryCodes.activate(user)
    Authenticator.objects.filter(user=user).update(created_at=timezone.now() - timedelta(hours=1))
    return key


def shown(key: str, later: int = 0) -> str:
    """What the app shows now, or so many periods later."""
    code: str = format_hotp_value(hotp_value(key, int(time.time()) // PERIOD + later))
    return code


def wrong(key: str) -> str:
    """Six digits that are no code at about this time."""
    right = {shown(key, later) for later in range(-3, 4)}
    return next(each for each in (f"{digit}" * 6 for digit in range(10)) if each not in right)


def key_of(user: User) -> str:
    """The key in the app of somebody who has it."""
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
    key: str = decrypt(held.data["secret"])
    return key


def recovery_codes(user: User) -> list[str]:
    """Those that still work."""
    held = Authenticator.objects.get(user=user, type=Authenticator.Type.RECOVERY_CODES)
    codes: list[str] = held.wrap().get_unused_codes()
    return codes
