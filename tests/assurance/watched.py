"""The service as a scanner meets it: each answer is noted, and a session and a proof last as long as the scan does.

`python -m granian … tests.assurance.watched:application`; with KITH_BROKEN=text, one query is put together of what was
sent. A scanner asks for one form longer than a person would, so what ends a session or asks for a proof again waits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any

from kith.config.wsgi import application as whole
from kith.foundation.access import proof
from kith.foundation.accounts import sessions
from tests.assurance.service import NOTES

proof.FRESH = sessions.IDLE = timedelta(hours=12)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The whole service; the status of each answer and where it leads are added to a file of the home."""

    def noted(status: str, headers: list[tuple[str, str]], *more: Any) -> Any:
        leads = next((value for name, value in headers if name.lower() == "location"), "")
        with (Path(os.environ["KITH_HOME"]) / NOTES).open("a") as file:
            file.write(f"{status[:3]} {leads.partition('?')[0]}\n")
        return start_response(status, headers, *more)

    return whole(environ, noted)


def made_of_text() -> None:
    """The control: a number that an address asks for is looked up by what was sent, as a hurried hand might."""
    from django.db import connection

    from kith.foundation.screens import asked

    def number(query: Any, name: str) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT id FROM people_person WHERE id = {query.get(name) or '0'}")
            found = cursor.fetchone()
        return found[0] if found else None

    asked.number = number


if os.environ.get("KITH_BROKEN") == "text":
    made_of_text()
