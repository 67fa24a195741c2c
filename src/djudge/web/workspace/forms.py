"""What the workspace sends."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class FileForm(forms.Form):
    """What to do about a file: `path` is the one that is meant, `to` a name that it is given."""

    what = forms.ChoiceField(choices=[(each, each) for each in ("make", "rename", "delete", "restore")])
    path = forms.CharField(required=False, max_length=300)
    to = forms.CharField(required=False, max_length=300)
    version = forms.IntegerField(min_value=0)

    def clean(self) -> dict[str, Any]:
        """A name for what gets one."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") in ("make", "rename") and not cleaned.get("to"):
            self.add_error("to", _("Please give it a name."))
        return cleaned


class SaveForm(forms.Form):
    """One file as it is in the editor, and the version that it was made from."""

    path = forms.CharField(max_length=300)
    text = forms.CharField(required=False, strip=False, max_length=500_000)
    version = forms.IntegerField(min_value=0)
