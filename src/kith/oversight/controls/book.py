"""The controls that come with Kith, read once from their files."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from kith.analysis.controls.loading import read_controls
from kith.analysis.controls.shapes import Control


@cache
def book() -> dict[str, Control]:
    """Every control by its id. Raises ControlFileError when a file is wrong."""
    folder = files("kith.oversight.controls").joinpath("data")
    return read_controls(
        {item.name: item.read_text(encoding="utf-8") for item in folder.iterdir() if item.name.endswith(".toml")}
    )
