"""Runs a book of rules over the tables of one return: the rows that fail, the rules that ran, those that could not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from kith.statutory.returns.lookups import CHILD, LOOKUPS, THEIRS, Lookup, roots
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
        absent = [each for each in sorted(rule.reads(table)) if each not in returned.tables]
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
        self._constants = [pl.lit(value).alias(name) for name, value in returned.constants.items()]
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
        tests = [rule.parts[table] for rule in rules]
        if not self._frames[table].height:
            return []
        frame = self._with(table, tests)
        marks = frame.with_columns(self._constants).select(
            test.fill_null(False).alias(str(at)) for at, test in enumerate(tests)
        )
        any_of = marks.select(pl.all().any()).row(0)
        of = frame.select("_id", "_row")
        return [
            whole_return(rule.code, table)
            if rule.about_return
            else Failing(rule.code, table, of, marks[str(at)].arg_true())
            for at, rule in enumerate(rules)
            if any_of[at]
        ]

    def _with(self, table: str, exprs: Iterable[pl.Expr]) -> pl.DataFrame:
        """The table with every column that the expressions lookup for."""
        frame = self._frames[table]
        wanted = dict.fromkeys(name for expr in exprs for name in roots(expr))
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
            rows = self._with(source, [lookup.expr for lookup in new.values()]).with_columns(self._constants)
            there = rows.filter(pl.col(by).is_not_null())
            made = there.group_by(by, maintain_order=True).agg(lookup.expr.alias(name) for name, lookup in new.items())
            kept |= dict.fromkeys(new, made)
        frame = self._frames[table]
        for made in {id(kept[name]): kept[name] for name in lookups}.values():
            names = [name for name in lookups if kept[name] is made and name not in frame.columns]
            frame = frame.join(made.select(by, *names), on=by, how="left", maintain_order="left")
        self._frames[table] = frame

    def _add_total(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        rows = self._with(source, [lookup.expr for lookup in lookups.values()]).with_columns(self._constants)
        made = rows.select(lookup.expr.alias(name) for name, lookup in lookups.items())
        self._frames[table] = self._frames[table].with_columns(
            pl.lit(made[name][0], made[name].dtype).alias(name) for name in made.columns
        )

    def _add_own(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        rows = self._with(table, [lookup.expr for lookup in lookups.values()]).with_columns(self._constants)
        made = rows.select(lookup.expr.alias(name) for name, lookup in lookups.items())
        self._frames[table] = self._frames[table].hstack(made)

    def _add_match(self, table: str, source: str, by: str, lookups: Mapping[str, Lookup]) -> None:
        mine, theirs = _sides(lookups.values())
        frame = self._with(table, [pl.col(name) for name in mine])
        other = self._with(source, [pl.col(name) for name in theirs])
        constants = {each.meta.output_name() for each in self._constants}
        left = frame.select("_n", by, *(name for name in mine if name not in {"_n", by, *constants}))
        right = other.select(by, *(pl.col(name).alias(THEIRS + name) for name in theirs))
        pairs = left.filter(pl.col(by).is_not_null()).join(right, on=by).with_columns(self._constants)
        for name, lookup in lookups.items():
            met = pairs.filter(lookup.expr.fill_null(False))["_n"].unique()
            mark = pl.col("_n").is_in(met.implode()).alias(name)
            self._frames[table] = self._frames[table].with_columns(mark)


def _sides(lookups: Iterable[Lookup]) -> tuple[list[str], list[str]]:
    names = dict.fromkeys(name for lookup in lookups for name in lookup.expr.meta.root_names())
    mine = [name for name in names if not name.startswith(THEIRS)]
    return mine, [name.removeprefix(THEIRS) for name in names if name.startswith(THEIRS)]


__all__ = ["CHILD", "ISSUES", "NotRun", "Outcome", "Return", "run"]
