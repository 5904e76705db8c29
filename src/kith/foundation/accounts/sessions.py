"""Where sessions are kept: in the database, with whose they are, when they began and when they were last used.

A session ends after IDLE without use, and twelve hours after it began however much it is used.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as InDatabase
from django.db.models import CharField
from django.utils import timezone

from kith.foundation.prepared import Given, Prepared, moment

IDLE = timedelta(minutes=15)
NOTED = timedelta(seconds=30)  # how often being used is written down: a session may end this much early, never late
BEGAN, DEVICE = "began", "device"


@Prepared
def _kept() -> Any:
    rows = SessionStore.get_model_class().objects
    return rows.filter(session_key=Given("key", CharField()), expire_date__gt=moment("now"))


class SessionStore(InDatabase):
    """Django's store, with Kith's table and with an end to what is not used."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> Any:
        """Kith's own table."""
        from .models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row, with what the list of one's own sessions shows."""
        row = super().create_model_instance(data)
        now = timezone.now()
        row.account_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.began_at = datetime.fromisoformat(data[BEGAN]) if data.get(BEGAN) else now
        row.device = str(data.get(DEVICE, ""))[:80]
        row.seen_at = self.seen_at = now
        return row

    def _get_session_from_db(self) -> Any:
        found = _kept.ask(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return None
        row = found[0]
        if timezone.now() - row.seen_at >= IDLE:
            row.delete()
            self._session_key = None
            return None
        self.seen_at = row.seen_at
        return row

    def touch(self, *, now_at_least: bool = False) -> None:
        """It is being used. Written down at most every half minute, in one small statement, unless it must be now."""
        now = timezone.now()
        if self.seen_at is not None and self.session_key and (now_at_least or now - self.seen_at >= NOTED):
            self.model.objects.filter(session_key=self.session_key).update(seen_at=now)
            self.seen_at = now

    def seconds_left(self) -> int:
        """How long it lasts if nobody uses it from now on."""
        now = timezone.now()
        if self.seen_at is None:
            return 0
        return max(0, int(min(IDLE - (now - self.seen_at), self.get_expiry_date() - now).total_seconds()))
