"""The job that reads uploaded files into the record."""

from __future__ import annotations

from django.utils import timezone
from django_tasks import task

from kith.foundation.jobs import progress
from kith.foundation.jobs.reading import reading
from kith.statutory.returns.reading import read

from . import actions
from .models import Load


@task()
def load_uploaded(load: int) -> None:
    """Read the files of a load and store what they say, all of it or nothing; the files are then taken away."""
    found = Load.objects.get(pk=load)
    with reading(found, by=actions.actor_of(found)) as told:
        _load(found, told)


def _load(found: Load, told: progress.Step) -> None:
    files = sorted(found.folder.iterdir())
    what = read(files, progress=lambda words, share: told(words, 0.3 * share))
    actions.store(
        reading=what,
        load=found,
        at=timezone.now(),
        by=found.by_id,
        progress=lambda words, share: told(words, 0.3 + 0.7 * share),
    )
