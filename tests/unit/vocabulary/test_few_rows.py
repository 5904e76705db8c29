"""Questions about few rows are answered on the thread that asks, whatever Polars does."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, get_ident
from types import SimpleNamespace

import polars as pl
import pytest

from kith.vocabulary import few_rows
from kith.vocabulary.few_rows import of_few_rows

Work = Callable[[pl.DataFrame], pl.DataFrame]
ROWS = pl.DataFrame({"child": ["a", "b", "a"], "day": [1, 2, 3]})


def asked() -> tuple[int, list[tuple[str, int]]]:
    """The thread, and the answer to some questions of every sort: eager, lazy, joined, grouped."""
    last = ROWS.lazy().group_by("child").agg(pl.col("day").max()).collect()
    both = ROWS.join(last, on="child", suffix="_last").filter(pl.col("day") == pl.col("day_last"))
    return get_ident(), sorted(both.select("child", "day").rows())


def test_the_answers_are_the_same_and_on_this_thread() -> None:
    assert of_few_rows(asked)() == asked() == (get_ident(), [("a", 3), ("b", 2)])
    assert of_few_rows(of_few_rows(asked))() == asked()


def test_what_is_given_reaches_it_once_and_what_it_raises_is_raised() -> None:
    calls = []

    @of_few_rows
    def divided(one: int, *, by: int) -> float:
        """Its own words."""
        calls.append((one, by))
        return one / by

    assert divided(6, by=3) == 2 and divided.__doc__ == "Its own words."
    with pytest.raises(ZeroDivisionError):
        divided(6, by=0)
    assert calls == [(6, 3), (6, 0)]


@pytest.mark.parametrize("stops", [KeyboardInterrupt, SystemExit])
def test_whoever_stops_it_is_heard(stops: type[BaseException]) -> None:
    def stopped() -> None:
        raise stops

    with pytest.raises(stops):
        of_few_rows(stopped)()


def test_many_at_once_do_not_wait_for_each_other() -> None:
    all_within = Barrier(8, timeout=60)  # broken, where one waits for another to be done

    def meeting() -> tuple[int, list[tuple[str, int]]]:
        all_within.wait()
        return asked()

    with ThreadPoolExecutor(8) as threads:
        found = [each.result() for each in [threads.submit(of_few_rows(meeting)) for _ in range(8)]]
    assert all(rows == asked()[1] for _, rows in found)
    assert len({thread for thread, _ in found} - {get_ident()}) == 8


def _elsewhere(work: Work) -> SimpleNamespace:
    def collect(**_: object) -> None:
        with ThreadPoolExecutor(1) as another:
            another.submit(work, pl.DataFrame()).result()

    return SimpleNamespace(collect=collect)


def _twice(work: Work) -> SimpleNamespace:
    return SimpleNamespace(collect=lambda **_: work(work(pl.DataFrame())))


@pytest.mark.parametrize("answers", [_elsewhere, _twice])
def test_it_is_done_once_and_here_where_polars_asks_elsewhere_or_again(
    answers: Callable[[Work], SimpleNamespace], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(few_rows, "_NOTHING", SimpleNamespace(map_batches=answers))
    calls = []

    def work() -> int:
        calls.append(get_ident())
        return get_ident()

    assert of_few_rows(work)() == get_ident()
    assert calls == [get_ident()]
