"""Processes that start at one moment on a new folder find one secret, and find it whole."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from kith.foundation.sealing.secret_files import put, put_once

AT_ONCE, ROUNDS = 4, 5
HASTE = """
import sys, time
from pathlib import Path
{imports}
path, word = Path(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
sys.stdin.readline()
if not path.exists():
    {puts}
print(path.read_text())
"""
ONCE = HASTE.format(imports="from kith.foundation.sealing.secret_files import put_once", puts="put_once(path, word)")
BROKEN = HASTE.format(imports="", puts="file = path.open('w'); time.sleep(0.2); file.write(word); file.close()")


def read_by_all(code: str, path: Path) -> list[str]:
    """What each of several processes reads that start at one moment."""
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    begun = [
        subprocess.Popen([sys.executable, "-c", code, str(path), f"word-{number}"], **pipes)
        for number in range(AT_ONCE)
    ]
    for each in begun:
        assert each.stdout and each.stdout.readline() == "ready\n"
    for each in begun:
        assert each.stdin
        each.stdin.write("now\n")
        each.stdin.flush()
    return [each.communicate(timeout=60)[0].strip() for each in begun]


def test_all_read_the_word_of_the_first(tmp_path: Path) -> None:
    for number in range(ROUNDS):
        read = read_by_all(ONCE, tmp_path / f"secret-{number}")
        assert len(set(read)) == 1 and read[0].startswith("word-"), read
    assert not list(tmp_path.glob(".*")), "nothing is left beside it"


def test_control_a_file_that_is_opened_and_then_written_is_read_empty_or_twice(tmp_path: Path) -> None:
    rounds = [read_by_all(BROKEN, tmp_path / f"secret-{number}") for number in range(ROUNDS)]
    assert any(len(set(read)) > 1 for read in rounds)


def test_only_its_owner_may_read_it_and_what_is_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret"
    put_once(path, "first")
    assert path.stat().st_mode & 0o777 == 0o600
    put_once(path, "second")
    assert path.read_text() == "first"
    with pytest.raises(FileExistsError):
        put(path, "third", only_if_new=True)
    put(path, "fourth")
    assert path.read_text() == "fourth" and os.listdir(path.parent) == ["secret"]


def test_the_settings_make_one_secret_for_processes_that_start_at_once(tmp_path: Path) -> None:
    asks = "from kith.config import settings; print(settings.SECRET_KEY)"
    env = {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}
    env |= {"KITH_HOME": str(tmp_path)}
    begun = [
        subprocess.Popen([sys.executable, "-W", "ignore", "-c", asks], env=env, stdout=subprocess.PIPE, text=True)
        for _ in range(AT_ONCE)
    ]
    read = {each.communicate(timeout=120)[0].strip() for each in begun}
    assert len(read) == 1 and len(read.pop()) > 50
