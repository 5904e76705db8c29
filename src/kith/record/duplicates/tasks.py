"""The job that looks for likely duplicates each night."""

from __future__ import annotations

from datetime import time

from django.utils import timezone

from kith.foundation.nights import each_night

from . import actions


@each_night(at=time(1, 10))  # after the safeguards are read
def look_tonight() -> None:
    """Look through the record."""
    actions.find_all(on=timezone.localdate())
