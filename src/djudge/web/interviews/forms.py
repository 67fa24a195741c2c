"""The scorecard as a form: for each question boxes, an anchor and a quote."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.interviews.actions import Answer
from djudge.web.interviews.anchors import anchors_of, question_of, reached, what_is_missing
from djudge.web.interviews.models import Anchor, Rating, Scorecard

#: What is asked of each question.
PARTS: Final = ("heard", "quote", "anchor", "skip")


class ScorecardForm(forms.Form):
    """A scorecard. Saving takes whatever stands there. With `is_filed` each question that was asked needs an anchor
    and a quote, and no anchor may be higher than what was ticked."""

    remarks = forms.CharField(
        label=_l("What else should be known?"), required=False, max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, scorecard: Scorecard, is_filed: bool = False) -> None:
        super().__init__(data, initial=_initial(scorecard))
        self.ratings = list(scorecard.ratings.all())
        self.is_filed = is_filed
        for rating in self.ratings:
            self.fields.update(_fields(rating))
        self.order_fields([name for name in self.fields if name != "remarks"])

    @property
    def questions(self) -> Iterator[tuple[Rating, Any, dict[str, forms.BoundField]]]:
        """Each rating with its question in the bank, if it has one, and its fields by their part."""
        for rating in self.ratings:
            names = [name for name in _fields(rating) if name in self.fields]
            yield rating, question_of(rating), {name.split("-")[0]: self[name] for name in names}

    def clean(self) -> dict[str, Any]:
        """Complete where it is filed."""
        cleaned = super().clean() or self.cleaned_data
        if self.is_filed:
            for rating in self.ratings:
                self._check(rating)
            if not any(self._answer(rating).was_asked for rating in self.ratings):
                self.add_error(None, _("No question was asked: there is nothing to file."))
        return cleaned

    def answers(self) -> dict[int, Answer]:
        """What stands in the form, by the questions' positions."""
        return {rating.position: self._answer(rating) for rating in self.ratings}

    def _answer(self, rating: Rating) -> Answer:
        said = {part: self._said(f"{part}-{rating.position}") for part in ("heard", "anchor", "quote", "skip")}
        ticked = said["heard"] or []
        if said["skip"]:
            return Answer(was_asked=False)
        anchor = said["anchor"] or (reached(rating, ticked) if ticked else "")
        return Answer(ticked=ticked, anchor=anchor, quote=said["quote"] or "")

    def _said(self, name: str) -> Any:
        """What was refused leaves what was kept before."""
        return self.cleaned_data[name] if name in self.cleaned_data else self.initial.get(name)

    def _check(self, rating: Rating) -> None:
        position, cleaned = rating.position, self.cleaned_data
        said = [cleaned.get(f"{part}-{position}") for part in ("heard", "anchor", "quote")]
        if cleaned.get(f"skip-{position}"):
            if any(said):
                self.add_error(f"skip-{position}", _("Something stands there: was it asked after all?"))
            return
        if not (cleaned.get(f"quote-{position}") or "").strip():
            self.add_error(
                f"quote-{position}", _("Please write down what they said; a sentence in their words will do.")
            )
        answer = self._answer(rating)
        if not answer.anchor:
            # Nothing ticked is no finding by itself: somebody may have forgotten to.
            self.add_error(
                f"anchor-{position}", _("Nothing is ticked: please choose yourself where the answer belongs.")
            )
        if missing := what_is_missing(rating, answer.anchor, answer.ticked):
            self.add_error(f"anchor-{position}", missing)


def _initial(scorecard: Scorecard) -> dict[str, Any]:
    found: dict[str, Any] = {"remarks": scorecard.remarks}
    for rating in scorecard.ratings.all():
        found[f"heard-{rating.position}"] = rating.ticked
        found[f"quote-{rating.position}"] = rating.quote
        found[f"skip-{rating.position}"] = not rating.was_asked
        by_boxes = bool(rating.ticked) and rating.anchor == reached(rating, rating.ticked)
        found[f"anchor-{rating.position}"] = "" if by_boxes else rating.anchor
    return found


def _fields(rating: Rating) -> dict[str, forms.Field]:
    question = question_of(rating)
    anchors = [(anchor, f"{Anchor(anchor).label}: {says}") for anchor, says in anchors_of(rating).items()]
    fields: dict[str, forms.Field] = {}
    if question is not None:
        anchors = [("", _("Where the ticks put it")), *anchors]
        fields["heard"] = forms.MultipleChoiceField(
            label=_("What do you hear?"), choices=[(box.id, box.label) for box in question.boxes],
            required=False, widget=forms.CheckboxSelectMultiple,
        )  # fmt: skip
    fields["quote"] = forms.CharField(
        label=_("In their words"), required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 2})
    )
    fields["anchor"] = forms.ChoiceField(
        label=_("Where does it belong?"), choices=anchors, required=False, widget=forms.RadioSelect
    )
    fields["skip"] = forms.BooleanField(label=_("This was not asked"), required=False)
    return {f"{part}-{rating.position}": field for part, field in fields.items()}
