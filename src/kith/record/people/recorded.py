"""What every row that is recorded in Kith begins with: a ref of its own, when it was recorded, and by whom."""

from __future__ import annotations

import secrets
import time
import uuid
from datetime import datetime
from typing import Any

from django.utils import timezone

from kith.foundation.access.models import Worker


def new_ref(kind: str) -> str:
    """The ref of a row that is about to be recorded here: "promise:kith-…". One of a later moment sorts after it.

    Of two on one day whose hour nobody said, the clocks take the lesser ref: so the one recorded first stays what met
    them, and the second moves nothing.
    """
    return f"{kind}:kith-{time.time_ns() // 1_000_000:011x}{secrets.token_hex(4)}"


def new_person_ref() -> str:
    """The ref of a record begun in Kith.

    What follows "person:" is the person's id in every return, and the returns allow twenty letters and digits.
    """
    return f"person:kith{uuid.uuid4().hex[:12]}"


def as_recorded(
    kind: str, *, by: Worker | None = None, at: datetime | None = None, load: int | None = None
) -> dict[str, Any]:
    """The columns of `Recorded` for a new row of this kind; `at` is now where it is not said."""
    ref = new_person_ref() if kind == "person" else new_ref(kind)
    return {"ref": ref, "recorded_at": at or timezone.now(), "recorded_by": by, "load": load}
