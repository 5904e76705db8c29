"""The job that reads how ready the record is for each return, every night."""

from __future__ import annotations

from datetime import time

from django.utils import timezone

from kith.foundation.nights import each_night

from . import readiness


@each_night(at=time(1, 20))
def read_tonight() -> None:
    """Build each return of the record as it stands, and keep of how many children it would be rejected."""
    readiness.read_all(on=timezone.localdate())
