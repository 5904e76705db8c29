"""Passwords known from a breach."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.checks import run_checks
from django.core.exceptions import ValidationError
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from hypothesis import strategies as st

from kith.foundation.accounts.breached import BreachedPasswordValidator, listed

KNOWN = [f"a breached password {number}" for number in range(500)]


def written(path: Path, passwords: list[str]) -> Path:
    """A list as it is given out."""
    rows = sorted(hashlib.sha1(each.encode()).hexdigest().upper() for each in passwords)
    path.write_text("".join(f"{row}:{number + 1}\r\n" for number, row in enumerate(rows)))
    return path


def test_every_password_of_the_list_is_refused_and_no_other(tmp_path: Path, settings: Any) -> None:
    path = written(tmp_path / "list.txt", KNOWN)
    settings.BREACHED_PASSWORDS = str(path)
    for password in KNOWN:
        with pytest.raises(ValidationError, match="known from a breach"):
            BreachedPasswordValidator().validate(password)
    for number in range(500):
        BreachedPasswordValidator().validate(f"a password of one's own {number}")


@trying(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(passwords=st.lists(st.text(min_size=1, max_size=5), min_size=1, max_size=9), asked=st.text(max_size=5))
def test_it_is_found_wherever_it_stands(passwords: list[str], asked: str, tmp_path: Path) -> None:
    path = written(tmp_path / "few.txt", passwords)
    assert all(listed(each, path) for each in passwords)
    assert listed(asked, path) == (asked in passwords)


def test_whoever_chooses_a_password_is_told(tmp_path: Path, settings: Any) -> None:
    settings.BREACHED_PASSWORDS = str(written(tmp_path / "list.txt", KNOWN))
    with pytest.raises(ValidationError, match="known from a breach"):
        validate_password(KNOWN[7])
    settings.BREACHED_PASSWORDS = ""
    validate_password(KNOWN[7])


@pytest.mark.parametrize("content", [None, "", "password\n123456\n"])
def test_start_up_refuses_what_is_no_such_list(content: str | None, tmp_path: Path, settings: Any) -> None:
    path = tmp_path / "list.txt"
    if content is not None:
        path.write_text(content)
    settings.BREACHED_PASSWORDS = str(path)
    found = [each for each in run_checks() if each.id.startswith("accounts.E00")]
    assert len(found) == 1
    assert "KITH_BREACHED_PASSWORDS" in found[0].hint
    settings.BREACHED_PASSWORDS = str(written(path, KNOWN))
    assert not [each for each in run_checks() if each.id.startswith("accounts.E00")]
