"""Whose work the first page looks at: chosen on the page, else as the role begins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from kith.foundation.access.viewer import Viewer
from kith.record.deadlines.filters import AHEAD, DueFilter

from .plan import RolePlan


@dataclass(frozen=True)
class Asking:
    """Who asks, of whom, on which day. `team` and `worker` are ids as text; empty is any."""

    viewer: Viewer
    on: date
    team: str
    worker: str
    subject: str = ""
    first: int = 8

    @property
    def due(self) -> DueFilter:
        """The deadlines looked at, in every state that is not over."""
        return DueFilter(team=self.team, worker=self.worker, subject=self.subject)

    def filled(self, filters: Mapping[str, str]) -> dict[str, object]:
        """A group's filters with $me, $team and $soon put in; a filter by no team at all is left out."""
        names = {"$me": self.viewer.worker, "$team": self.team_number, "$soon": self.soon.isoformat()}
        found = {key: names.get(value, value) for key, value in filters.items()}
        return {key: value for key, value in found.items() if value is not None}

    @property
    def team_number(self) -> int | None:
        """The team looked at; one's own, where only oneself is."""
        own = self.viewer.teams[-1] if self.viewer.teams and self.worker else None
        return int(self.team) if self.team.isdigit() else own

    @property
    def soon(self) -> date:
        """The last of the days looked ahead."""
        return self.on + timedelta(days=AHEAD)


def asking(*, viewer: Viewer, on: date, query: Mapping[str, str], begins: RolePlan, first: int) -> Asking:
    """What the page asks: by what was chosen on it, if anything was, else by how the role begins."""
    if "team" in query or "worker" in query:
        chosen = DueFilter.read(query)
        team, worker = chosen.team, chosen.worker
    else:
        team, worker = _begins_with(viewer, begins.whose)
    return Asking(viewer=viewer, on=on, team=team, worker=worker, subject=begins.subject, first=first)


def _begins_with(viewer: Viewer, whose: str) -> tuple[str, str]:
    if whose == "mine":
        return "", str(viewer.worker)
    if whose == "my_team" and viewer.teams:
        return str(viewer.teams[-1]), ""
    return "", ""
