"""The form that signs somebody in."""

from __future__ import annotations

from django import forms

from kith.foundation.screens.forms import GovForm


class SignInForm(GovForm):
    """An e-mail address and a password."""

    missing = {"email": "Enter your e-mail address", "password": "Enter your password"}

    email = forms.CharField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label="Password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
