"""What candidates and colleagues send about a résumé."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.hiring.forms import ResumeField
from djudge.web.resumes.documents import Section
from djudge.web.resumes.models import Answer
from djudge.web.resumes.reading.parts import MOST_CHARACTERS

#: A form has fields for so many; what comes after them stands in the last one.
MOST_SECTIONS: Final = 40


class SendForm(forms.Form):
    """Another file."""

    resume = ResumeField(label=_l("Résumé"), help_text=_l("PDF or DOCX, at most 5 MB."))


class AnswerForm(forms.Form):
    """Whether somebody confirms what a signal says, and why; `about` is the text that they saw."""

    about = forms.UUIDField(widget=forms.HiddenInput)
    verdict = forms.ChoiceField(choices=Answer.Verdict.choices)
    note = forms.CharField(required=False, max_length=2000)


class CorrectionForm(forms.Form):
    """A heading and a text for each section, and empty ones for what is missing; `against` is what was corrected."""

    against = forms.UUIDField(widget=forms.HiddenInput)
    count = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=MOST_SECTIONS + 2)

    def __init__(self, data: Any = None, *, sections: Sequence[Section], against: object) -> None:
        shown = [*_few(sections), ("", ""), ("", "")]
        super().__init__(data, initial={"against": against, "count": len(shown)})
        self._count = _count(data) if data is not None else len(shown)
        shown += [("", "")] * (self._count - len(shown))
        for number, (heading, text) in enumerate(shown[: self._count]):
            self.fields[f"heading-{number}"] = forms.CharField(
                label=_("Heading"), required=False, max_length=200, initial=heading
            )
            self.fields[f"text-{number}"] = forms.CharField(
                label=_("Text"), required=False, initial=text, max_length=MOST_CHARACTERS, strip=False,
                widget=forms.Textarea(attrs={"rows": min(max(len(text.splitlines()) + 1, 3), 20)}),
            )  # fmt: skip

    def pairs(self) -> Iterator[tuple[BoundField, BoundField]]:
        """The fields of each section, for the template."""
        for number in range(self._count):
            yield self[f"heading-{number}"], self[f"text-{number}"]

    def clean(self) -> dict[str, Any]:
        """At least something, and no more than a résumé holds."""
        cleaned = super().clean() or self.cleaned_data
        length = sum(len(heading) + len(text) for heading, text in self.sections())
        if not length and not self.errors:
            self.add_error(None, _("There is nothing left. Please leave some text, or take the application back."))
        if length > MOST_CHARACTERS:
            self.add_error(None, _("This is more text than a résumé. Please shorten it."))
        return cleaned

    def sections(self) -> list[Section]:
        """What was sent, without what is empty, with line breaks as one sign."""
        found = []
        for number in range(self._count):
            heading = self.cleaned_data.get(f"heading-{number}", "").strip()
            lines = self.cleaned_data.get(f"text-{number}", "").splitlines()
            text = "\n".join(line.rstrip() for line in lines).strip("\n")
            if heading or text:
                found.append((heading, text))
        return found


def _few(sections: Sequence[Section]) -> list[Section]:
    """As many as the form has fields for: later headings become lines of the last one."""
    first, rest = list(sections[: MOST_SECTIONS - 1]), sections[MOST_SECTIONS - 1 :]
    if rest:
        first.append((rest[0][0], "\n".join([rest[0][1], *(f"{heading}\n{text}" for heading, text in rest[1:])])))
    return first


def _count(data: Any) -> int:
    """How many sections were sent; anything senseless is one."""
    sent = str(data.get("count", ""))
    return min(max(int(sent), 1), MOST_SECTIONS + 2) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 1
