"""`kith load`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kith.foundation.jobs.console import bar, columns, part, plainly
from kith.vocabulary.spreadsheets import TableWriter

if TYPE_CHECKING:
    from kith.statutory.returns.results import Problem, Reading

    from .models import Load

FIRST = 20  # problems shown on the screen; --problems keeps them all
EXAMPLES = """
Examples:

\b
  kith load extract/                      a folder of Standard Safeguarding Dataset CSV files
  kith load census.xml                    a children in need census
  kith load 903/ --problems problems.csv  a folder of SSDA903 CSV files; every row kept out is listed
  kith load "Annex A.xlsx" --as data_officer@riverside.example
"""


@click.command(epilog=EXAMPLES)
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--as", "email", metavar="EMAIL", help="Whose load this is: somebody who may load data.")
@click.option("--problems", "keep", type=click.Path(path_type=Path), help="Write every row kept out to this CSV file.")
@plainly
def load(paths: tuple[Path, ...], email: str | None, keep: Path | None) -> None:
    """Read files from other systems into the record. What they are is told from what they hold.

    Loading the same files twice changes nothing; a newer extract updates and keeps what was known before.
    Ends with 0 when every row was stored, 1 when some were kept out and reported, 2 when a file was refused.
    """
    import django

    django.setup()
    from django.utils import timezone

    from kith.foundation.documents.uploading import told
    from kith.statutory.returns.reading import read

    from . import actions, queries

    by = queries.loader(email=email)
    with bar() as progress:
        reading = read(list(paths), progress=part(progress, 0.0, 0.3))
        stored = actions.load_reading(
            reading=reading,
            files=told(paths),
            at=timezone.now(),
            by=by,
            progress=part(progress, 0.3, 1.0),
        )
    _say(stored, reading)
    if keep:
        _keep(keep, reading.problems)
    sys.exit(1 if reading.problems else 0)


def _say(stored: Load, reading: Reading) -> None:
    from kith.statutory.returns.reading import KINDS

    kept = [
        [name, count["added"], count["changed"], count["unchanged"], count["not_here"]]
        for name, count in stored.tables["kept"].items()
    ]
    came = [[name, each["in"], each["stored"], each["reported"]] for name, each in stored.tables["came"].items()]
    click.echo(f"\nLoad {stored.pk}: {KINDS.get(stored.kind, stored.kind)}")
    click.echo(columns(["What came", "rows in", "stored", "reported"], came))
    click.echo("")
    click.echo(columns(["What is kept", "new", "changed", "as before", "known, not in this"], kept))
    click.echo(f"\n{stored.rows_in:,} rows in = {stored.rows_stored:,} stored + {stored.rows_reported:,} reported.")
    for note in stored.notes:
        click.echo(f"Note: {note}")
    _list(reading.problems)


def _list(problems: tuple[Problem, ...]) -> None:
    for problem in problems[:FIRST]:
        click.echo(str(problem))
    if len(problems) > FIRST:
        click.echo(f"… and {len(problems) - FIRST:,} more. Use --problems FILE to have them all.")


def _keep(path: Path, problems: tuple[Problem, ...]) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as file:
        out = TableWriter(file)
        out.writerow(["file", "line", "field", "message"])
        out.writerows([each.file, each.line or "", each.field or "", each.message] for each in problems)
    click.echo(f"{len(problems):,} problems written to {path}.")


commands: list[click.Command] = [load]
