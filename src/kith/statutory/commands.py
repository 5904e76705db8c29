"""The clocks on the command line: one due day and its counting, or every deadline of a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import click
import polars as pl

from kith.statutory.returns.reading import read
from kith.statutory.returns.ssd import journeys
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.returns.ssd.journeys import untold
from kith.statutory.timescales.clocks import deadlines as run_clocks
from kith.statutory.timescales.coverage import judgeable
from kith.statutory.timescales.fact_words import fact_in_words
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import Rule
from kith.statutory.timescales.why import Why, why
from kith.vocabulary.errors import KithError
from kith.vocabulary.holidays_file import Differences, differences, read_holidays
from kith.vocabulary.hours import LONDON, in_london
from kith.vocabulary.spreadsheets import safe_table
from kith.vocabulary.working_days import england

_EXAMPLES_DUE = """
\b
Examples:
  kith due assessment_complete 2026-03-02
  kith due assessment_complete 2026-03-02 --why
  kith due rhi_completed "2026-03-28 23:30" --why
  kith due short_break_visit 2026-03-02 --cycle 2
  kith due --list
"""
_EXAMPLES_DEADLINES = """
\b
Examples:
  kith deadlines extract/ --on 2026-06-30 --out deadlines.csv
  kith deadlines census.xml --on 2026-03-31 --out deadlines.parquet
"""

_EXAMPLES_HOLIDAYS = """
\b
Examples:
  kith holidays bank-holidays.json
"""


@click.command("due", epilog=_EXAMPLES_DUE)
@click.argument("rule", required=False)
@click.argument("opened", required=False, metavar="DATE")
@click.option("--why", "show_why", is_flag=True, help="Show the counting, the days left out, and the source.")
@click.option("--cycle", default=1, show_default=True, help="Which interval, for a rule whose later ones differ.")
@click.option("--list", "list_rules", is_flag=True, help="List every rule, and those that wait for a fact.")
def due(rule: str | None, opened: str | None, show_why: bool, cycle: int, list_rules: bool) -> None:
    """Print the day that RULE falls due when it opens on DATE (YYYY-MM-DD, or "YYYY-MM-DD HH:MM" in London)."""
    if list_rules:
        click.echo("\n".join(_listing()))
        return
    if rule is None or opened is None:
        raise click.UsageError("Give a rule and a date, such as: kith due assessment_complete 2026-03-02")
    try:
        found = _why(rule, opened, cycle)
    except KithError as error:
        raise click.ClickException(str(error)) from error
    click.echo(_iso(found))
    if show_why:
        click.echo("\n".join(found.lines))


@click.command("deadlines", epilog=_EXAMPLES_DEADLINES)
@click.argument("dataset", type=click.Path(exists=True, path_type=Path))
@click.option("--on", "on_text", required=True, metavar="DATE", help="The day to judge by, YYYY-MM-DD.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Where to write: .csv or .parquet.")
def deadlines(dataset: Path, on_text: str, out: Path) -> None:
    """Write every deadline in DATASET, as it stands on a day.

    DATASET is a folder of Standard Safeguarding Dataset or SSDA903 files, a CIN census file or an Annex A workbook: it
    is recognised by what it holds.
    """
    if out.suffix not in (".csv", ".parquet"):
        raise click.UsageError("--out must end in .csv or .parquet.")
    on, _ = _moment(on_text)
    try:
        reading = read([dataset])
    except KithError as error:
        raise click.ClickException(str(error)) from error
    rows, not_judged = deadlines_of(reading.dataset, on=on)
    safe_table(rows).write_csv(out) if out.suffix == ".csv" else rows.write_parquet(out)
    click.echo(f"{rows.height:,} deadlines on {on} written to {out}.")
    for note in _reported(reading.rows_in - reading.rows_read, untold(reading.dataset), not_judged):
        click.echo(note, err=True)


@click.command("holidays", epilog=_EXAMPLES_HOLIDAYS)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def holidays(file: Path) -> None:
    """Compare FILE, GOV.UK's bank-holidays.json, with the bank holidays of England that Kith counts by.

    Ends with 1 when they differ: then mend vocabulary/data/england_bank_holidays.toml, for every count of working days
    over those days is wrong until it is.
    """
    held = england()
    try:
        found = differences(read_holidays(file), held)
    except KithError as error:
        raise click.ClickException(str(error)) from error
    for line in _differing(found):
        click.echo(line)
    if not found.same:
        raise SystemExit(1)


def _differing(found: Differences) -> list[str]:
    lines = [f"Add {day} ({name}): it is a holiday, and is not held." for day, name in found.added]
    lines += [f"Take away {day} ({name}): it is held, and is no holiday." for day, name in found.taken]
    if found.new_years:
        years = ", ".join(str(year) for year in found.new_years)
        lines.append(f"The file goes beyond what is held: {years}.")
    if not lines:
        lines.append(f"The same: {found.years[0]} to {found.years[-1]}.")
    return lines


def deadlines_of(dataset: Dataset, *, on: date) -> tuple[pl.DataFrame, tuple[Rule, ...]]:
    """Every deadline of the dataset on the day, by the rules and the calendar that come with Kith.

    The second part is the rules that the dataset cannot be judged by, because nothing in it could meet them.
    """
    people = dataset.table("ssd_person").select(child="pers_person_id", dob="pers_dob")
    facts = journeys.facts(dataset)
    rules, not_judged = judgeable(rules=rule_book(), facts=facts)
    return run_clocks(facts=facts, rules=rules, calendar=england(), on=on, people=people), not_judged


def _why(rule_id: str, opened: str, cycle: int) -> Why:
    day, moment = _moment(opened)
    rule = rule_book().rule(rule_id, on=day)
    return why(rule=rule, opened_on=day, opened_at=moment, calendar=england(), cycle=cycle)


def _moment(text: str) -> tuple[date, datetime | None]:
    try:
        read = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise click.UsageError(f"“{text}” is not a date. Write it as 2026-03-02, or 2026-03-02 14:30.") from error
    if len(text.strip()) <= len("2026-03-02"):
        return read.date(), None
    placed = read if read.tzinfo else read.replace(tzinfo=LONDON)
    return in_london(placed).date(), placed.astimezone(UTC)


def _iso(found: Why) -> str:
    if found.due_at is None:
        return found.due_on.isoformat()
    return f"{in_london(found.due_at):%Y-%m-%d %H:%M}"


def _listing() -> list[str]:
    book = rule_book()
    running = [f"{rule.id}: {rule.sentence} [{rule.count}; {rule.citation}]" for rule in book]
    waiting = [
        f"{rule.id}: {rule.sentence} [{rule.count}; {rule.citation}]; waits for: "
        + "; ".join(fact_in_words(fact) for fact in rule.waits_for)
        for rule in book.waiting
    ]
    return [*running, *waiting]


def _reported(kept_out: int, untold_rows: Mapping[str, int], not_judged: Sequence[Rule]) -> list[str]:
    notes = [f"{kept_out:,} rows could not be read and were kept out: “kith load” names each."] if kept_out else []
    notes += [f"{count:,} rows of {name} name no child." for name, count in untold_rows.items()]
    if not_judged:
        names = ", ".join(rule.id for rule in not_judged)
        notes.append(f"{len(not_judged)} rules are not judged, because nothing here could meet them: {names}.")
    return notes
