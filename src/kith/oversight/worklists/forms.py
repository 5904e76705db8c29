"""Choosing whose work to look at."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from kith.foundation.access.queries import names_of, team_names, workers_of
from kith.foundation.screens.forms import GovForm
from kith.record.deadlines.filters import NOBODY

from .asking import Asking


class WhoseForm(GovForm):
    """A team, and somebody in it."""

    team = forms.ChoiceField(label="Team", required=False)
    worker = forms.ChoiceField(label="Worker", required=False)

    def __init__(self, *args: Any, teams: list[tuple[str, str]], workers: list[tuple[str, str]], **options: Any):
        super().__init__(*args, **options)
        self.fields["team"].choices = [("", "Every team"), *teams, (NOBODY, "No team")]
        self.fields["worker"].choices = [("", "Everybody"), *workers, (NOBODY, "Nobody")]


def whose_form(asked: Asking, *, on: date) -> WhoseForm:
    """The form as it stands for what is asked: the people of the team looked at, and oneself."""
    team = asked.team_number
    people = [(str(each.pk), each.name) for each in (workers_of(team=team, on=on) if team else [])]
    own = (str(asked.viewer.worker), asked.viewer.name)
    if own not in people:
        people.insert(0, own)
    if asked.worker.isdigit() and asked.worker not in dict(people):
        people += [(str(pk), name) for pk, name in names_of(workers=[int(asked.worker)]).items()]
    every = [(str(pk), name) for pk, name in team_names(asked.viewer).items()]
    return WhoseForm(initial={"team": asked.team, "worker": asked.worker}, teams=every, workers=people)
