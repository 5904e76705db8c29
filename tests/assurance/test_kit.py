"""The kit itself: a figure without a control that fails is void, whatever it measured."""

from __future__ import annotations

import json
from pathlib import Path

import figures
import pytest

from tests.assurance import kit
from tests.assurance.kit import ASKED, Figure, Missed, Void


def sound() -> Figure:
    figure = Figure("T5", seed=5)
    figure.none("lost", found=0, of=300)
    figure.control("no check", failed=True, said="7 lost")
    return figure


def test_a_sound_figure_passes() -> None:
    sound().judge()


def test_a_zero_carries_its_bound_and_a_find_does_not() -> None:
    figure = sound()
    figure.none("found", found=2, of=300)
    assert [each.bound for each in figure.measures] == [0.01, None]
    with pytest.raises(Missed, match="found: 2 of 300"):
        figure.judge()


def test_a_control_that_does_not_fail_makes_the_figure_void() -> None:
    figure = sound()
    figure.control("broken, and nothing noticed", failed=False, said="0 lost")
    with pytest.raises(Void, match="did not fail: broken, and nothing noticed"):
        figure.judge()


def test_a_figure_with_no_control_or_no_measure_is_void() -> None:
    bare = Figure("T5", seed=5)
    with pytest.raises(Void, match="measured nothing; it has no control"):
        bare.judge()
    bare.at_most("gap", 1.0, gate=5)
    with pytest.raises(Void, match="no control"):
        bare.judge()


def test_nothing_tried_does_not_hold() -> None:
    figure = Figure("T5", seed=5)
    figure.none("lost", found=0, of=0)
    figure.all("kept", found=0, of=0)
    assert [each.held for each in figure.measures] == [False, False]


@pytest.mark.parametrize(("found", "held"), [(5.0, True), (5.1, False)])
def test_a_number_is_held_to_its_gate(found: float, held: bool) -> None:
    figure = Figure("T5", seed=5)
    figure.at_most("gap", found, gate=5)
    figure.at_least("F1", -found, gate=-5)
    assert [each.held for each in figure.measures] == [held, held]


def test_a_figure_that_nobody_asked_for_is_refused() -> None:
    with pytest.raises(KeyError, match="T999"), kit.measuring("T999", seed=1):
        pass


def test_a_figure_that_breaks_off_is_written_as_not_held(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kit, "FULL", True)
    monkeypatch.setattr(kit, "ROOT", tmp_path)
    with pytest.raises(ZeroDivisionError), kit.measuring("T5", seed=5) as figure:
        figure.none("lost", found=0, of=300)
        figure.control("no check", failed=True, said="7 lost")
        _ = 1 // 0
    [path] = (tmp_path / "assurance" / "results").glob("t05-*.json")
    said = json.loads(path.read_text())
    assert (said["held"], said["troubles"]) == (False, ["it broke off: ZeroDivisionError"])


def test_the_page_names_what_was_not_measured_and_what_does_not_hold(db: None, tmp_path: Path) -> None:
    good, bad = sound(), sound()
    bad.part = "without"
    bad.control("nothing noticed", failed=False, said="0 lost")
    for each in (good, bad):
        kit.write(each, seconds=3, folder=tmp_path)
    page = figures.page(results=tmp_path)
    assert "**Holds**" in page and "**Void**: its control did not fail: nothing noticed" in page
    assert "lost: 0 of 300 (under 1 in 100)" in page
    assert "Not measured yet: " in page and "T6" in page.partition("Not measured yet: ")[2].splitlines()[0]
    assert "Not measured yet: T5" not in page


def test_the_page_names_the_parts_that_were_not_measured(db: None, tmp_path: Path) -> None:
    part = sound()
    part.part = "roles 2 of 3"
    kit.write(part, seconds=3, folder=tmp_path)
    page, engine = figures.page(results=tmp_path), kit._engine()
    named = page.partition("Not measured yet: ")[2].splitlines()[0]
    assert f"{part.key} (roles 1 of 3 on {engine}), {part.key} (roles 3 of 3 on {engine})" in named
    assert "roles 2 of 3" not in named and "holds, as far as measured" in page


def test_the_published_page_is_what_the_results_say() -> None:
    assert (kit.ROOT / "docs" / "generated" / "assurance.md").read_text() == figures.page()


def test_the_page_says_how_long_a_whole_run_took(tmp_path: Path) -> None:
    assert "in one run" not in figures.page(results=tmp_path)
    (tmp_path / figures.WHOLE).write_text('{"minutes": 70, "pace": 0.5, "day": "2026-11-23"}')
    page = figures.page(results=tmp_path)
    assert "All of them in one run took 70 minutes on 2026-11-23" in page and "was 0.50:\n35 at pace 1" in page


def test_every_figure_asked_for_says_what_it_needs() -> None:
    assert {"T5", "T7", "T10", "T15", "T21", "T27"} <= set(ASKED)
    assert all(set(row) == {"title", "says", "gate", "control"} for row in ASKED.values())
