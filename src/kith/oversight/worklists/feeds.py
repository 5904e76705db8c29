"""Making, finding and ending the secret address of a worker's calendar."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from kith.foundation.access.models import Account
from kith.foundation.access.viewer import Viewer, viewer_for

from .models import Feed

BYTES = 32  # of chance in an address: it cannot be guessed, however often it is tried


@transaction.atomic
def make(*, worker: int, at: datetime) -> str:
    """A new address, in place of the one before; gives its secret, which is shown once and kept nowhere."""
    end(worker=worker, at=at)
    secret = secrets.token_urlsafe(BYTES)
    Feed.objects.create(worker_id=worker, digest=_digest(secret), made_at=at)
    return secret


def end(*, worker: int, at: datetime) -> int:
    """End this worker's address; gives how many there were: none or one."""
    rows = list(Feed.objects.filter(worker_id=worker, ended_at=None))
    for row in rows:
        row.ended_at = at
        row.save(update_fields=["ended_at"])
    return len(rows)


def of_worker(worker: int | None) -> Feed | None:
    """The address that this worker has now."""
    return Feed.objects.filter(worker_id=worker, ended_at=None).first()


def viewer_of(secret: str) -> Viewer | None:
    """Whose calendar this is, as they may see things today; nobody when it was ended, or they may see nothing.

    A closed account and a post that has ended end the calendar too.
    """
    feed = Feed.objects.filter(digest=_digest(secret), ended_at=None).first()
    account = Account.objects.filter(worker_id=feed.worker_id, is_active=True).first() if feed else None
    viewer = viewer_for(account) if account else None
    return viewer if viewer and viewer.may("see_today") else None


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
