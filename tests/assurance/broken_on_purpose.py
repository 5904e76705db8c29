"""The service with one of its promises taken out: what the controls of the figures are measured on.

`python -m granian … tests.assurance.broken_on_purpose:application`, with KITH_BROKEN saying which.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from kith.config.wsgi import application as whole

LATE = 1.0  # seconds after its answer that a save is made


def without_versions() -> Callable[..., Any]:
    """Nobody looks which version a form was written against: the last to save wins."""
    from kith.foundation.drafts import actions as drafts
    from kith.record.promises import actions as promises

    drafts.check_version = lambda **_: None  # type: ignore[assignment,misc]

    def same(held: Any, version: int) -> None:
        return None

    promises._check_version = same  # type: ignore[assignment]
    return whole


def answers_first() -> Callable[..., Any]:
    """The answer is sent before the save is kept."""

    def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] != "POST":
            return whole(environ, start_response)
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        later = {key: value for key, value in environ.items() if isinstance(value, str)}
        later |= {"wsgi.input": BytesIO(body), "wsgi.errors": environ["wsgi.errors"], "wsgi.url_scheme": "http"}
        later |= {"wsgi.version": (1, 0), "wsgi.multithread": True, "wsgi.multiprocess": True, "wsgi.run_once": False}
        threading.Thread(target=saves, args=(later,), daemon=True).start()
        start_response("302 Found", [("Location", "/promises/1/"), ("Content-Length", "0")])
        return [b""]

    return application


def saves(environ: dict[str, Any]) -> None:
    """What was answered already is done, later."""
    time.sleep(LATE)
    list(whole(environ, lambda *_: None))


application = {"": lambda: whole, "versions": without_versions, "early": answers_first}[
    os.environ.get("KITH_BROKEN", "")
]()
