"""Putting a period right: what it was stays in the history; what follows from it moves with it, clocks too."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from kith.record.deadlines.actions import recompute
from kith.record.periods.actions import write
from kith.record.periods.models import Home, Period
from kith.record.steps.actions import ChangedMeanwhile
from kith.statutory.returns.ssd.care_episodes import STAYS
from kith.vocabulary.errors import KithError

from .kinds import KINDS


@transaction.atomic
def change(*, period: Period, version: int, told: Mapping[str, Any]) -> Period:
    """Change a period still at `version`, else ChangedMeanwhile; `told` is what its boxes say, by column.

    KithError where it cannot be so. An episode of care moves the time in care that it is part of; a legal status, the
    episodes that began under it.
    """
    held = Period.objects.select_for_update().get(pk=period.pk)
    if held.version != version:
        raise ChangedMeanwhile("Somebody else changed this while you were writing.", mend="Read theirs first.")
    for _, sentence in wrong(told, timezone.localdate()):
        raise KithError(f"{sentence}.", mend="Check what was entered.")
    was, of_home = held.started_on, {box.column for box in KINDS[held.kind] if box.home}
    of_period = {name: value for name, value in told.items() if name not in of_home}
    if own := {name: value for name, value in told.items() if name in of_home}:
        Home.objects.update_or_create(period=held, defaults=own)
    write(held, of_period)  # a new version, whichever box was changed: the version stands for all of them
    if held.kind == "care_episode":
        _move_care(held, was)
    if held.kind == "legal_status":
        _move_episodes(held.person_id)
    recompute(people=[held.person_id], on=timezone.localdate())
    return held


def wrong(told: Mapping[str, Any], on: date) -> Iterator[tuple[str, str]]:
    """What cannot be, as (the column it is about, a sentence without its stop)."""
    began, ended = told.get("started_on"), told.get("ended_on")
    if "started_on" in told and began is None:
        yield "started_on", "Enter the day it began"
    if began and began > on:
        yield "started_on", "The day it began must be today or before"
    if ended and ended > on:
        yield "ended_on", "The day it ended must be today or before"
    if began and ended and ended < began:
        yield "ended_on", "The day it ended must be the day it began, or after"
    if told.get("end_reason") and not ended:
        yield "ended_on", "Enter the day it ended, or leave out why"


def _move(held: Period, columns: Mapping[str, Any]) -> None:
    """Change what differs; one that stays as it was has no new version."""
    if new := {name: value for name, value in columns.items() if getattr(held, name) != value}:
        write(held, new)


def _move_care(episode: Period, was: date | None) -> None:
    """The time in care lasts from its first episode to its last, and goes on while that is open or only changes.

    One that began before the first episode held keeps its day: the returns of earlier years told that part of it.
    """
    held = Period.objects.select_for_update().filter(voided_at=None)
    care = held.filter(ref=episode.parent, kind="care").first()
    if care is None:
        return
    of_care = held.filter(kind="care_episode", parent=care.ref, started_on__isnull=False)
    episodes = list(of_care.order_by("started_on", "pk"))
    first, last = episodes[0], episodes[-1]
    begun = care.started_on in (None, was) or first.started_on < care.started_on
    goes_on = last.ended_on is None or last.end_reason.startswith(STAYS)
    since = {"started_on": first.started_on, "start_reason": first.start_reason} if begun else {}
    until = (
        {"ended_on": None, "end_reason": ""} if goes_on else {"ended_on": last.ended_on, "end_reason": last.end_reason}
    )
    _move(care, since | until)


def _move_episodes(person: int) -> None:
    """Each episode of care is called by the legal status in force on the day it began, the last of them to begin."""
    hers = Period.objects.filter(person_id=person, voided_at=None, started_on__isnull=False)
    statuses = list(hers.filter(kind="legal_status").order_by("started_on", "code"))
    for episode in hers.filter(kind="care_episode").select_for_update():
        day = episode.started_on
        there = [each for each in statuses if each.started_on <= day <= (each.ended_on or day)]
        _move(episode, {"code": there[-1].code if there else ""})
