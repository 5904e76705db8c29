"""Recording and changing visits: one sitting, a part for each child, and every clock moved in the same transaction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.screens.words import nice_date
from kith.record.people.models import Person
from kith.record.periods.models import Period
from kith.record.steps.actions import PartToRecord, change, change_part, record
from kith.record.steps.models import FormVersion, Part, Step
from kith.vocabulary.errors import KithError

from .plans import plans_of, span_for, why_not

OF_THE_PART = ["seen", "why_not_seen", "seen_alone", "why_not_alone", "bedroom_seen", "said", "letter", "note"]


@dataclass(frozen=True)
class ChildVisited:
    """One child in a visit. Not seen needs a reason; seen, and not alone, needs one too."""

    person: Person
    code: str
    seen: bool
    why_not_seen: str = ""
    seen_alone: bool | None = None
    why_not_alone: str = ""
    bedroom_seen: bool | None = None
    said: str = ""
    letter: str = ""
    note: str = ""

    def detail(self) -> dict[str, Any]:
        """The columns of the visit's part."""
        return {name: value for name, value in asdict(self).items() if name in OF_THE_PART}

    @property
    def outcome(self) -> str:
        """How the visit went for this child, as its part says it."""
        if not self.seen:
            return "not_seen"
        return "seen_alone" if self.seen_alone else "seen"


class NotUnderThatPlan(KithError):
    """A visit was said to be of a kind that the plans of some children on that day do not allow; each in words."""

    children: Mapping[int, str]


@transaction.atomic
def record_visit(
    *,
    children: Sequence[ChildVisited],
    happened_at: datetime,
    where: str,
    by: Worker,
    others: str = "",
    team: int | None = None,
    form: FormVersion | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Step:
    """Record one visit to one child or several. A child who was not seen was not visited: her clock does not move."""
    plans = _checked(children, happened_at)
    code = _code_of(children)
    return record(
        key="visit",
        code=code,
        parts=[_part(each, code, plans) for each in children],
        by=by,
        team_id=team,
        happened_on=timezone.localdate(happened_at),
        happened_at=happened_at,
        done_at=timezone.now(),
        form=form,
        answers=dict(answers or {}),
        detail={"where": where, "others": others},
    )


@transaction.atomic
def change_visit(
    *,
    step: Step,
    version: int,
    children: Sequence[ChildVisited],
    happened_at: datetime,
    where: str | None,
    by: Worker,
    others: str = "",
    answers: Mapping[str, Any] | None = None,
) -> Step:
    """Change a visit still at `version`, else ChangedMeanwhile. Parts of children not named stay as they are.

    No `where` leaves it as it is: whoever changes the rest may not be one who may know it.
    """
    plans = _checked(children, happened_at)
    parts = {part.person_id: part for part in Part.objects.filter(step=step).select_related("step")}
    for each in children:
        new = _part(each, step.code, plans)
        columns = {"code": new.code, "span": new.span, "outcome": new.outcome, "counts": new.counts}
        detail = {name: value for name, value in new.detail.items() if where is not None or name != "where"}
        change_part(part=parts[each.person.pk], by=by, detail=detail, **columns)
    return change(
        step=step,
        version=version,
        by=by,
        detail={"others": others} | ({} if where is None else {"where": where}),
        happened_on=timezone.localdate(happened_at),
        happened_at=happened_at,
        answers=dict(answers or {}),
    )


def _part(child: ChildVisited, code: str, plans: Mapping[int, Mapping[str, Period]]) -> PartToRecord:
    return PartToRecord(
        person=child.person,
        code="" if child.code == code else child.code,
        span=span_for(child.code, plans.get(child.person.pk, {})),
        outcome=child.outcome,
        counts=child.seen,
        detail=child.detail() | {"where": ""},
    )


def _code_of(children: Sequence[ChildVisited]) -> str:
    """The step's code: that of most of the children; of the first, where they are as many."""
    return Counter(each.code for each in children).most_common(1)[0][0] if children else ""


def _checked(children: Sequence[ChildVisited], happened_at: datetime) -> dict[int, dict[str, Period]]:
    """The children's plans on the day of the visit; a visit that could not be as it is said to be is refused."""
    day = timezone.localdate(happened_at)
    if happened_at > timezone.now():
        raise KithError("A visit cannot be recorded before it has happened.", mend="Give the day and time it happened.")
    plans = plans_of([each.person.pk for each in children], on=day)
    for each in children:
        if not each.seen and not each.why_not_seen.strip():
            raise KithError(f"Say why {each.person.name} was not seen.", mend="One sentence is enough.")
    if unfit := {each.person.pk: words for each in children if (words := _unfit(each, plans, day))}:
        error = NotUnderThatPlan(f"{'. '.join(unfit.values())}.", mend="Choose another kind of visit.")
        error.children = unfit
        raise error
    return plans


def _unfit(child: ChildVisited, plans: Mapping[int, Mapping[str, Period]], day: date) -> str:
    lacking = why_not(child.code, plans.get(child.person.pk, {}))
    return f"{child.person.name} was not {lacking} on {nice_date(day)}" if lacking else ""
