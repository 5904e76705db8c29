"""How far a job is, and what commands say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kith.foundation.jobs import console, progress
from kith.vocabulary.errors import KithError


@pytest.fixture(autouse=True)
def kept_in_files(settings: Any, tmp_path: Path) -> Path:
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.filebased.FileBasedCache", "LOCATION": tmp_path}
    }
    return tmp_path


def test_progress_is_read_as_it_goes() -> None:
    step = progress.start("load-7")
    assert progress.stage("load-7") == progress.Stage("Waiting to start", 0.0)
    step("Reading", 0.25)
    step("Storing", 0.5)
    assert progress.stage("load-7") == progress.Stage("Storing", 0.5)
    assert progress.stage("load-8") is None


def test_the_end_of_a_job_is_told() -> None:
    progress.start("load-7")
    progress.finish("load-7")
    done = progress.stage("load-7")
    assert done is not None and done.over and done.percent == 100


def test_a_share_outside_0_to_1_is_brought_inside() -> None:
    progress.start("load-7")("Storing", 1.7)
    stage = progress.stage("load-7")
    assert stage is not None and stage.percent == 100


def test_many_steps_of_one_stage_are_not_all_written(monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[object] = []

    class Cache:
        def set(self, *each: object) -> None:
            written.append(each)

    monkeypatch.setattr(progress, "cache", Cache())
    step = progress.start("load-7")
    for number in range(1000):
        step("Storing", number / 1000)
    assert len(written) < 50


def test_another_process_sees_it(kept_in_files: Path) -> None:
    progress.start("load-7")("Storing", 0.5)
    code = (
        "from django.conf import settings\n"
        "settings.configure(CACHES={'default': {'BACKEND': "
        f"'django.core.cache.backends.filebased.FileBasedCache', 'LOCATION': {str(kept_in_files)!r}}}}})\n"
        "from kith.foundation.jobs import progress\n"
        "print(progress.stage('load-7').words)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "Storing"


def test_columns_stand_under_their_heads() -> None:
    told = console.columns(["Table", "rows"], [["people", 1200], ["visits", 7]])
    assert told.splitlines() == ["Table    rows", "people  1,200", "visits      7"]


def test_a_refusal_is_a_sentence_and_what_to_do_and_ends_with_2() -> None:
    import click

    @click.command()
    @console.plainly
    def command() -> None:
        raise KithError("The cupboard is locked.", mend="Ask for the key.")

    said = CliRunner().invoke(command, [])
    assert said.exit_code == 2
    assert said.stderr.split("\n") == ["", "The cupboard is locked.", "Ask for the key.", ""]


def test_away_from_a_terminal_each_stage_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    with console.bar() as show:
        half = console.part(show, 0.5, 1.0)
        show("Reading", 0.0)
        show("Reading", 0.2)
        half("Storing", 0.5)
    assert capsys.readouterr().err.splitlines() == ["  0% Reading", " 75% Storing"]
