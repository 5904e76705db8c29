"""The rules of the Annex A lists. Nobody publishes any: these are what the lists ask, and that they agree."""

from __future__ import annotations

import tomllib
from pathlib import Path

import polars as pl

from kith.statutory.returns.annex_a.headings import CHOICES, SPECS
from kith.statutory.returns.lookups import CHILD, has, of, own
from kith.statutory.returns.rule_shapes import filled, in_order, required, together, when, written
from kith.statutory.returns.rules import QUERY, RuleBook, Rules, rules_of

_SAID = tomllib.loads((Path(__file__).parent / "rules.toml").read_text(encoding="utf-8"))
ODD = "odd:"  # with a field's name: whether its answer is none of those the list offers


def _heading(table: str, field: str) -> str:
    """The field's heading, as the list has it."""
    return next(each.also[0] for each in SPECS[table].fields if each.name == field)


def _code(table: str, field: str, what: str) -> str:
    return f"{table.removeprefix('List ')}.{field}.{what}"


def _of_list(table: str) -> Rules:
    pen, said = rules_of(table), _SAID[table]
    for field in said["given"]:
        pen(_code(table, field, "given"), f"{table} gives “{_heading(table, field)}”.", field, required(field))
    for field in (each.name for each in SPECS[table].fields if each.kind == "date"):
        unread = when(written(field).is_not_null() & pl.col(field).is_null())
        pen(_code(table, field, "date"), f"“{_heading(table, field)}” in {table} is a date.", field, unread)
    for field in CHOICES[table]:
        odd = when(filled(f"text:{field}") & pl.col(f"{ODD}{field}"))
        sentence = f"“{_heading(table, field)}” in {table} is one of the answers that the list offers."
        pen(_code(table, field, "choice"), sentence, field, odd)
    for first, then in said.get("order", ()):
        sentence = f"In {table}, “{_heading(table, then)}” does not come before “{_heading(table, first)}”."
        pen(_code(table, then, f"after_{first}"), sentence, f"{first} {then}", in_order(first, then))
    for a, b in said.get("together", ()):
        sentence = f"In {table}, “{_heading(table, a)}” and “{_heading(table, b)}” are both given, or neither."
        pen(_code(table, a, f"with_{b}"), sentence, f"{a} {b}", together(a, b))
    if said.get("one_row"):
        twice = when(filled("child") & own(table, pl.col("child").is_duplicated()))
        pen(_code(table, "child", "once"), f"A child is in {table} once.", "child", twice)
    return pen


def _agreeing() -> list[Rules]:
    """What the lists say of one child, compared: one birth date, and each child in the list they come from."""
    pens: list[Rules] = []
    for table in SPECS:
        if table in ("List 3", "List 11") or "birth_date" not in SPECS[table].columns:
            continue
        pen = rules_of(table)
        there = of("List 3", "birth_date")
        differs = when((pl.col("birth_date") != there).fill_null(False))
        sentence = f"A child's date of birth in {table} is the one in List 3."
        pen(_code(table, "birth_date", "agrees"), sentence, "birth_date", differs)
        pens.append(pen)
    plans = rules_of("List 7")
    going_on = pl.col("end_date").is_null() & pl.col(CHILD).is_not_null()
    plans(
        "7.child.in_need",
        "A child on a child protection plan is a child in need, in List 6.",
        "child",
        when(going_on & ~has("List 6")),
        severity=QUERY,
    )
    adoption = rules_of("List 10")
    waiting = pl.col("adoption_date").is_null() & pl.col("reversed_date").is_null() & pl.col(CHILD).is_not_null()
    adoption(
        "10.child.in_care",
        "A child for whom adoption is the plan is looked after, in List 8.",
        "child",
        when(waiting & ~has("List 8")),
        severity=QUERY,
    )
    return [*pens, plans, adoption]


BOOK = RuleBook("annex_a", [*(_of_list(table) for table in SPECS), *_agreeing()])
"""Every rule of the eleven lists, the same in every year."""
