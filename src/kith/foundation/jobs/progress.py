"""How far a job is, kept beside the database so that it can be read while the job's transaction is still open."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache

KEPT_FOR = 24 * 60 * 60  # seconds
Step = Callable[[str, float], None]
OFTEN = 0.25  # seconds between two writings of the same stage


@dataclass(frozen=True)
class Stage:
    """What a job is doing now. `share` is from 0 to 1; `over` says that it has ended, well or not."""

    words: str
    share: float
    over: bool = False

    @property
    def percent(self) -> int:
        """The share in a hundred, whole."""
        return round(100 * self.share)


def start(key: str) -> Step:
    """Begin to tell how far the job `key` is; gives what to call with (words, share)."""
    cache.set(_place(key), Stage("Waiting to start", 0.0), KEPT_FOR)
    last: list[tuple[str, float]] = []

    def step(words: str, share: float) -> None:
        now = time.monotonic()
        if last and last[0][0] == words and now - last[0][1] < OFTEN:
            return
        last[:] = [(words, now)]
        cache.set(_place(key), Stage(words, min(max(share, 0.0), 1.0)), KEPT_FOR)

    return step


def finish(key: str) -> None:
    """The job has ended: its own rows say how."""
    cache.set(_place(key), Stage("Done", 1.0, over=True), KEPT_FOR)


def stage(key: str) -> Stage | None:
    """Where the job is; None when nothing has been told of it."""
    found = cache.get(_place(key))
    return found if isinstance(found, Stage) else None


def _place(key: str) -> str:
    return f"job-{key}"
