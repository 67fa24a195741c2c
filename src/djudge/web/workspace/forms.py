"""What the workspace sends."""

from __future__ import annotations

from django import forms


class SaveForm(forms.Form):
    """One file as it is in the editor, and the version that it was made from."""

    path = forms.CharField(max_length=300)
    text = forms.CharField(required=False, strip=False, max_length=500_000)
    version = forms.IntegerField(min_value=0)
