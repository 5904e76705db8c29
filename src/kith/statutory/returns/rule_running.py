"""Runs a book of rules over the tables of one return: the rows that fail, the rules that ran, those that could not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kith.statutory.returns.lookups import CHILD, LOOKUPS, THEIRS, Lookup
from kith.statutory.returns.rule_guards import FEW, possible
from kith.statutory.returns.rule_issues import ISSUES, Failing, Issues, whole_return
from kith.statutory.returns.rules import Rule, RuleBook


@dataclass(frozen=True)
class NotRun:
    """A rule of the year that was not run, and why: it `needs` what was not given, or `failed`: it broke as it ran."""

    code: str
    why: str
    failed: bool = False
    needs: str = ""


@dataclass(frozen=True)
class Return:
    """The tables of one return, typed for its rules.

    Each has `_child` (a whole number for each child, empty where the row names none), `_id` (the child's id as it is
    written), `_row` and `_line`, in the order of child and day. A table that was not given is not here. `given` names
    what came beside the return: "last_year", "postcodes" and so on. The name of a table with last year's rows ends in
    "_last". `empty` holds tables with no row, for rules that may do without one. `constants` are columns of one value,
    such as the first and last day of the year.
    """

    kind: str
    year: int
    tables: Mapping[str, pl.DataFrame]
    constants: Mapping[str, date | str | None]
    given: Collection[str] = frozenset()
    empty: Mapping[str, pl.DataFrame] | None = None


@dataclass(frozen=True)
class Outcome:
    """What checking found. `rules` are those that ran."""

    rules: tuple[Rule, ...]
    not_run: tuple[NotRun, ...]
    found: Issues

    @property
    def issues(self) -> pl.DataFrame:
        """All of the issues at once, with the columns of ISSUES; where there may be millions, ask `found` for them."""
        return self.found.frame

    @property
    def failed(self) -> tuple[NotRun, ...]:
        """The rules that were tried and broke: a fault of ours, said as one."""
        return tuple(each for each in self.not_run if each.failed)


_WHY = {
    "last_year": "last year's return was not given.",
    "postcodes": "no postcode directory was given.",
    "providers": "no list of providers was given.",
    "xml": "in CSV tables this flag is worked out, and cannot be wrong.",
    "authority": "which authority returns it is not known.",
}


def run(book: RuleBook, returned: Return) -> Outcome:
    """Every rule of the return's year, over its tables. A rule that breaks is named in `not_run`, and the rest run."""
    workings = _Workings(returned)
    not_run: list[NotRun] = []
    parts: dict[str, list[Rule]] = {}
    ran: dict[str, Rule] = {}
    for rule in book.of_year(returned.year):
        if need := next((each for each in rule.needs if each not in returned.given), ""):
            not_run.append(NotRun(rule.code, _WHY[need], needs=need))
            continue
        tables, why = _runnable(rule, returned)
        if why:
            not_run.append(NotRun(rule.code, why))
            continue
        ran[rule.code] = rule
        for table in tables:
            parts.setdefault(table, []).append(rule)
    found: list[Failing | pl.DataFrame] = []
    for table, rules in parts.items():
        issues, broken = workings.judged(table, rules)
        found += issues
        not_run += broken
        for each in broken:
            ran.pop(each.code, None)
    broke = [each.code for each in not_run if each.failed]
    return Outcome(tuple(ran.values()), tuple(not_run), Issues(found).without(broke))


def _runnable(rule: Rule, returned: Return) -> tuple[list[str], str]:
    """The tables of the rule that can be judged; where there is none, why not."""
    there: list[str] = []
    missing: list[str] = []
    for table in rule.tables:
        absent = [each for each in sorted(rule.reads[table]) if each not in returned.tables]
        lacking = [each for each in absent if each not in rule.optional]
        if table in returned.tables and not lacking:
            there.append(table)
        missing += [each for each in lacking if each not in missing]
    if there:
        return there, ""
    names = " or ".join(each.replace("_last", " of last year") for each in missing)
    return [], f"no table {names} was given."


