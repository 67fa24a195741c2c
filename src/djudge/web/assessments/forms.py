"""The builder's form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.assessments.models import AiPolicy, Lane
from djudge.web.grading import library


class AssessmentForm(forms.Form):
    """Tasks in the order in which they are named, at most 90 minutes. Each wish of the guide that is left open asks
    for a reason, in a field of its own."""

    title = forms.CharField(label=_l("Title"), max_length=120)
    lane = forms.ChoiceField(
        label=_l("Lane"), choices=Lane.choices, initial=Lane.DJANGO_READY, widget=forms.RadioSelect
    )
    tasks = forms.MultipleChoiceField(label=_l("Tasks"), widget=forms.CheckboxSelectMultiple)
    ai_policy = forms.ChoiceField(
        label=_l("AI assistants"), choices=AiPolicy.choices, initial=AiPolicy.DECLARED,
        help_text=_l("Candidates read this before they begin."),
    )  # fmt: skip

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        tasks = self.fields["tasks"]
        assert isinstance(tasks, forms.MultipleChoiceField)
        tasks.choices = [(card.name, card.title) for card in library.cards().values()]
        for wish in self.wishes:
            self.fields[f"why_{wish.guard}"] = forms.CharField(
                label=_("Guide, line %(line)s: %(says)s") % {"line": wish.guide_line, "says": wish.says},
                help_text=_("Your reason, for colleagues who read the report."),
                max_length=500,
            )

    @property
    def chosen(self) -> list[str]:
        """The tasks that are named now, as far as there are such."""
        named = self.data.getlist("tasks") if hasattr(self.data, "getlist") else []
        return [name for name in named if name in library.cards()]

    @property
    def minutes(self) -> int:
        """How long they take together."""
        return sum(library.card(name).minutes for name in self.chosen)

    @property
    def wishes(self) -> tuple[library.Wish, ...]:
        """What the guide asks for and they leave open."""
        lane = self.data.get("lane", "")
        return library.wishes(lane, self.chosen) if self.chosen and lane in Lane else ()

    def clean_tasks(self) -> list[str]:
        """No more than people who have work to do will give."""
        if self.minutes > library.MOST_MINUTES:
            raise forms.ValidationError(
                _("These take %(minutes)s minutes; %(most)s are the most.")
                % {"minutes": self.minutes, "most": library.MOST_MINUTES}
            )
        return self.chosen

    @property
    def answers(self) -> dict[str, str]:
        """The reasons by the name of the wish."""
        return {
            name.removeprefix("why_"): value for name, value in self.cleaned_data.items() if name.startswith("why_")
        }
