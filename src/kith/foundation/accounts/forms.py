"""The forms that sign somebody in."""

from __future__ import annotations

from django import forms


class SignInForm(forms.Form):
    """An e-mail address and a password."""

    use_required_attribute = False

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        error_messages={"required": "Enter your e-mail address"},
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class AgainForm(forms.Form):
    """The password of somebody who is signed in already."""

    use_required_attribute = False

    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        error_messages={"required": "Enter your password"},
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
