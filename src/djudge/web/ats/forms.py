"""The form of Ashby's key."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l


class AshbyKeyForm(forms.Form):
    """A key; an empty field removes the one that there is."""

    key = forms.CharField(
        label=_l("Ashby's API key"), max_length=200, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_l("With the permission candidatesWrite. Leave it empty to remove the one that we have."),
    )  # fmt: skip

    def clean_key(self) -> str:
        """What a header can carry."""
        key: str = self.cleaned_data["key"]
        if not (key.isascii() and key.isprintable()) or ":" in key or " " in key:
            raise ValidationError(_("A key has visible ASCII characters, without colons and blanks."))
        return key
