"""Two people writing in one meeting: what is saved now, what the second wrote, and saving what was chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts import registry
from kith.foundation.drafts.registry import Answer, Body, Current
from kith.foundation.screens.fields import GovTimeField
from kith.foundation.screens.forms import GovDateField
from kith.foundation.screens.words import in_words
from kith.record.meetings.words import CAME, HELD_HOW
from kith.record.people.queries import children_for
from kith.record.people.shields import hides_places_of
from kith.record.promises.words import agency_words
from kith.vocabulary.texts import whole_number

from . import actions, queries
from .decisions import DECISIONS
from .forms import came_as, moment
from .queries import Meeting

FORM = "strategy_meeting"
MOST_ROWS = 200  # as many as the form takes


def register() -> None:
    """Tell the drafts how a clash over a strategy meeting is shown and saved."""
    registry.register(
        FORM, capability="hold_meeting", title=title, current=current, save=save, read=read, may_see=may_see, veil=veil
    )


def about(pk: int) -> str:
    """What a draft or a clash over a meeting is about."""
    return f"step:{pk}"


def title(*, viewer: Viewer, about: str) -> str:
    """The meeting by its children's names."""
    found = _found(viewer, about)
    return f"Strategy meeting about {in_words(child.name for child in found.children)}" if found else "Strategy meeting"


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether all the children are still open to the writer: of a meeting, or of one about to be called."""
    if about.startswith("child:"):
        child = whole_number(about.removeprefix("child:"))
        return child is not None and children_for(viewer, only=child).filter(pk=child).exists()
    found = _found(viewer, about)
    return found is not None and not found.in_part and not found.veiled


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of shielded children out of a draft."""
    if about.startswith("child:") and may_see(viewer=viewer, about=about):
        return hides_places_of(viewer, [int(about.removeprefix("child:"))])
    found = _found(viewer, about)
    return hides_places_of(viewer, [child.pk for child in found.children]) if found else str


def current(*, viewer: Viewer, about: str) -> Current | None:
    """What is saved now, answer by answer; nothing for somebody who may not read all of it."""
    found = _found(viewer, about)
    if found is None or found.in_part or found.veiled:
        return None
    held = timezone.localtime(found.step.happened_at) if found.step.happened_at else None
    answers = [
        Answer("held_on", "When it was held", found.step.happened_on.isoformat() if found.step.happened_on else ""),
        Answer("held_time", "At what time", f"{held:%H:%M}" if held else ""),
        Answer("held_how", "How it was held", found.detail.held_how, words=HELD_HOW),
        Answer("reason", "What the worry is", found.detail.reason, long=True),
        Answer("information", "What each agency knew and said", found.detail.information, long=True),
        *_decisions(found),
        *_people(found),
    ]
    return Current(found.step.version, tuple(answers), reverse("protection:meeting", args=[found.step.pk]))


def _decisions(found: Meeting) -> list[Answer]:
    return [
        answer
        for part in found.parts
        for answer in (
            Answer(f"outcome-{part.pk}", f"What was decided for {part.person.name}", part.outcome, words=DECISIONS),
            Answer(f"rationale-{part.pk}", f"Why, for {part.person.name}", found.rationale(part), long=True),
        )
    ]


def _people(found: Meeting) -> list[Answer]:
    answers = []
    for row in found.named:
        who = row.name or agency_words(row.agency)
        answers += [
            Answer(f"name-{row.pk}", f"Name, {agency_words(row.agency)}", row.name),
            Answer(f"role-{row.pk}", f"Role of {who}", row.role),
            Answer(f"came-{row.pk}", f"Did {who} come?", row.came, words=CAME),
        ]
    return answers


def read(body: Body) -> dict[str, str]:
    """What a meeting's page posted, as the answers above. New people and promises are not here: they were added."""
    one = {name: values[-1] if values else "" for name, values in body.items()}
    values = {name: one[name] for name in ("held_how", "reason", "information") if name in one}
    for name, text in one.items():
        if name.startswith("child-"):
            _, pk, what = name.split("-", 2)
            values[f"{what}-{pk}"] = text
    for number in range(_rows(one.get("people-INITIAL_FORMS", ""))):
        if pk := one.get(f"people-{number}-row"):
            values |= {f"{what}-{pk}": one.get(f"people-{number}-{what}", "") for what in ("name", "role", "came")}
    return values | _when(one)


def _rows(typed: str) -> int:
    return min(whole_number(typed) or 0, MOST_ROWS)


def _when(one: Mapping[str, str]) -> dict[str, str]:
    typed = tuple(one.get(f"held_on-{part}", "") for part in ("day", "month", "year"))
    day: date | None = GovDateField(required=False).clean(typed if any(typed) else None)
    at: time | None = GovTimeField(required=False).clean(one.get("held_time", ""))
    return {"held_on": day.isoformat() if day else "", "held_time": f"{at:%H:%M}" if at else ""}


def save(*, viewer: Viewer, about: str, values: Mapping[str, str], at: datetime) -> str:
    """Save what was chosen over what is saved now; gives the meeting's page."""
    found = _found(viewer, about)
    if found is None or found.in_part or found.veiled:
        raise Http404("meeting")
    held_on, held_time = _when_held(values)
    words = actions.Words(
        held_on=held_on,
        held_at=moment(held_on, held_time),
        held_how=values["held_how"],
        reason=values["reason"],
        information=values["information"],
        decisions={part.pk: (values[f"outcome-{part.pk}"], values[f"rationale-{part.pk}"]) for part in found.parts},
        people={row.pk: came_as(values, row.pk) for row in found.named},
    )
    me = Worker.objects.get(pk=viewer.worker)
    actions.save(step=found.step, version=found.step.version, by=me, words=words, now=at)
    return reverse("protection:meeting", args=[found.step.pk])


def _when_held(values: Mapping[str, str]) -> tuple[date | None, time | None]:
    return parse_date(values["held_on"]), parse_time(values["held_time"])


def _found(viewer: Viewer, about: str) -> Meeting | None:
    kind, _, pk = about.partition(":")
    number = whole_number(pk)
    if kind != "step" or number is None:
        return None
    try:
        return queries.meeting(viewer, number)
    except Http404:
        return None
