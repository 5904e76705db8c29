"""The child that examines one file, with little memory and little time: what it cannot survive is refused.

Run as `python -m kith.foundation.documents.inside`, with what to do as JSON on its standard input. It answers in JSON.
It knows nothing of Django, the database or the keys.
"""

from __future__ import annotations

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

MEMORY = 768 * 1024 * 1024
SECONDS = 20
LARGEST_WRITTEN = 200 * 1024 * 1024
REFUSED = 3


def main() -> int:
    """Examine the file that is asked for; 0 when it may be kept, 3 when it is refused."""
    asked: dict[str, Any] = json.load(sys.stdin)
    limit()
    from .refusal import Refusal

    try:
        answer = examine(asked)
    except Refusal as refusal:
        print(json.dumps({"sentence": refusal.sentence, "mend": refusal.mend}))  # noqa: T201 - the answer
        return REFUSED
    print(json.dumps(answer))  # noqa: T201 - the answer
    return 0


def limit() -> None:
    """So much memory, so much time, so large a file, no other processes, and no dump of what it held."""
    for what, most in (
        (resource.RLIMIT_AS, MEMORY),
        (resource.RLIMIT_CPU, SECONDS),
        (resource.RLIMIT_FSIZE, LARGEST_WRITTEN),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 64),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(5)


def examine(asked: dict[str, Any]) -> dict[str, object]:
    """The examination that `looks` names."""
    path = Path(asked["path"])
    if asked["looks"] == "archive":
        from . import archives

        return archives.examine(path, limits=archives.Limits(**asked.get("limits", {})), holds=asked.get("holds", ""))
    if asked["looks"] == "pdf":
        from . import pdfs

        return pdfs.examine(path)
    if asked["looks"] == "picture":
        from . import pictures

        return pictures.examine(path, format=asked["format"], out=Path(asked["out"]))
    from . import texts

    return texts.examine(path)


if __name__ == "__main__":
    sys.exit(main())
