"""A change of the clean SSDA903 return: edits of its rows, or of last year's, moved to the year that is wanted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from kith.synthetic.clean_care import Row, Tables, clean_return, moved

_BASE = 2026


@dataclass(frozen=True)
class Change:
    """Edits, each of a table (last year's where its name ends in "_last"). `also` are the rules that break with it."""

    edits: tuple[Callable[[Tables, int], None], ...]
    also: frozenset[str] = frozenset()
    why: str = ""
    year: int = _BASE


def changed(change: Change) -> tuple[Tables, Tables]:
    """This year's return and last year's, with the edits made."""
    now = clean_return(year=change.year)
    then = clean_return(year=change.year - 1, seen_from=change.year)
    both = now | {f"{name}_last": rows for name, rows in then.items()}
    for name in ("DoLO", "DoLO_last"):
        both.setdefault(name, [])
    for edit in change.edits:
        edit(both, change.year - _BASE)
    return (
        {name: rows for name, rows in both.items() if not name.endswith("_last") and (rows or name in now)},
        {name.removesuffix("_last"): rows for name, rows in both.items() if name.endswith("_last")},
    )


def _moved(fields: Row, years: int) -> Row:
    return {name: moved(value, years) for name, value in fields.items()}


def put(table: str, child: str, at: int = 0, /, **fields: str) -> Callable[[Tables, int], None]:
    """Writes fields into the child's row of that number."""

    def edit(tables: Tables, years: int) -> None:
        [row for row in tables[table] if row["CHILD"] == child][at].update(_moved(fields, years))

    return edit


def add(table: str, child: str, /, **fields: str) -> Callable[[Tables, int], None]:
    """Adds a row for the child, with the date of birth that Header gives."""

    def edit(tables: Tables, years: int) -> None:
        known = next((row["DOB"] for row in tables["Header"] if row["CHILD"] == child), "")
        born = {} if table.startswith("Episodes") else {"DOB": known}
        tables[table].append({"CHILD": child, **born, **_moved(fields, years)})

    return edit


def copy(table: str, child: str, /, **fields: str) -> Callable[[Tables, int], None]:
    """Adds the child's row again, with these fields."""

    def edit(tables: Tables, years: int) -> None:
        row = next(row for row in tables[table] if row["CHILD"] == child)
        tables[table].append(row | _moved(fields, years))

    return edit


def copy_last(table: str, child: str, /, **fields: str) -> Callable[[Tables, int], None]:
    """Adds the child's row of this year to last year's table, with these fields."""

    def edit(tables: Tables, years: int) -> None:
        row = next(row for row in tables[table] if row["CHILD"] == child)
        tables[f"{table}_last"].append(row | _moved(fields, years))

    return edit


def drop(table: str, child: str, at: int | None = None) -> Callable[[Tables, int], None]:
    """Takes away the child's rows, or the one of that number."""

    def edit(tables: Tables, years: int) -> None:
        mine = [row for row in tables[table] if row["CHILD"] == child]
        gone = mine if at is None else [mine[at]]
        tables[table] = [row for row in tables[table] if row not in gone]

    return edit


def born(child: str, day: str) -> Callable[[Tables, int], None]:
    """Gives the child another date of birth, in every table."""

    def edit(tables: Tables, years: int) -> None:
        for rows in tables.values():
            for row in rows:
                if row["CHILD"] == child and "DOB" in row:
                    row["DOB"] = moved(day, years)

    return edit


def of(*edits: Callable[[Tables, int], None], also: str = "", why: str = "", year: int = _BASE) -> Change:
    """A change made of edits."""
    return Change(edits, frozenset(also.split()), why, year)
