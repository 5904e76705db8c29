"""Two people writing one child's story: how the drafts' clash page reads it and saves what was chosen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.urls import reverse
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.access.viewer import Viewer
from kith.foundation.drafts.registry import Answer, Current, Values, register
from kith.record.people.actions import StoryWords, newest_story, write_story
from kith.record.people.models import Person
from kith.record.people.queries import children_for
from kith.record.people.shields import hides_places_of
from kith.record.steps.models import Part
from kith.record.steps.queries import parts_for
from kith.vocabulary.errors import KithError
from kith.vocabulary.texts import whole_number

from .actions import make_significant
from .forms import STORY_LABELS

FORM, SIGNIFICANT = "story", "significant"


def title(*, viewer: Viewer, about: str) -> str:
    """Whose story it is."""
    child = _child(viewer, about)
    return f"The story of {child.name}" if child else "A child’s story"


def current(*, viewer: Viewer, about: str) -> Current | None:
    """The story as it stands, or nothing where the viewer may not see the child."""
    child = _child(viewer, about)
    if child is None:
        return None
    newest = newest_story(child)
    return Current(
        version=newest.pk if newest else 0,
        answers=tuple(
            Answer(name, label, getattr(newest, name, ""), long=True) for name, label in STORY_LABELS.items()
        ),
        url=reverse("chronology:child", args=[child.pk]),
        by=newest.recorded_by.name if newest and newest.recorded_by else "",
        at=newest.recorded_at if newest else None,
    )


def save(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    """Write the chosen words as the newest story."""
    child = children_for(viewer, only=int(about)).get(pk=int(about))
    newest = newest_story(child)
    write_story(
        person=child,
        words=StoryWords(**{name: values.get(name, "") for name in STORY_LABELS}),
        by=Worker.objects.get(pk=viewer.worker),
        on=timezone.localdate(at),
        after=newest.pk if newest else 0,
    )
    return reverse("chronology:child", args=[child.pk])


def may_see(*, viewer: Viewer, about: str) -> bool:
    """Whether a draft of this story may be named in its author's list: not once the author is barred."""
    return _child(viewer, about) is not None


def veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    """What takes the places of a shielded child out of a draft."""
    child = _child(viewer, about)
    return hides_places_of(viewer, [child.pk]) if child else str


def _child(viewer: Viewer, about: str) -> Person | None:
    pk = whole_number(about)
    return children_for(viewer, only=pk).filter(pk=pk).first() if pk is not None else None


def register_story() -> None:
    """Let the drafts know of the story."""
    register(FORM, capability="write_story", title=title, current=current, save=save, may_see=may_see, veil=veil)
    register(
        SIGNIFICANT,
        capability="write_story",
        title=_event_title,
        current=_event,
        save=_save_event,
        may_see=lambda *, viewer, about: _part(viewer, about) is not None,
        veil=_event_veil,
    )


def _event_title(*, viewer: Viewer, about: str) -> str:
    part = _part(viewer, about)
    return f"An event in the life of {part.person.name}" if part else "An event in a child’s life"


def _event_veil(*, viewer: Viewer, about: str) -> Callable[[str], str]:
    part = _part(viewer, about)
    return hides_places_of(viewer, [part.person_id]) if part else str


def _event(*, viewer: Viewer, about: str) -> Current | None:
    part = _part(viewer, about)
    if part is None:
        return None
    if hides_places_of(viewer, [part.person_id])(part.impact) != part.impact:
        return None  # a text without its places must not be saved over the whole one
    impact = Answer("impact", "What this meant for the child", part.impact, long=True)
    return Current(part.version, (impact,), reverse("chronology:record", args=[part.person_id]))


def _save_event(*, viewer: Viewer, about: str, values: Values, at: datetime) -> str:
    part = _part(viewer, about)
    if part is None:
        raise KithError("This is not open to you.")
    by = Worker.objects.get(pk=viewer.worker)
    make_significant(part=part, version=part.version, impact=values["impact"], by=by)
    return reverse("chronology:record", args=[part.person_id])


def _part(viewer: Viewer, about: str) -> Part | None:
    return parts_for(viewer).filter(pk=whole_number(about)).select_related("step", "person").first()
