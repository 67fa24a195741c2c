"""Forms about jobs and candidates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.accounts.models import User
from djudge.web.assessments.access import offered
from djudge.web.assessments.models import Lane
from djudge.web.hiring import actions
from djudge.web.hiring.models import Builds, Decision, Job, JobMember, Stage, UseCase
from djudge.web.organizations.models import Membership, Team

#: A résumé is a few pages.
RESUME_BYTES = 5 * 1024 * 1024
RATINGS = ((1, _l("1: no")), (2, _l("2: rather no")), (3, _l("3: rather yes")), (4, _l("4: yes")))
RESUME_KINDS = {".pdf": b"%PDF-", ".docx": b"PK\x03\x04"}


class BuildsForm(forms.Form):
    """The wizard's first step: what will this person build, and for what?"""

    title = forms.CharField(label=_l("Title of the job"), max_length=120)
    builds = forms.MultipleChoiceField(
        label=_l("What will this person build?"), choices=Builds.choices, widget=forms.CheckboxSelectMultiple
    )
    use_case = forms.ChoiceField(label=_l("For what?"), choices=UseCase.choices, widget=forms.RadioSelect)


class JobForm(forms.ModelForm):  # type: ignore[type-arg]
    """The rest of a job. Another level than 2 needs a reason, because the guide calls it the minimum."""

    class Meta:
        model = Job
        fields = (
            "title",
            "description",
            "domain",
            "assessment",
            "python_assessment",
            "level_bar",
            "bar_reason",
            "reply_days",
            "state",
        )
        widgets: ClassVar = {
            "description": forms.Textarea(attrs={"rows": 5}),
            "bar_reason": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts: ClassVar = {
            "domain": _l("For questions in interviews, such as “visits to a clinic with doctors and rooms”."),
            "level_bar": _l("2, competent, is the guide's minimum for Django developers."),
            "bar_reason": _l("Needed for any other level than 2."),
            "reply_days": _l("What candidates are promised; you are reminded before it is over."),
            "python_assessment": _l("For people who are strong in Python and new to Django."),
        }

    def __init__(self, *args: Any, team: Team, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, lane in (("assessment", Lane.DJANGO_READY), ("python_assessment", Lane.PYTHON_STRONG)):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            field.queryset = offered(team.pk, lane)
            field.empty_label = _("none yet")

    def clean(self) -> dict[str, Any]:
        """A reason where the level is not the minimum."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("level_bar") and actions.lacks_reason(cleaned["level_bar"], cleaned.get("bar_reason", "")):
            self.add_error("bar_reason", actions.NO_REASON)
        return cleaned


class ResumeField(forms.FileField):
    """A PDF or DOCX file of a few pages, by what it is and not by what it is called."""

    widget = forms.ClearableFileInput(attrs={"accept": ".pdf,.docx"})

    def clean(self, data: Any, initial: Any = None) -> UploadedFile[Any] | None:
        """The file, at its beginning; None where it is not required and there is none."""
        file: UploadedFile[Any] | None = super().clean(data, initial)
        if file is None:
            return None
        name = (file.name or "").lower()
        kind = next((kind for kind in RESUME_KINDS if name.endswith(kind)), None)
        if (file.size or 0) > RESUME_BYTES:
            raise forms.ValidationError(_("This file has more than 5 MB. Please send a smaller one."))
        begins = file.read(8)
        file.seek(0)
        if kind is None or not begins.startswith(RESUME_KINDS[kind]):
            raise forms.ValidationError(_("This is neither a PDF nor a DOCX file."))
        return file


class ApplicationForm(forms.Form):
    """Somebody applies. The lane is what they say of themselves; both are read."""

    name = forms.CharField(label=_l("Your name"), max_length=120)
    email = forms.EmailField(label=_l("E-mail address"))
    lane = forms.ChoiceField(
        label=_l("Where do you stand?"), choices=Lane.choices, initial=Lane.DJANGO_READY, widget=forms.RadioSelect
    )
    resume = ResumeField(label=_l("Résumé"), required=False, help_text=_l("PDF or DOCX, at most 5 MB. Optional."))


class CandidateForm(forms.Form):
    """The team enters somebody."""

    name = forms.CharField(label=_l("Name"), max_length=120)
    email = forms.EmailField(label=_l("E-mail address"))
    lane = forms.ChoiceField(
        label=_l("Lane"), choices=Lane.choices, initial=Lane.DJANGO_READY, widget=forms.RadioSelect
    )
    resume = ResumeField(label=_l("Résumé"), required=False, help_text=_l("PDF or DOCX, at most 5 MB. Optional."))
    invite = forms.BooleanField(label=_l("Invite them to the assessment at once"), required=False, initial=True)


class FilterForm(forms.Form):
    """What is shown of a job's candidates; anything senseless is ignored."""

    q = forms.CharField(required=False, max_length=100)
    stage = forms.ChoiceField(required=False, choices=[("", _l("Any stage")), *Stage.choices])
    lane = forms.ChoiceField(required=False, choices=[("", _l("Both lanes")), *Lane.choices])

    def chosen(self) -> dict[str, str]:
        """What makes sense of it."""
        self.is_valid()
        return {
            "text": self.cleaned_data.get("q", ""),
            "stage": self.cleaned_data.get("stage", ""),
            "lane": self.cleaned_data.get("lane", ""),
        }


class SaveFilterForm(FilterForm):
    """A name for what is shown now."""

    name = forms.CharField(max_length=60)
    table = forms.BooleanField(required=False)

    def query(self) -> str:
        """What stands in the address for it."""
        found = {name: self.cleaned_data.get(name, "") for name in ("q", "stage", "lane")}
        found["as"] = "table" if self.cleaned_data.get("table") else ""
        return urlencode({name: value for name, value in found.items() if value})


class TableForm(forms.Form):
    """A table of candidates."""

    table = forms.FileField(
        label=_l("Table"), help_text=_l("CSV in UTF-8, at most 200 rows."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )  # fmt: skip
    invite = forms.BooleanField(label=_l("Invite them to the assessment at once"), required=False, initial=True)


class NoteForm(forms.Form):
    """A note, and how somebody rates what they saw."""

    text = forms.CharField(label=_l("Note"), max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}))
    rating = forms.TypedChoiceField(
        label=_l("Rating"), required=False, coerce=int, empty_value=None,
        choices=[("", _l("none")), *RATINGS],
    )  # fmt: skip


class DecisionForm(forms.Form):
    """What is decided, why, and what the candidate is told."""

    outcome = forms.ChoiceField(label=_l("Decision"), choices=Decision.Outcome.choices)
    reason = forms.CharField(
        label=_l("Reason"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_l("In your own words, for your colleagues. The candidate may ask for it one day."),
    )  # fmt: skip
    message = forms.CharField(
        label=_l("Message to the candidate"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}), help_text=_l("Sent by mail. Nobody is rejected without one."),
    )  # fmt: skip


class ExtraTimeForm(forms.Form):
    """Extra time for somebody who needs it; every deadline follows."""

    extra_time = forms.DecimalField(label=_l("Time factor"), min_value=1, max_value=3, decimal_places=2, initial=1)


class MembersForm(forms.Form):
    """Who works on a job, and as what: a choice for everybody in the team."""

    def __init__(self, data: Any, *, memberships: Iterable[Membership], roles: Mapping[uuid.UUID, str]) -> None:
        super().__init__(data)
        self._users = {f"as_{membership.pk}": membership.user for membership in memberships}
        for membership in memberships:
            self.fields[f"as_{membership.pk}"] = forms.ChoiceField(
                label=f"{membership.user} ({membership.get_role_display()})",
                choices=[("", _("not on this job")), *((each, each.label) for each in JobMember.ROLES)],
                initial=roles.get(membership.user_id, ""),
                required=False,
            )

    @property
    def roles(self) -> dict[User, str]:
        """Everybody who was chosen, with their role."""
        return {self._users[name]: role for name, role in self.cleaned_data.items() if role}
