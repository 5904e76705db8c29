"""`kith keys`: made once, renewed while people work, checked, and never taken away while something needs them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kith.config.keys import keys
from kith.foundation.sealing import holders, seal, sealed_with, unseal
from kith.foundation.sealing.keyring import keyring, made, write


class Drawer:
    """Something that holds sealed values."""

    name = "drawer"

    def __init__(self, *values: bytes) -> None:
        self.values = list(values)

    def heads(self) -> list[bytes]:
        return self.values

    def renew(self) -> int:
        self.values = [holders.rewrap(each) for each in self.values]
        return len(self.values)


@pytest.fixture
def drawer(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, db: None) -> Drawer:
    """One sealed value, held under keys of this test's own."""
    settings.KEYS = tmp_path / "keys"
    held = Drawer(seal(b"words", place="drawer|1|text"))
    monkeypatch.setattr(holders, "_holders", {"drawer": held})
    return held


def run(*words: str, **env: str) -> Result:
    return CliRunner().invoke(keys, words, env=env)


def test_keys_are_made_where_the_setting_says_and_only_once(tmp_path: Path) -> None:
    where = tmp_path / "safe" / "keys"
    assert run("make", KITH_KEYS="").exit_code == 2
    assert run("make", KITH_KEYS=str(where)).exit_code == 0
    first = where.read_text()
    again = run("make", KITH_KEYS=str(where))
    assert again.exit_code == 2 and "already" in again.output
    assert where.read_text() == first


def test_new_keys_reach_what_is_sealed_and_the_old_one_can_then_go(drawer: Drawer) -> None:
    old = keyring().current
    kept = run("retire", old)
    assert kept.exit_code == 2 and "still opens" in kept.output
    rotated = run("rotate")
    assert rotated.exit_code == 0 and "drawer: 1" in rotated.output
    assert sealed_with(drawer.values[0]) == keyring().current != old
    assert run("check").exit_code == 0
    assert run("retire", old).exit_code == 0
    assert list(keyring().wrapping) == [keyring().current]
    assert unseal(drawer.values[0], place="drawer|1|text") == b"words"


def test_a_key_that_is_not_here_is_named(drawer: Drawer) -> None:
    lost = keyring().current
    assert run("check").exit_code == 0
    write(drawer_path(), made())
    said = run("check")
    assert said.exit_code == 2 and lost in said.output and "not here" in said.output


def drawer_path() -> Path:
    from django.conf import settings

    return Path(settings.KEYS)


def test_production_does_not_start_until_it_is_told_where_the_keys_lie(tmp_path: Path) -> None:
    env = os.environ | {"KITH_PRODUCTION": "1", "KITH_SECRET_KEY": "k" * 50, "KITH_HOME": str(tmp_path)}
    without = {name: value for name, value in env.items() if name != "KITH_KEYS"}
    for given, starts in ((without, False), (env | {"KITH_KEYS": str(tmp_path / "keys")}, True)):
        started = subprocess.run(
            [sys.executable, "-c", "import kith.config.settings"], env=given, capture_output=True, text=True
        )
        assert (started.returncode == 0) is starts, started.stderr
        assert ("KITH_KEYS is not set" in started.stderr) is not starts
