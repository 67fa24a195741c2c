"""When, where and who: the parts of a plan that may change before an interview is held."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from djudge.web.accounts.models import User
from djudge.web.hiring.models import Job
from djudge.web.interviews.actions import Appointment
from djudge.web.interviews.models import Interview, Scorecard
from djudge.web.interviews.selectors import may_listen
from djudge.web.interviews.zones import NoSuchTimeError, moment, zone_of, zones


def _zone_choices() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in zones()]


class AppointmentForm(forms.Form):
    """A day and a time in a time zone, or neither of them; and where."""

    day = forms.DateField(
        label=_l("Day"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_l("Time"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    zone = forms.ChoiceField(label=_l("Time zone"), choices=_zone_choices)
    place = forms.CharField(
        label=_l("Where"), required=False, max_length=300,
        help_text=_l("The candidate reads this too: a room, the link of a call, whom to ask for another time."),
    )  # fmt: skip
    names_listeners = forms.BooleanField(label=_l("Tell the candidate who listens"), required=False)

    at: datetime | None = None

    def guess_zone(self) -> None:
        """Nobody has said where they are: a browser may propose its own zone."""
        self.fields["zone"].widget.attrs["data-guesses"] = "zone"

    def clean(self) -> dict[str, Any]:
        """Both or neither, a time that clocks show there, and one that is not over."""
        cleaned = super().clean() or self.cleaned_data
        day, time, zone = cleaned.get("day"), cleaned.get("time"), cleaned.get("zone")
        if day and time and zone:
            self._settle(cleaned)
        elif bool(day) != bool(time) and not (self.errors.get("day") or self.errors.get("time")):
            self.add_error("time" if day else "day", _("A time needs both: a day, and when on it."))
        return cleaned

    def _settle(self, cleaned: dict[str, Any]) -> None:
        try:
            self.at = moment(cleaned["day"], cleaned["time"], cleaned["zone"])
        except NoSuchTimeError as error:
            self.add_error("time", str(error))
        except OverflowError:
            self.add_error("day", _("No calendar goes that far."))
        else:
            if self.at <= timezone.now():
                self.add_error("day", _("That is over already."))

    def appointment(self) -> Appointment:
        """What was arranged."""
        said = self.cleaned_data
        return Appointment(at=self.at, zone=said["zone"], place=said["place"], names_listeners=said["names_listeners"])


class MoveForm(AppointmentForm):
    """The same for an interview that is planned; here a time is needed."""

    @classmethod
    def of(cls, interview: Interview, zone: str) -> MoveForm:
        """As it stands now; `zone` is proposed where there is no time yet."""
        local = interview.at.astimezone(zone_of(interview.zone)) if interview.at else None
        return cls(
            initial={
                "day": local and local.date(),
                "time": local and local.time(),
                "zone": interview.zone if local else zone,
                "place": interview.place,
                "names_listeners": interview.names_listeners,
            }
        )

    def clean(self) -> dict[str, Any]:
        """As above, and a time."""
        cleaned = super().clean()
        if not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Please choose a day and a time."))
        return cleaned


class WhoField(forms.MultipleChoiceField):
    """Members of the team who see a job. `fill` says which; it gives people, in the order of their names."""

    widget = forms.CheckboxSelectMultiple
    people: dict[str, User]

    def fill(self, job: Job, without: Collection[uuid.UUID | None] = ()) -> None:
        """One statement."""
        found = [each for each in may_listen(job) if each.user_id not in without]
        self.people = {str(each.user_id): each.user for each in found}
        self.choices = [(str(each.user_id), f"{each.user} ({each.get_role_display()})") for each in found]

    def chosen(self, keys: list[str]) -> list[User]:
        """The people behind cleaned keys."""
        return [user for key, user in self.people.items() if key in keys]


class ListenersForm(forms.Form):
    """Somebody else listens as well."""

    who = WhoField(label=_l("Who listens as well?"))

    def __init__(self, data: Any = None, *, job: Job, there: Iterable[Scorecard]) -> None:
        super().__init__(data)
        field = self.fields["who"]
        assert isinstance(field, WhoField)
        field.fill(job, without=[card.rater_id for card in there])
        self.offers_somebody = bool(field.people)

    def listeners(self) -> list[User]:
        """Those who were ticked."""
        field = self.fields["who"]
        assert isinstance(field, WhoField)
        return field.chosen(self.cleaned_data["who"])
