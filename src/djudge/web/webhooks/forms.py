"""Forms about endpoints."""

from __future__ import annotations

from typing import Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from djudge.web.webhooks import networks
from djudge.web.webhooks.models import TOLD

_EVENTS: Final = [(each.value, each.label) for each in TOLD]


class EventsForm(forms.Form):
    """Of what an endpoint is told."""

    events = forms.MultipleChoiceField(
        label=_("Tell it when"),
        choices=_EVENTS,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Please choose one at least.")},
    )


class EndpointForm(EventsForm):
    """A new endpoint."""

    address = forms.CharField(
        label=_("Address"),
        max_length=500,
        help_text=_("Where your system takes a POST, such as https://hooks.example.org/djudge"),
        widget=forms.URLInput,
    )
    field_order = ("address", "events")

    def clean_address(self) -> str:
        """Of a form that is called. What its name leads to is looked at when it is called."""
        address: str = self.cleaned_data["address"].strip()
        try:
            networks.checked(address)
        except networks.RefusedAddressError as refused:
            raise ValidationError(str(refused)) from refused
        return address
