"""The clocks by themselves: a borough's facts, ten boroughs', one child's, and the reference on a tenth; as ratios.

Processor time, so that a busy machine misleads less; on several cores the engine's wall time is shorter still.
Run alone with: python -m bench.clocks
"""

from __future__ import annotations

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from datetime import date
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from tests.unit.statutory.timescales.reference import Reference

from kith.statutory.returns.ssd import journeys
from kith.statutory.timescales.book import RuleBook
from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.loading import rule_book
from kith.synthetic.borough import build
from kith.vocabulary.school_terms import school_days
from kith.vocabulary.spans import Span
from kith.vocabulary.working_days import england

ON = date(2026, 3, 31)
TIMES_FASTER, GROWTH, CHILD_MS, MEMORY_GB = 30.0, 11.0, 15.0, 4.0
_MILLION = 1_000_000
_CHILDREN = 40


def measured() -> dict[str, float]:
    """Every figure, in one run."""
    dataset = build(on=ON).dataset
    facts = journeys.facts(dataset)
    people = dataset.table("ssd_person").select(child="pers_person_id", dob="pers_dob")
    figures: dict[str, float] = {"facts": facts.height, "children": facts["child"].n_unique()}
    for name, book in (("whole", rule_book().whole), ("running", rule_book())):
        one = _least(lambda book=book: _run(facts, people, book), runs=3)
        figures[f"{name}_rules"] = len(book.rules)
        figures[f"{name}_per_million_s"] = one / facts.height * _MILLION
        figures[f"{name}_reference_per_million_s"] = _reference(facts, people, book)
        figures[f"{name}_times_faster"] = figures[f"{name}_reference_per_million_s"] / figures[f"{name}_per_million_s"]
        figures[f"{name}_one_child_ms"] = _one_child(facts, people, book)
    ten, figures["ten_memory_gb"] = _in_a_process_of_its_own(facts, people)
    figures["ten_growth"] = ten / (figures["whole_per_million_s"] * facts.height / _MILLION)
    return figures


def _in_a_process_of_its_own(facts: pl.DataFrame, people: pl.DataFrame) -> tuple[float, float]:
    """What ten boroughs take, by themselves: their memory is not what building one and the reference have left."""
    with TemporaryDirectory() as folder, ProcessPoolExecutor(1, mp_context=get_context("spawn")) as apart:
        facts.write_ipc(Path(folder) / "facts")
        people.write_ipc(Path(folder) / "people")
        return apart.submit(_ten_boroughs, folder).result()


def _ten_boroughs(folder: str) -> tuple[float, float]:
    """Processor seconds, and the gigabytes of this process at its largest: its facts and what came of them among it."""
    facts, people = (pl.read_ipc(Path(folder) / name) for name in ("facts", "people"))
    many, everybody = _ten(facts, "child", "ref", "span", "parent"), _ten(people, "child")
    first = _seconds(lambda: _run(many, everybody, rule_book().whole))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20  # of one run, which is what somebody waits for
    return min(first, _seconds(lambda: _run(many, everybody, rule_book().whole))), memory


def broken(figures: dict[str, float]) -> list[str]:
    """The gates that do not hold."""
    gates = {
        f"the engine is only {figures['whole_times_faster']:.0f} times as fast as the reference": (
            figures["whole_times_faster"] < TIMES_FASTER
        ),
        f"ten times the facts take {figures['ten_growth']:.1f} times as long": figures["ten_growth"] > GROWTH,
        f"one child costs {figures['running_one_child_ms']:.1f} ms": figures["running_one_child_ms"] >= CHILD_MS,
        f"ten boroughs take {figures['ten_memory_gb']:.1f} GB": figures["ten_memory_gb"] >= MEMORY_GB,
    }
    return [f"clocks: {gate}" for gate, fails in gates.items() if fails]


def words(figures: dict[str, float]) -> list[str]:
    """The figures for the document; nothing when they were never measured."""
    if not figures:
        return []
    lines = ["## The clocks", "", "Processor time of the engine alone, and of the plain reference in Python.", ""]
    for name, what in (("whole", "The whole book"), ("running", "The rules that run in the record")):
        rules, seconds, slow, times, child = (
            figures[f"{name}_{each}"]
            for each in ("rules", "per_million_s", "reference_per_million_s", "times_faster", "one_child_ms")
        )
        lines.append(
            f"- {what}, {rules:.0f} rules: {seconds:.1f} seconds for a million facts, {times:.0f} times as fast as the "
            f"reference ({slow:.0f} seconds); one child {child:.1f} ms."
        )
    lines.append(
        f"- Ten boroughs take {figures['ten_growth']:.1f} times as long as one, "
        f"in {figures['ten_memory_gb']:.1f} GB of memory."
    )
    return [*lines, ""]


def _run(facts: pl.DataFrame, people: pl.DataFrame, book: RuleBook, *, flagged: bool = True) -> pl.DataFrame:
    return deadlines(facts=facts, rules=book, calendar=england(), on=ON, people=people, flagged=flagged)


def _least(work: Callable[[], object], *, runs: int) -> float:
    """The least processor time of a few runs, after one that does not count where there are several."""
    if runs > 1:
        work()
    return min(_seconds(work) for _ in range(runs))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _reference(facts: pl.DataFrame, people: pl.DataFrame, book: RuleBook) -> float:
    """The reference's seconds for a million facts, from every tenth child."""
    children = facts["child"].unique().sort()[::10]
    some = facts.filter(pl.col("child").is_in(children.implode())).to_dicts()
    schools, births = school_days(), dict(people.iter_rows())
    terms, breaks = (_near(spans) for spans in (schools.terms, schools.breaks))
    slow = Reference(book, england().holidays, terms=terms, breaks=breaks)
    return _seconds(lambda: slow.deadlines(some, births, ON)) / len(some) * _MILLION


def _near(spans: Iterable[Span]) -> list[tuple[date, date]]:
    """The terms of the years that the facts lie in, and of some years about them."""
    return [(span.start, span.end or span.start) for span in spans if abs(span.start.year - ON.year) < 30]


def _one_child(facts: pl.DataFrame, people: pl.DataFrame, book: RuleBook) -> float:
    """The median of the milliseconds for one child, as a save works them out, from most facts to fewest."""
    counted = facts.group_by("child").len().sort("len", "child", descending=True)["child"]
    chosen = counted[:: counted.len() // _CHILDREN].to_list()
    own = [(facts.filter(child=child), people.filter(child=child)) for child in chosen]
    return statistics.median(1000 * _least(lambda f=f, p=p: _run(f, p, book, flagged=False), runs=3) for f, p in own)


def _ten(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Ten of the same borough, each with children of its own."""
    return pl.concat(
        [frame.with_columns((pl.lit(f"{n}/") + pl.col(name)).alias(name) for name in names) for n in range(10)]
    )


def main() -> int:
    """Measures, and writes the figures to the file named, or prints them."""
    figures = measured()
    text = json.dumps({"clocks": {name: round(value, 2) for name, value in figures.items()}}, indent=1)
    if sys.argv[1:]:
        Path(sys.argv[1]).write_text(text + "\n", encoding="utf-8")
    print(text)
    print("\n".join(broken(figures)) or "Every gate of the clocks holds.")
    return 1 if broken(figures) else 0


if __name__ == "__main__":
    sys.exit(main())
