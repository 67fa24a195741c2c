"""What the workspace sends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.workspace.models import Appeal


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


class AppealForm(forms.Form):
    """What a candidate asks about a result."""

    kind = forms.ChoiceField(label=_l("What would you like?"), choices=Appeal.Kind.choices, widget=forms.RadioSelect)
    check = forms.ChoiceField(
        label=_l("Which finding?"), required=False, help_text=_l("As it is called in your report.")
    )
    text = forms.CharField(
        label=_l("In your words"), max_length=4000, widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_l("What do you think is wrong, or what should we look at? A person reads it and answers."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, findings: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        check = self.fields["check"]
        assert isinstance(check, forms.ChoiceField)
        check.choices = [("", _("none of them")), *findings]
        self._titles = dict(findings)

    def clean(self) -> dict[str, Any]:
        """A finding where one is contested; its title as the report names it."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == Appeal.Kind.FINDING and not cleaned.get("check"):
            self.add_error("check", _("Please say which finding you mean."))
        cleaned["title"] = self._titles.get(cleaned.get("check", ""), "")
        return cleaned


class AnswerForm(forms.Form):
    """What a person of the team answers."""

    text = forms.CharField(
        label=_l("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_l("Sent by mail, and shown on the candidate's page."),
    )  # fmt: skip
    redo = forms.BooleanField(label=_l("Let them do this task once more, within a week"), required=False)


class SaveForm(forms.Form):
    """One file as it is in the editor, and the version that it was made from."""

    path = forms.CharField(max_length=300)
    text = forms.CharField(required=False, strip=False, max_length=500_000)
    version = forms.IntegerField(min_value=0)
