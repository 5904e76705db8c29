"""The refs of what is recorded in Kith."""

from __future__ import annotations

import time

import pytest

from kith.record.people.recorded import new_ref


def test_a_ref_of_a_later_moment_sorts_after_and_none_is_given_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns()
    refs = []
    for moment in (now, now + 2_000_000, now + 3_600 * 10**9, now + 20 * 365 * 86_400 * 10**9):
        monkeypatch.setattr(time, "time_ns", lambda moment=moment: moment)
        refs.append(new_ref("visit"))
    assert refs == sorted(refs) and all(each.startswith("visit:kith-") for each in refs)
    assert len({new_ref("visit") for _ in range(1_000)}) == 1_000
