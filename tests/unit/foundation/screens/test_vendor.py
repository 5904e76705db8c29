"""What Kith carries of other people's work is what it says it is, and carries no brand of central government."""

from __future__ import annotations

import hashlib
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest

import kith.foundation.screens

STATIC = Path(kith.foundation.screens.__file__).parent / "static/screens"
VENDOR = STATIC / "vendor"
LISTED = tomllib.loads((VENDOR / "vendor.toml").read_text())["file"]
TOOL = Path(__file__).resolve().parents[4] / "tools/vendor.py"
BRAND = re.compile(r"GDS Transport|crown|crest|@font-face", re.IGNORECASE)


@pytest.mark.parametrize("row", LISTED, ids=lambda row: row["file"])
def test_each_vendored_file_is_byte_for_byte_what_was_fetched(row: dict[str, str]) -> None:
    assert hashlib.sha256((VENDOR / row["file"]).read_bytes()).hexdigest() == row["sha256"]
    assert row["licence"] in {"MIT", "0BSD"}


def test_every_file_there_is_listed_and_every_package_has_its_licence() -> None:
    assert {each.name for each in VENDOR.iterdir()} == {row["file"] for row in LISTED} | {"vendor.toml"}
    packages = {row["package"] for row in LISTED}
    licensed = {row["package"] for row in LISTED if row["file"].endswith("LICENCE.txt")}
    assert licensed == packages == {"govuk-frontend", "htmx.org"}


def test_nothing_that_is_served_carries_the_brand_of_central_government() -> None:
    served = [each for each in STATIC.rglob("*") if each.suffix in {".css", ".js", ".svg", ".html"}]
    assert len(served) >= 6
    assert [each.name for each in served if BRAND.search(each.read_text())] == []
    assert [each for each in STATIC.rglob("*") if each.suffix in {".woff", ".woff2", ".png", ".ico"}] == []


def test_a_style_sheet_asks_for_no_file_that_is_not_here() -> None:
    css = (VENDOR / "govuk-frontend.css").read_text() + (STATIC / "kith.css").read_text()
    assert re.findall(r"url\((?!data:)[^)]*\)", css) == []
    assert "sourceMappingURL" not in "".join(each.read_text() for each in VENDOR.iterdir())


def test_taking_off_the_brand_leaves_the_rest_as_it_was() -> None:
    spec = importlib.util.spec_from_file_location("vendor_tool", TOOL)
    assert spec and spec.loader
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/a.woff)}.a{font-family:GDS Transport,arial,sans-serif}"
        "@media print{.b,.govuk-footer__crown{margin:0}}.c{color:red}\n/*# sourceMappingURL=x.map */"
    )
    left = tool.without_brand(css)
    assert not BRAND.search(left)
    assert left.startswith(".a{font-family:system-ui") and left.strip().endswith(".c{color:red}")


def test_our_own_scripts_keep_nothing_in_the_browser() -> None:
    ours = "".join(each.read_text() for each in STATIC.glob("*.js"))
    assert "fetch(" in ours
    assert not re.search(r"localStorage|sessionStorage|indexedDB|document\.cookie|\beval\(", ours)
