"""The job that reads uploaded files into the record."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from kith.foundation.jobs import progress
from kith.foundation.jobs.reading import reading
from kith.statutory.returns.reading import read

from . import actions
from .models import Load


def folder(load: int) -> Path:
    """Where the files of a load are put until they are read."""
    return Path(settings.UPLOADS) / str(load)


def key(load: int) -> str:
    """What the progress of a load is kept under."""
    return f"load-{load}"


@task()
def load_uploaded(load: int) -> None:
    """Read the files of a load and store what they say, all of it or nothing; the files are then taken away."""
    found = Load.objects.get(pk=load)

    def refuse(sentence: str) -> None:
        actions.refuse(load=found, sentence=sentence, at=timezone.now())

    with reading(key=key(load), folder=folder(load), refuse=refuse) as told:
        _load(found, told)


def _load(found: Load, told: progress.Step) -> None:
    actions.reading_begins(load=found)
    files = sorted(folder(found.pk).iterdir())
    what = read(files, progress=lambda words, share: told(words, 0.3 * share))
    actions.store(
        reading=what,
        load=found,
        at=timezone.now(),
        by=found.by_id,
        progress=lambda words, share: told(words, 0.3 + 0.7 * share),
    )
