"""The groups of the first page, each with its count, its first lines and the list that the count opens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from kith.foundation.access.queries import names_of, team_names
from kith.foundation.screens.lists import Listing, address
from kith.oversight.returns import duties
from kith.record.break_glass import queries as emergencies
from kith.record.deadlines import presenters as due
from kith.record.deadlines import queries as deadlines
from kith.record.deadlines.duties import title_of
from kith.record.deadlines.filters import NOBODY, DueFilter
from kith.record.periods import queries as periods
from kith.record.periods.words import name_of
from kith.record.promises import presenters as said
from kith.record.promises import queries as promises
from kith.record.steps import presenters as work
from kith.record.steps import queries as steps
from kith.record.steps.filters import WorkFilter

from .asking import Asking
from .plan import Group

Named = dict[str, str]  # words, and the page they lead to, if any
Row = tuple[Named, list[Listing]]  # a team, worker or duty, and what is due in each window
TILES = {"overdue": "Overdue", "today": "Due today", "soon": "In the next 10 days"}
LONGEST = 10  # rows of a table of counts on the first page: what has most overdue


@dataclass(frozen=True)
class Shown:
    """A group as the page shows it. `how` names the macro that shows its lines."""

    key: str
    how: str
    listing: Listing
    lines: list[Any] = field(default_factory=list)
    sums: tuple[int, ...] = ()  # of a table of counts: each window's, over all its rows
    rows: int = 0  # ... and how many rows it has


def groups(asked: Asking, wanted: tuple[Group, ...]) -> list[Shown]:
    """The groups wanted, in order, those with nothing in them left out. What is due is read once for all of them."""
    windows = _windows(asked) if any(each.source == "window" for each in wanted) else {}
    found = [
        windows.get(each.key) if each.source == "window" else _SOURCES[each.source](asked, each) for each in wanted
    ]
    return [each for each in found if each is not None and each.listing.count]


def totals(asked: Asking, sums: tuple[int, ...]) -> list[Listing]:
    """Overdue, due today and due soon for all that is looked at, from the sums of a table of counts."""
    return [
        _due_listing(asked, title, {"state": state}, count)
        for (state, title), count in zip(TILES.items(), sums, strict=True)
    ]


def _windows(asked: Asking) -> dict[str, Shown]:
    found = deadlines.windows(asked.viewer, asked.due, on=asked.on, first=asked.first)
    return {
        state: Shown(
            key=state,
            how="due",
            listing=_due_listing(asked, TILES[state], {"state": state}, window.count),
            lines=due.lines(window.rows, on=asked.on),
        )
        for state, window in found.items()
    }


def _due_listing(asked: Asking, title: str, more: dict[str, Any], count: int) -> Listing:
    filters = asked.due.address() | more
    return Listing(title, filters, count, reverse("deadlines:list"))


def _due(asked: Asking, group: Group) -> Shown:
    chosen = DueFilter(**asked.filled(group.filters))  # type: ignore[arg-type]
    found = deadlines.first_few(asked.viewer, chosen, on=asked.on, first=asked.first)
    listing = Listing(group.title, chosen.address(), found.count, reverse("deadlines:list"))
    return Shown(group.key, "due", listing, due.lines(found.rows, on=asked.on))


def _work(asked: Asking, group: Group) -> Shown:
    chosen = WorkFilter(**asked.filled(group.filters))  # type: ignore[arg-type]
    found = steps.first_few(asked.viewer, chosen, first=asked.first)
    listing = Listing(group.title, chosen.address(), found.count, chosen.path)
    return Shown(group.key, "work", listing, [work.line(each) for each in found.rows])


def _running(asked: Asking, group: Group) -> Shown:
    found = periods.first_few(asked.viewer, kind=group.kind, on=asked.on, first=asked.first)
    listing = Listing(group.title, {}, found.count, reverse("worklists:running", args=[group.kind]))
    return Shown(group.key, "running", listing, [running_line(each) for each in found.rows])


def running_line(period: Any) -> dict[str, Any]:
    """One period as a line: whose, what, and since when."""
    return {
        "child": {"words": period.person.name, "url": f"/children/{period.person_id}/"},
        "what": name_of(period.kind, period.code),
        "since": period.started_on,
        "at": period.started_at,
    }


def _promises(asked: Asking, group: Group) -> Shown:
    filters = asked.filled(group.filters)
    first, count = promises.first_few(asked.viewer, filters, on=asked.on, first=asked.first)
    listing = Listing(group.title, filters, count, reverse("promises:list"))
    return Shown(
        group.key, "promises", listing, said.rows(first, on=asked.on, steps=promises.steps_of(asked.viewer, first))
    )


def _emergencies(asked: Asking, group: Group) -> Shown:
    """What others opened in an emergency, for this viewer to look at; all of it, since it is hers alone to do."""
    rows = list(emergencies.waiting(asked.viewer, on=asked.on))
    listing = Listing(group.title, {}, len(rows), reverse("break_glass:list"))
    return Shown(group.key, "emergencies", listing, emergencies.lines(asked.viewer, rows[: asked.first]))


def _returns(asked: Asking, group: Group) -> Shown:
    """What is late, or due soon, for the authority itself; nothing for whoever may not see returns."""
    found = duties.late_or_soon(asked.viewer, on=asked.on)
    listing = Listing(group.title, {"which": "now"}, len(found), reverse("returns:due"))
    return Shown(group.key, "returns", listing, found[: asked.first])


def _counts(asked: Asking, group: Group) -> Shown:
    """A table of counts; of teams only those with most overdue, since a service may have a hundred."""
    found = tally(asked, by=group.by)
    lines = found.lines(LONGEST if group.by == "team" else None)
    listing = Listing(group.title, {}, sum(found.sums), reverse("worklists:teams") if group.by == "team" else "")
    return Shown(group.key, "counts", listing, lines, found.sums, len(found.rows))


@dataclass(frozen=True)
class Tally:
    """What is due for each team, worker or duty: those with most overdue first."""

    asked: Asking
    by: str
    rows: list[dict[str, Any]]
    names: dict[Any, str]

    @property
    def sums(self) -> tuple[int, ...]:
        """Overdue, due today and due soon, over all the rows."""
        return tuple(sum(row[state] for row in self.rows) for state in TILES)

    def lines(self, first: int | None = None) -> list[Row]:
        """The first rows (None: all of them) in words, each count with the list it opens."""
        return [_count_row(self.asked, self.by, row, self.names) for row in self.rows[:first]]

    @property
    def cells(self) -> dict[Any, list[Listing]]:
        """The counts of each row, by the number of its team or worker (None: nobody's) or the name of its duty."""
        column = _column(self.by)
        return {row[column]: cells for row, (_, cells) in zip(self.rows, self.lines(), strict=True)}


def tally(asked: Asking, *, by: str) -> Tally:
    """What is overdue, due today and due soon for each team, worker or duty."""
    column = _column(by)
    rows = deadlines.counted(asked.viewer, asked.due, on=asked.on, by=(column,))
    names = _names(
        asked, by, [row[column] for row in rows]
    )  # asked for apart: joined, every deadline would be looked up
    return Tally(asked, by, sorted(rows, key=lambda row: (-row["overdue"], names.get(row[column], ""))), names)


def _column(by: str) -> str:
    return "rule" if by == "rule" else f"{by}_id"


def _names(asked: Asking, by: str, found: list[Any]) -> dict[Any, str]:
    if by == "rule":
        return {rule: title_of(rule) for rule in found}
    return names_of(workers=found) if by == "worker" else team_names(asked.viewer)


def _count_row(asked: Asking, by: str, row: dict[str, Any], names: dict[Any, str]) -> Row:
    url = ""
    if by == "rule":
        name, chosen = names[row["rule"]], {"rule": row["rule"]}
    elif number := row[f"{by}_id"]:
        name, chosen, url = names[number], {by: str(number)}, _page_of(asked, by, number)
    else:
        name, chosen = f"No {by} named", {by: NOBODY}
    cells = [
        _due_listing(asked, f"{title}: {name}", chosen | {"state": state}, row[state]) for state, title in TILES.items()
    ]
    return {"words": name, "url": url}, cells


def _page_of(asked: Asking, by: str, number: int) -> str:
    """A team's own day; a worker's Today, within the team looked at."""
    if by == "team":
        return reverse("worklists:team", args=[number])
    return address(reverse("worklists:today"), {"team": asked.team, "worker": number})


_SOURCES: dict[str, Callable[[Asking, Group], Shown]] = {
    "work": _work,
    "due": _due,
    "running": _running,
    "promises": _promises,
    "counts": _counts,
    "emergencies": _emergencies,
    "returns": _returns,
}
