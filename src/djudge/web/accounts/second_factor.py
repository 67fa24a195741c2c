"""The second factor at sign-in: how its secrets are kept, and that a code works once."""

from __future__ import annotations

from typing import Any, Final

import qrcode
from allauth.mfa import app_settings
from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.fernet import InvalidToken, MultiFernet
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from djudge.web.common.sealing import box

#: Under which names allauth keeps what is encrypted, for TOTP and for recovery codes.
_ENCRYPTED: Final = ("secret", "seed")
_LAST: Final = "last_counter"


class UnreadableSecretError(ValidationError):
    """A secret was kept with a key that the installation no longer knows; the message says whom to ask."""


class MFAAdapter(DefaultMFAAdapter):
    """allauth's flows with encrypted secrets and a picture that our policy lets through."""

    def encrypt(self, text: str) -> str:
        """By the key that follows from SECRET_KEY; another ciphertext each time."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """By SECRET_KEY or one of SECRET_KEY_FALLBACKS. Raises UnreadableSecretError, which forms show."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken as error:
            told = _(
                "Your second factor can't be read: a key of this installation was changed. Its operator can reset it."
            )
            raise UnreadableSecretError(told) from error

    def build_totp_svg(self, url: str) -> SafeString:
        """The QR code as one path on white, which dark pages need too; to stand in the page itself."""
        code = qrcode.QRCode(border=4)
        code.add_data(url)
        rows = code.get_matrix()
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        return format_html(
            '<svg class="qr" role="img" aria-label="{}" viewBox="0 0 {} {}" shape-rendering="crispEdges">'
            '<rect width="100%" height="100%" fill="#fff"/><path d="{}" fill="#000"/></svg>',
            _("QR code for your authenticator app"), len(rows), len(rows), path,
        )  # fmt: skip


def _box() -> MultiFernet:
    return box("djudge second factor")


def held_by(person: str) -> Exists:
    """For a query: whether the user in that field has set up TOTP. Recovery codes alone are no second factor."""
    return Exists(Authenticator.objects.filter(user=OuterRef(person), type=Authenticator.Type.TOTP))


@transaction.atomic
def note_use(authenticator: Authenticator, code: str) -> None:
    """A right code was given: no code of its time or before works again, whatever the cache has forgotten.

    What is encrypted is so anew, with the present key. Raises ValidationError for a code that was used. A statement,
    and one for each of the person's one or two rows.
    """
    every = Authenticator.objects.select_for_update().filter(user_id=authenticator.user_id).order_by("pk")
    for each in every:
        if each.pk == authenticator.pk and each.type == Authenticator.Type.TOTP:
            each.data[_LAST] = _later_counter(each, code)
        each.data |= _encrypted_anew(each.data)
        each.save(update_fields=["data"])


def _later_counter(authenticator: Authenticator, code: str) -> int:
    """Where in time the code belongs. The one by which TOTP was set up counts as used."""
    period = app_settings.TOTP_PERIOD
    before = authenticator.data.get(_LAST, int(authenticator.created_at.timestamp()) // period)
    secret = get_adapter().decrypt(authenticator.data["secret"])
    for counter in totp.yield_hotp_counters_from_time():
        if counter > before and totp.format_hotp_value(totp.hotp_value(secret, counter)) == _digits(code):
            return int(counter)
    raise ValidationError(_("This code was used already. Please wait for the next one."))


def _digits(code: str) -> str:
    return "".join(each for each in code if each.isdigit())


def _encrypted_anew(data: dict[str, Any]) -> dict[str, Any]:
    return {name: _box().rotate(data[name].encode()).decode() for name in _ENCRYPTED if name in data}
