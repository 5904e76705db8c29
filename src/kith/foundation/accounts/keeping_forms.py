"""What is asked when accounts, posts and teams are kept."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from kith.foundation.access.models import Team
from kith.foundation.access.policy import policy
from kith.foundation.screens.forms import GovDateField, GovForm, RadiosField


class WorkerForm(GovForm):
    """Somebody who starts work here."""

    missing = {"name": "Enter the worker's name"}

    name = forms.CharField(label="Name", max_length=300)
    title = forms.CharField(label="Job title (optional)", max_length=200, required=False)


class OpenForm(GovForm):
    """An account."""

    missing = {"email": "Enter the e-mail address"}

    email = forms.EmailField(label="E-mail address", max_length=254, help_text="Their own, at work")


class CloseForm(GovForm):
    """Why an account is closed."""

    missing = {"why": "Say why it is closed"}

    why = RadiosField(label="Why?", choices=[("left", "They have left"), ("closed", "Another reason")])


class PostForm(GovForm):
    """A post."""

    missing = {"team": "Choose a team", "role": "Choose a role", "started_on": "Enter the first day"}

    team = forms.ChoiceField(label="Team")
    role = forms.ChoiceField(label="Role", help_text="It decides what they may open, and what they may do")
    started_on = GovDateField(label="First day", help_text="For example, 7 5 2026")
    ended_on = GovDateField(label="Last day (optional)", required=False, help_text="Leave it empty when it goes on")

    def __init__(self, *args: Any, teams: Sequence[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        roles = [(key, role.title) for key, role in policy().roles.items()]
        self.fields["team"].choices = [("", "Choose"), *((str(each.pk), each.name) for each in teams)]  # type: ignore[attr-defined]
        self.fields["role"].choices = [("", "Choose"), *roles]  # type: ignore[attr-defined]


class EndForm(GovForm):
    """The last day of a post."""

    missing = {"last_day": "Enter the last day"}

    last_day = GovDateField(label="Last day", help_text="Yesterday's date ends it now")


class TeamForm(GovForm):
    """A team."""

    missing = {"name": "Enter the team's name"}

    name = forms.CharField(label="Name", max_length=255)
    parent = forms.ChoiceField(label="Belongs to", required=False)
    was = forms.CharField(widget=forms.HiddenInput, required=False, max_length=600)

    def __init__(self, *args: Any, teams: Sequence[Team], **options: Any) -> None:
        super().__init__(*args, **options)
        choices = [("", "No other team"), *((str(each.pk), each.name) for each in teams)]
        self.fields["parent"].choices = choices  # type: ignore[attr-defined]
