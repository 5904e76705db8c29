"""Writing about people: who is barred from a record, the child's own story, the keys a name is found by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from kith.analysis.linkage.name_keys import keys_of_many
from kith.foundation.access.models import Worker
from kith.vocabulary.errors import KithError

from . import ties
from .models import Alias, Barring, NameKey, Person, Story
from .recorded import new_ref

BATCH = 2_000  # people whose keys are made at a time


class StoryChanged(KithError):
    """Somebody else wrote the story after it was opened: the second is told, and nothing is overwritten."""


@dataclass(frozen=True)
class StoryWords:
    """What the child's page says at its top, in the child's words or written to the child."""

    who_i_am: str = ""
    happening_now: str = ""
    worried_about: str = ""
    going_well: str = ""


@transaction.atomic
def write_story(*, person: Person, words: StoryWords, by: Worker, on: date, after: int) -> Story:
    """Add a writing of the story. `after` is the id of the newest when writing began (0: none), and must still be."""
    if story_now(person=person) != after:
        raise StoryChanged("Somebody else wrote this story while you were writing.", mend="Compare the two texts.")
    if not words.who_i_am.strip():
        raise KithError("Who I am is empty.", mend="Write a few words, if only what is not known yet.")
    return Story.objects.create(
        ref=new_ref("story"),
        person=person,
        written_on=on,
        who_i_am=words.who_i_am.strip(),
        happening_now=words.happening_now.strip(),
        worried_about=words.worried_about.strip(),
        going_well=words.going_well.strip(),
        recorded_at=timezone.now(),
        recorded_by=by,
    )


def story_now(*, person: Person) -> int:
    """The id of the newest writing (0: none). The person is locked until the transaction ends: writers take turns."""
    Person.objects.select_for_update().get(pk=person.pk)
    newest = newest_story(person)
    return newest.pk if newest else 0


def newest_story(person: Person) -> Story | None:
    """The writing of the story that is shown."""
    return Story.objects.filter(person__in=ties.of(person)).select_related("recorded_by").order_by("-pk").first()


@transaction.atomic
def bar(*, person: Person, worker: Worker, reason: str, by: Worker) -> Barring:
    """Say that a worker must never see this person. The reason is kept; a worker already barred is refused."""
    if not reason.strip():
        raise KithError("Say why this worker is barred.", mend="A reason is kept with it.")
    if Barring.objects.filter(person=person, worker=worker, ended_on=None).exists():
        raise KithError(f"{worker.name} is already barred from this record.", mend="Choose somebody else.")
    return Barring.objects.create(
        ref=new_ref("barring"),
        person=person,
        worker=worker,
        reason=reason.strip(),
        recorded_at=timezone.now(),
        recorded_by=by,
    )


@transaction.atomic
def unbar(*, barring: Barring, on: date) -> Barring:
    """End a barring. It stays in the record with the day it ended."""
    if barring.ended_on:
        raise KithError("This worker is not barred any more.", mend="Open the page again to see who is.")
    barring.ended_on = on
    barring.version += 1
    barring.save(update_fields=["ended_on", "version"])
    return barring


@transaction.atomic
def rebuild_name_keys(people: Sequence[int] | None = None) -> int:
    """Make the keys of these people's names and aliases anew (None: everybody's); gives how many there are."""
    ids = list(Person.objects.values_list("pk", flat=True)) if people is None else list(people)
    return sum(_rebuild(ids[start : start + BATCH]) for start in range(0, len(ids), BATCH))


def _rebuild(ids: list[int]) -> int:
    NameKey.objects.filter(person_id__in=ids).delete()
    names = list(_names(ids))
    keys = keys_of_many((forename, surname) for _, forename, surname in names)
    wanted = dict.fromkeys((pk, *pair) for pk, forename, surname in names for pair in keys[(forename, surname)])
    rows = [NameKey(person_id=pk, kind=kind, key=key) for pk, kind, key in wanted]
    NameKey.objects.bulk_create(rows, batch_size=5_000)
    return len(rows)


def _names(ids: list[int]) -> Iterable[tuple[int, str, str]]:
    """Every name of these people as (id, forename, surname): their own, what they are known as, and their aliases."""
    for pk, forename, surname, known_as in Person.objects.filter(pk__in=ids).values_list(
        "pk", "forename", "surname", "known_as"
    ):
        yield pk, forename, surname
        if known_as:
            yield pk, known_as, surname
    yield from Alias.objects.filter(person_id__in=ids).values_list("person_id", "forename", "surname")