class _Workings:
    """The tables as they are worked on: columns that rules lookup for are added once, and kept."""

    def __init__(self, returned: Return) -> None:
        self._frames = dict(returned.empty or {}) | dict(returned.tables)
        self._constants = {name: pl.lit(value).alias(name) for name, value in returned.constants.items()}
        self._groups: dict[tuple[str, str], dict[str, pl.DataFrame]] = {}

    def judged(self, table: str, rules: Sequence[Rule]) -> tuple[list[Failing | pl.DataFrame], list[NotRun]]:
        """The rows of a table that fail each rule; rules that break are tried alone, so that only they are lost."""
        try:
            return self._failing(table, rules), []
        except Exception as fault:
            if len(rules) == 1:
                why = f"the rule failed to run ({type(fault).__name__}): this is a fault in Kith, not in the return."
                return [], [NotRun(rules[0].code, why, failed=True)]
        each = [self.judged(table, [rule]) for rule in rules]
        return [part for parts, _ in each for part in parts], [fault for _, faults in each for fault in faults]

    def _failing(self, table: str, rules: Sequence[Rule]) -> list[Failing | pl.DataFrame]:
        there = self._frames[table]
        if there.height and there.height <= FEW:
            may = possible([rule.guards[table] for rule in rules], there.with_columns(self._constants.values()))
            rules = [rule for rule, can in zip(rules, may, strict=True) if can]
        if not (rules and there.height):
            return []
        frame = self._with(table, (name for rule in rules for name in rule.roots[table]))
        marks = frame.with_columns(self._constants.values()).select(rule.marks[table] for rule in rules)
        any_of = marks.select(pl.all().any()).row(0)
        if not any(any_of):
            return []
        of = frame.select("_id", "_row")
        return [
            whole_return(rule.code, table)
            if rule.about_return
            else Failing(rule.code, table, of, marks[rule.code].arg_true())
            for at, rule in enumerate(rules)
            if any_of[at]
        ]

    def _with(self, table: str, names: Iterable[str]) -> pl.DataFrame:
        """The table with every column that these lookup for."""
        frame = self._frames[table]
        wanted = dict.fromkeys(names)
        missing = {name: LOOKUPS[name] for name in wanted if name in LOOKUPS and name not in frame.columns}
        kinds: dict[tuple[str, str, str], dict[str, Lookup]] = {}
        for name, lookup in missing.items():
            kinds.setdefault((lookup.kind, lookup.table, lookup.by), {})[name] = lookup
        for (kind, source, by), lookups in kinds.items():
            getattr(self, f"_add_{kind}")(table, source, by, lookups)
        return self._frames[table]

    def _add_group(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        kept = self._groups.setdefault((source, by), {})
        new = {name: lookup for name, lookup in lookups.items() if name not in kept}
        if new:
            rows = self._with_what(source, new)
            there = rows.filter(pl.col(by).is_not_null()) if rows[by].null_count() else rows
            made = there.group_by(by, maintain_order=True).agg(lookup.expr.alias(name) for name, lookup in new.items())
            kept |= dict.fromkeys(new, made)
        frame = self._frames[table]
        for made in {id(kept[name]): kept[name] for name in lookups}.values():
            names = [name for name in lookups if kept[name] is made and name not in frame.columns]
            told = made if made.width == len(names) + 1 else made.select(by, *names)
            frame = frame.join(told, on=by, how="left", maintain_order="left")
        self._frames[table] = frame

    def _add_total(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        rows = self._with_what(source, lookups)
        made = rows.select(lookup.expr.alias(name) for name, lookup in lookups.items())
        self._frames[table] = self._frames[table].with_columns(
            pl.lit(made[name][0], made[name].dtype).alias(name) for name in made.columns
        )

    def _add_own(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        rows = self._with_what(table, lookups)
        made = rows.select(lookup.expr.alias(name) for name, lookup in lookups.items())
        self._frames[table] = self._frames[table].hstack(made)

    def _add_match(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        mine, theirs = _sides(lookups.values())
        frame, other = self._with(table, mine), self._with(source, theirs)
        left = frame.select("_n", by, *(name for name in mine if name not in {"_n", by, *self._constants}))
        right = other.select(by, *(pl.col(name).alias(THEIRS + name) for name in theirs))
        known = left.filter(pl.col(by).is_not_null()) if left[by].null_count() else left
        pairs = self._with_constants(known.join(right, on=by), lookups)
        met = {name: pairs.filter(lookup.expr.fill_null(False))["_n"].unique() for name, lookup in lookups.items()}
        marks = (pl.col("_n").is_in(found.implode()).alias(name) for name, found in met.items())
        self._frames[table] = self._frames[table].with_columns(marks)

    def _with_what(self, table: str, lookups: Mapping[str, Lookup]) -> pl.DataFrame:
        """The table with every column that these are made of."""
        frame = self._with(table, (name for lookup in lookups.values() for name in lookup.roots))
        return self._with_constants(frame, lookups)

    def _with_constants(self, frame: pl.DataFrame, lookups: Mapping[str, Lookup]) -> pl.DataFrame:
        """The frame with the constants that any of these asks for."""
        asked = {name for lookup in lookups.values() for name in lookup.roots}
        wanted = [each for name, each in self._constants.items() if name in asked]
        return frame.with_columns(wanted) if wanted else frame


def _sides(lookups: Iterable[Lookup]) -> tuple[list[str], list[str]]:
    names = dict.fromkeys(name for lookup in lookups for name in lookup.names)
    mine = [name for name in names if not name.startswith(THEIRS)]
    return mine, [name.removeprefix(THEIRS) for name in names if name.startswith(THEIRS)]


__all__ = ["CHILD", "ISSUES", "NotRun", "Outcome", "Return", "run"]
