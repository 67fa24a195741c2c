"""Forms about tokens and programs."""

from __future__ import annotations

from urllib.parse import urlsplit

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.api.models import LOOPBACK
from djudge.web.api.scopes import Scope

#: How long a token can be made for. None is made for ever: it would be forgotten and still work.
DAYS = ((7, _l("a week")), (30, _l("30 days")), (90, _l("90 days")), (365, _l("a year")))


class TokenForm(forms.Form):
    """What a token is for, what it may do, and for how long."""

    name = forms.CharField(
        label=_l("Name"), max_length=80, help_text=_l("By which you will know it, such as the program that has it.")
    )
    scopes = forms.MultipleChoiceField(
        label=_l("What may be done with it?"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple,
        help_text=_l("Never more than your role allows when it is used."),
    )  # fmt: skip
    days = forms.TypedChoiceField(label=_l("How long does it work?"), choices=DAYS, coerce=int, initial=90)


class ClientForm(forms.Form):
    """A program that members of the team may let in."""

    name = forms.CharField(label=_l("Name"), max_length=120, help_text=_l("People read it when they are asked."))
    redirect_uris = forms.CharField(
        label=_l("Where people are led back to"), max_length=2000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_l("Whole addresses that begin with https://, one a line; http:// only for 127.0.0.1 and [::1]."),
    )  # fmt: skip
    is_confidential = forms.BooleanField(
        label=_l("It runs on a server and can keep a secret"), required=False, initial=True,
        help_text=_l("Programs on phones, in browsers and on people's machines can't."),
    )  # fmt: skip

    def clean_redirect_uris(self) -> str:
        """Addresses that lead to one place, over a line that nobody reads."""
        every: list[str] = self.cleaned_data["redirect_uris"].split()
        for each in every:
            if not _is_safe(each):
                told = _("%(address)s is no address that people can be led back to.")
                raise ValidationError(told, params={"address": each})
        return " ".join(every)


def _is_safe(address: str) -> bool:
    try:
        parts = urlsplit(address)
        is_whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    if not is_whole or "#" in address or "@" in parts.netloc or "*" in parts.netloc or not address.isascii():
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
