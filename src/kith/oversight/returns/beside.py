"""What came beside a return, as the rules of the SSDA903 take it: in the folder of a job, a folder for each part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .forms import BESIDE


def files_of(folder: Path, part: str) -> list[Path]:
    """The files of one part."""
    inside = folder / part
    return sorted(inside.iterdir()) if inside.is_dir() else []


def beside_of(folder: Path, said: Mapping[str, Any]) -> dict[str, Any]:
    """What `check_ssda903` is given beside the return; `said` is what a check or a version keeps of it."""
    found: dict[str, Any] = {part: files_of(folder, part) for part in BESIDE}
    return found | {"postcodes": next(iter(found["postcodes"]), None), "authority": said.get("area") or None}
