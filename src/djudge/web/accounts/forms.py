"""Where a code of the second factor is asked for."""

from __future__ import annotations

from typing import Any

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm

from djudge.web.accounts import second_factor


class CodeForm(AuthenticateForm):
    """At sign-in, after the password: a code of the app, or one of the recovery codes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["code"]
        field.widget.attrs |= {"inputmode": "numeric", "autofocus": True}
        del field.widget.attrs["placeholder"]

    def clean_code(self) -> str:
        """Right, and not used before. allauth counts who guesses."""
        code: str = super().clean_code()
        second_factor.note_use(self.authenticator, code)
        return code


class CodeAgainForm(CodeForm, ReauthenticateForm):
    """Before something grave is done."""
