"""The job that reads uploaded files into the record."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django_tasks import task

from kith.foundation.jobs import progress
from kith.statutory.returns.reading import read
from kith.vocabulary.errors import KithError

from . import actions
from .models import Load

OURS = "Something in Kith itself went wrong, and nothing of these files was kept. Tell whoever looks after Kith here."


def folder(load: int) -> Path:
    """Where the files of a load are put until they are read."""
    return Path(settings.UPLOADS) / str(load)


def key(load: int) -> str:
    """What the progress of a load is kept under."""
    return f"load-{load}"


@task()
def load_uploaded(load: int) -> None:
    """Read the files of a load and store what they say, all of it or nothing; the files are then taken away."""
    told = progress.start(key(load))
    found = Load.objects.get(pk=load)
    try:
        _load(found, told)
    except KithError as refused:
        actions.refuse(load=found, sentence=f"{refused.sentence} {refused.mend}".strip(), at=timezone.now())
    except Exception:
        logging.getLogger(__name__).exception("load %s failed", load)
        actions.refuse(load=found, sentence=OURS, at=timezone.now())
        raise
    finally:
        shutil.rmtree(folder(load), ignore_errors=True)
        progress.finish(key(load))


def _load(found: Load, told: progress.Step) -> None:
    actions.reading_begins(load=found)
    files = sorted(folder(found.pk).iterdir())
    reading = read(files, progress=lambda words, share: told(words, 0.3 * share))
    actions.store(
        reading=reading,
        load=found,
        at=timezone.now(),
        by=found.by_id,
        progress=lambda words, share: told(words, 0.3 + 0.7 * share),
    )
