"""Forms about teams."""

from __future__ import annotations

from allauth.account.forms import SignupForm
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from djudge.web.accounts.models import User
from djudge.web.organizations import actions
from djudge.web.organizations.models import Role


class RegistrationForm(SignupForm):
    """Somebody registers a team, or comes by an invitation and joins one."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    team = forms.CharField(label=_("Name of your team"), max_length=120)
    field_order = ("team", "name", "email", "password1")

    def save(self, request: HttpRequest) -> User:
        """The person, and with them the team in which they are the owner, or nothing of both."""
        person: User = super().save(request)
        person.name = self.cleaned_data["name"]
        person.save(update_fields=["name"])
        actions.register_team(owner=person, name=self.cleaned_data["team"])
        return person


class TeamForm(forms.Form):
    """A team of one's own for somebody who has an account already."""

    name = forms.CharField(label=_("Name of your team"), max_length=120)


class InvitationForm(forms.Form):
    """Whom to ask into the team, and as what."""

    email = forms.EmailField(label=_("E-mail address"))
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices, initial=Role.INTERVIEWER)


class JoinForm(forms.Form):
    """What somebody is asked who was invited and has no account yet."""

    name = forms.CharField(label=_("Your name"), max_length=120)
    password = forms.CharField(
        label=_("Password"), min_length=10, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean_password(self) -> str:
        """As strict as everywhere else."""
        password: str = self.cleaned_data["password"]
        validate_password(password)
        return password
