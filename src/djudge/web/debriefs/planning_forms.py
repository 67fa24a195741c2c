"""The form by which an interview is planned."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.accounts.models import User
from djudge.web.debriefs.planning import Choices, Offer, asked_of
from djudge.web.hiring.models import Job
from djudge.web.interviews import kits
from djudge.web.interviews.models import Kit
from djudge.web.interviews.schedule_forms import AppointmentForm, WhoField


class PlanForm(AppointmentForm):
    """What kind, how long, what about, which questions, who listens, when. Bound by a POST; else as far as somebody has
    come. What it offers depends on what was chosen, so that questions and minutes are checked here as well."""

    kit = forms.ChoiceField(label=_l("What kind?"), choices=Kit.choices, widget=forms.RadioSelect)
    minutes = forms.ChoiceField(label=_l("How long?"), widget=forms.RadioSelect)
    domain = forms.CharField(
        label=_l("What are its questions about?"), required=False, max_length=120,
        help_text=_l("From the job; a change here is for this interview alone."),
    )  # fmt: skip
    who = WhoField(label=_l("Who listens?"))

    def __init__(
        self, data: Any = None, *, job: Job, choices: Choices, found: Sequence[Offer], initial: dict[str, Any]
    ) -> None:
        super().__init__(data, initial=initial)
        self.choices, self.found = choices, found
        minutes, who = self.fields["minutes"], self.fields["who"]
        assert isinstance(minutes, forms.ChoiceField)
        assert isinstance(who, WhoField)
        minutes.choices = [(str(each), _("%(n)s minutes") % {"n": each}) for each in kits.MINUTES[choices.kit]]
        who.fill(job)

    def clean(self) -> dict[str, Any]:
        """Something to ask, in minutes that are there."""
        cleaned = super().clean()
        asked = asked_of(self.found)
        if not asked:
            self.add_error(None, _("Please choose a question at least."))
        try:
            kits.agenda(self.choices.kit, self.choices.minutes, asked)
        except kits.TooManyError as error:
            self.add_error(None, str(error))
        return cleaned

    def listeners(self) -> list[User]:
        """Those who were ticked."""
        who = self.fields["who"]
        assert isinstance(who, WhoField)
        return who.chosen(self.cleaned_data["who"])
