"""How large a file of a return may be."""

from __future__ import annotations

from pathlib import Path

from kith.statutory.returns.results import RefusedFile

LARGEST = 2_000_000_000  # bytes: beyond this a file would not fit beside its tables in an ordinary machine's memory


def refuse_large(path: Path) -> None:
    """Raises RefusedFile for a file that is larger than any return."""
    if path.stat().st_size > LARGEST:
        mend = "Send fewer years, or one table in parts."
        raise RefusedFile("this file is larger than 2 GB.", mend=mend, file=path.name)
