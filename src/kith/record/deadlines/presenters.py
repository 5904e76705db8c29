"""Deadlines in words and links, for pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.urls import reverse
from django.utils import timezone

from kith.foundation.access.viewer import Viewer
from kith.foundation.screens.lists import Listing
from kith.foundation.screens.words import days_words, nice_date, nice_moment
from kith.record.people.models import Person
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.why import Why, why
from kith.vocabulary.working_days import england

from .duties import title_of, unless
from .filters import DueFilter, in_week
from .local import local_book
from .models import Deadline
from .openings import Named, named
from .queries import state_of

_NEVER = datetime.max.replace(tzinfo=UTC)
STATE_WORDS = {
    "met": ("Done in time", "green"),
    "met_late": ("Done late", "orange"),
    "not_required": ("Not required", "grey"),
    "ended": ("No longer needed", "grey"),
    "overdue": ("Late", "red"),
    "due_soon": ("Due soon", "blue"),
    "not_due": ("Not due yet", "grey"),
}


@dataclass(frozen=True)
class DueLine:
    """One deadline as a line of a list."""

    child: str
    child_url: str
    duty: str
    due_on: date
    due_at: datetime | None
    done_on: date | None
    owner: str
    why_url: str
    state: str
    ended: bool
    excused: bool  # said to be not required
    ahead: str  # the forward view: from when it will be late, and unless what
    passed: bool  # its hour has gone by today: the day is not over, and it is late all the same


def line(deadline: Deadline, *, on: date) -> DueLine:
    """A line; its worker and team must have been read with it."""
    return DueLine(
        child=deadline.person.name,
        child_url=page_of(deadline.person),
        duty=title_of(deadline.rule),
        due_on=deadline.due_on,
        due_at=deadline.due_at,
        done_on=deadline.met_on,
        owner=owner_of(deadline),
        why_url=reverse("deadlines:why", args=[deadline.pk]),
        state=state_of(deadline, on=on),
        ended=deadline.ended_on is not None and deadline.met_on is None,
        excused=deadline.excused_on is not None and deadline.met_on is None,
        ahead=forward(deadline, on=on),
        passed=deadline.open and deadline.due_on == on and (deadline.due_at or _NEVER) < timezone.now(),
    )


def forward(deadline: Deadline, *, on: date) -> str:
    """The forward view of what is not late yet: "Late from 5 December 2026 unless by then the child was visited"."""
    if not deadline.open or deadline.due_on < on:
        return ""
    from_when = nice_moment(deadline.due_at) if deadline.due_at else nice_date(deadline.due_on + timedelta(days=1))
    done = unless(deadline.rule)
    return f"Late from {from_when}{f' unless by then {done}' if done else ''}"


def lines(rows: Iterable[Deadline], *, on: date) -> list[DueLine]:
    """Lines, in the order of the rows."""
    return [line(row, on=on) for row in rows]


def week_ahead(asked: DueFilter, count: int, *, on: date) -> Listing:
    """The forward view of a list: how many of it will be late within a week unless they are done."""
    by = nice_date(on + timedelta(days=7))
    return Listing(
        f"will be late by {by} unless done", in_week(asked, on=on).address(), count, reverse("deadlines:list")
    )


def page_of(person: Person) -> str:
    """The page of the child, or of the grown-up."""
    return person.page


def owner_of(deadline: Deadline) -> str:
    """Who it falls to: the worker, else the team, else nobody, which is said."""
    if deadline.worker:
        return deadline.worker.name
    return f"{deadline.team.name} (nobody named)" if deadline.team else "Nobody yet"


@dataclass(frozen=True)
class WhyPage:
    """All that the page on one deadline says."""

    line: DueLine
    counting: Why | None
    facts: list[tuple[str, object]]
    left_out: list[str]
    state: tuple[str, str]
    may_explain: bool
    may_excuse: bool


def why_page(deadline: Deadline, *, viewer: Viewer, on: date) -> WhyPage:
    """The counting of one deadline in words: opened by what, counted how, due when, met by what."""
    names = named(viewer, [deadline.opened_by, deadline.met_by])
    rule = _rule_of(deadline)
    counting = _counting(deadline, rule, names.get(deadline.opened_by))
    late = deadline.late or (deadline.open and deadline.due_on < on)
    return WhyPage(
        line=line(deadline, on=on),
        counting=counting,
        facts=_facts(deadline, rule, counting, names, on),
        left_out=_left_out(counting),
        state=STATE_WORDS[state_of(deadline, on=on)],
        may_explain=late and viewer.may("say_why_late"),
        may_excuse=deadline.open and viewer.may("say_not_required"),
    )


def _rule_of(deadline: Deadline) -> Rule | None:
    found = [each for each in local_book().rules if each.id == deadline.rule]
    exact = [each for each in found if each.version == deadline.rule_version]
    return (exact or found or [None])[0]


def _counting(deadline: Deadline, rule: Rule | None, opening: Named | None) -> Why | None:
    """The counting; none when the rule has left the book, which the page then says."""
    if rule is None:
        return None
    return why(
        rule=rule,
        opened_on=deadline.opened_on,
        opened_at=deadline.opened_at,
        opened_fact=_fact_of(rule, opening),
        cycle=deadline.cycle,
        calendar=england(),
        due_on=deadline.due_on,
    )


def _counted(counting: Why, deadline: Deadline) -> str:
    """The count and where it starts: that day or moment, or the other fact that decided."""
    if counting.counted_from:
        way = "before" if counting.direction == "back" else "from"
        return f"{counting.count} {way} the day when {counting.counted_from}"
    return f"{counting.count} from that {'moment' if deadline.due_at else 'day'}"


def _fact_of(rule: Rule, opening: Named | None) -> str | None:
    """Which of the facts that may open the rule it was: the one of the same kind of step or period."""
    watched = (*rule.opened_by, *rule.completed_by)
    return next((each.fact for each in watched if opening and each.fact.split(".")[0] == opening.kind), None)


def _facts(
    deadline: Deadline, rule: Rule | None, counting: Why | None, names: dict[str, Named], on: date
) -> list[tuple[str, object]]:
    rows: list[tuple[str, object]] = [("Child", {"words": deadline.person.name, "url": page_of(deadline.person)})]
    opened = nice_moment(deadline.opened_at) if deadline.opened_at else nice_date(deadline.opened_on)
    if counting:
        rows.append(("The rule", f"{counting.rule_sentence}."))
        rows.append(("It began", f"{opened}, when {counting.opened}"))
    else:
        rows += [("The rule", "This rule is no longer in use."), ("It began", opened)]
    rows.append(("What began it", _link(names.get(deadline.opened_by))))
    if counting:
        rows.append(("Counting", _counted(counting, deadline)))
    due = nice_moment(deadline.due_at) if deadline.due_at else nice_date(deadline.due_on)
    rows.append(("Due", f"{due}{_how_far(deadline, on)}"))
    if rule and rule.local:
        address = reverse("deadlines:timescale", args=[rule.id])
        rows.append(("Whose number it is", {"words": "The council’s own: what it was, and why", "url": address}))
    if rule and rule.set_by:
        rows.append(("Set by this council", f"From {nice_date(rule.since)}, by {rule.set_by}"))
    rows += _ending(deadline, names)
    rows.append(("Falls to", owner_of(deadline)))
    if counting:
        rows.append(("Source", f"{counting.citation} ({counting.standing})"))
        rows.append(("How far this was checked", counting.checked[:1].upper() + counting.checked[1:]))
    return rows


def _how_far(deadline: Deadline, on: date) -> str:
    return f" ({days_words(deadline.due_on, on).removeprefix('due ')})" if deadline.open else ""


def _ending(deadline: Deadline, names: dict[str, Named]) -> list[tuple[str, object]]:
    if deadline.met_on:
        met = nice_moment(deadline.met_at) if deadline.met_at else nice_date(deadline.met_on)
        rows: list[tuple[str, object]] = [("Done", met)]
        return [*rows, ("What met it", _link(names.get(deadline.met_by)))]
    if deadline.excused_on:
        return [("Not required, said on", nice_date(deadline.excused_on))]
    if deadline.ended_on:
        return [("No longer needed since", nice_date(deadline.ended_on))]
    return []


def _link(found: Named | None) -> object:
    """The name with its link; what this viewer may not open is only said to be in the record."""
    if found is None:
        return "In the record"
    return {"words": found.words, "url": found.url}


def _left_out(counting: Why | None) -> list[str]:
    if counting is None:
        return []
    said = [f"{nice_date(each.day)}: {each.name}" for each in counting.holidays]
    if counting.weekend_days:
        days = "1 weekend day" if counting.weekend_days == 1 else f"{counting.weekend_days} weekend days"
        said.insert(0, days)
    return said
