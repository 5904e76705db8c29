"""The forms that sign somebody in."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest

from kith.foundation.access.models import Account
from kith.vocabulary.texts import in_a_sentence

from . import devices

LONGEST_ANSWER = 100_000


def _password(label: str = "Password", autocomplete: str = "current-password") -> forms.CharField:
    return forms.CharField(
        label=label,
        strip=False,
        max_length=1000,
        error_messages={"required": f"Enter your {in_a_sentence(label)}"},
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


def _code(label: str, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=40,
        help_text=help_text,
        error_messages={"required": "Enter the code"},
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class SignInForm(forms.Form):
    """An e-mail address and a password."""

    use_required_attribute = False

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter your e-mail address"},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = _password()


class CodeForm(forms.Form):
    """A code from the app, or one on paper."""

    use_required_attribute = False
    code = _code("Code", "The 6 digits that your app shows now, or one of the codes you wrote down")


class AppForm(forms.Form):
    """The first code of a new app."""

    use_required_attribute = False
    code = _code("Code", "The 6 digits that the app shows now")


class AgainForm(forms.Form):
    """The password and a code of somebody who is signed in already."""

    use_required_attribute = False
    password = _password()
    code = _code("Code", "The 6 digits that your app shows now, or one of the codes you wrote down")


class NewPasswordForm(forms.Form):
    """A new password, typed twice because nobody sees it."""

    use_required_attribute = False

    password = _password("New password", "new-password")
    repeated = _password("New password again", "new-password")

    def __init__(self, *args: Any, account: Account, **options: Any) -> None:
        super().__init__(*args, **options)
        self.account = account
        self.fields["password"].help_text = "At least 12 characters, for example four words. Not your name or address."
        self.fields["repeated"].error_messages["required"] = "Enter the new password again"

    def clean_password(self) -> str:
        """Long enough, not among the common ones, and not like its owner's name or address."""
        password: str = self.cleaned_data["password"]
        validate_password(password, self.account)
        return password

    def clean(self) -> dict[str, Any]:
        """Both the same."""
        given = super().clean() or {}
        if given.get("password") and given.get("repeated") and given["password"] != given["repeated"]:
            self.add_error("repeated", "The two passwords are not the same. Enter the new password again")
        return given


class PasskeyForm(forms.Form):
    """What the browser answered about a passkey, as JSON."""

    answered = forms.CharField(max_length=LONGEST_ANSWER)
    called = forms.CharField(max_length=60, required=False)

    def answer(self) -> dict[str, Any]:
        """The browser's answer; an empty one when it is not what a browser sends."""
        if not self.is_valid():
            return {}
        try:
            said = json.loads(self.cleaned_data["answered"])
        except (ValueError, RecursionError):
            return {}
        return said if isinstance(said, dict) else {}

    def name(self, request: HttpRequest) -> str:
        """What its owner calls it; without a name, the browser it was made in."""
        return (self.cleaned_data.get("called") if self.is_valid() else "") or devices.in_words(request)
