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

from .forms import STORY_LABELS

FORM = "story"


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
    child = children_for(viewer).get(pk=int(about))
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
    return children_for(viewer).filter(pk=int(about)).first() if about.isascii() and about.isdigit() else None


def register_story() -> None:
    """Let the drafts know of the story."""
    register(FORM, capability="write_story", title=title, current=current, save=save, may_see=may_see, veil=veil)
