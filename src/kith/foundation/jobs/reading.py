"""A job that works on a row: how far it is, what is said when it cannot go on, and no file left lying."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from django.utils import timezone

from kith.foundation.history.actor import Actor, acting
from kith.vocabulary.errors import KithError

from . import lives, progress
from .models import Job

OURS = "Something in Kith itself went wrong, and nothing of these files was kept. Tell whoever looks after Kith here."


@contextmanager
def reading(job: Job, *, by: Actor) -> Iterator[progress.Step]:
    """Inside, a job is under way and its folder is there; afterwards the files are gone, whatever happened.

    Its row says in a sentence why nothing came of it; a fault of our own is raised again after that, and so is being
    told to stop.
    """
    told = progress.start(job.key)
    try:
        with lives.held(job.folder):
            with acting(by):
                lives.begins(job)
            yield told
    except KithError as refused:
        _refuse(job, by, f"{refused.sentence} {refused.mend}".strip())
    except Exception:
        logging.getLogger(__name__).exception("%s failed", job.key)
        _refuse(job, by, OURS)
        raise
    except BaseException:  # the worker is told to end at once
        with acting(by):
            lives.stop(job, at=timezone.now())
        raise
    finally:
        shutil.rmtree(job.folder, ignore_errors=True)
        progress.finish(job.key)


def _refuse(job: Job, by: Actor, sentence: str) -> None:
    with acting(by):
        lives.refuse(job, sentence=sentence, at=timezone.now())
