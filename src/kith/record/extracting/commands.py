"""`kith build`: a statutory return, built of the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from kith.foundation.jobs.console import bar, plainly
from kith.statutory.returns.building import RETURNS, Asked, Return

AS = "--as data_officer@riverside.example"
EXAMPLES = f"""
\b
Examples:
  kith build ssd extract/ {AS} --why "Weekly extract"
  kith build ssd march/ --on 2026-03-31 {AS} --why "The year's end"
  kith build cin CIN_2026.xml --year 2026 --authority 999 {AS} --why "The census"
  kith build api-payload today/ --last yesterday/ {AS} --why "Daily records"
  kith build --help
"""


@click.group(epilog=EXAMPLES)
def build() -> None:
    """Build a statutory return of the record, for somebody who may, and for a reason: both are in the history.

    Everybody is in it. Of those who are hidden from whoever builds it, it tells only what is counted; where somebody
    shielded is, it tells nobody who may not know. Ends with 0, or with 2 when it was refused.
    """


def _command(of: Return) -> click.Command:
    """The command that builds one return."""

    def run(to: Path, email: str, why: str, on: datetime | None = None, year: int | None = None, **asked: Any) -> None:
        day = date(year, 3, 31) if year else on.date() if on else None
        earlier = day if of.earlier else None
        _run(of, to=to, email=email, why=why, on=None if earlier else day, earlier=earlier, **asked)

    command: Callable[..., Any] = plainly(run)
    for option in _options(of):
        command = option(command)
    command = click.argument("to", metavar=of.to, type=click.Path(path_type=Path))(command)
    return click.command(of.key, help=f"{of.title}, built of the record.", epilog=_example(of))(command)


def _options(of: Return) -> list[Callable[..., Any]]:
    found = [
        click.option("--why", required=True, metavar="WORDS", help="What it is built for."),
        click.option("--as", "email", required=True, metavar="EMAIL", help="Who builds it: somebody who may."),
    ]
    if of.of_a_year:
        words = "The year whose 31 March ends the collection."
        found.append(click.option("--year", required=True, type=click.IntRange(2017, 2100), help=words))
    elif of.of_a_day or of.earlier:
        words = "The day it tells of; today if not given."
        if of.earlier:
            words = "Tell the record as it stood at the end of this day, by the days in it; as it stands if not given."
        found.append(click.option("--on", type=click.DateTime(["%Y-%m-%d"]), help=words))
    if of.authority:
        words = "The authority's number with the Department for Education, three figures."
        found.append(click.option("--authority", required=True, metavar="CODE", help=words))
    if of.daily:
        folder = click.Path(exists=True, file_okay=False, path_type=Path)
        words = "The folder built last time: only what is new, changed or gone since is in this one."
        found.append(click.option("--last", type=folder, metavar="FOLDER", help=words))
        found.append(
            click.option("--child", default="", metavar="ID", help="One child's record alone, by the child's id.")
        )
    if of.located:
        file = click.Path(exists=True, dir_okay=False, path_type=Path)
        found.append(
            click.option("--postcodes", type=file, help="The directory of postcodes, as CSV: where homes lie.")
        )
        found.append(click.option("--authority", metavar="CODE", default="", help="The authority's code in it."))
    return found


def _example(of: Return) -> str:
    more = (" --year 2026" if of.of_a_year else "") + (" --authority 999" if of.authority else "")
    return f'\b\nExample:\n  kith build {of.key} {of.example} {AS} --why "For the return"{more}'


def _run(of: Return, *, to: Path, email: str, why: str, on: date | None, **more: Any) -> None:
    import django

    django.setup()
    from django.utils import timezone

    from . import actions, queries

    viewer = queries.builder(email=email)
    asked = Asked(on=on or timezone.localdate(), at=timezone.localtime(), **more)
    with bar() as progress:
        made = actions.build(viewer=viewer, of=of, to=to, asked=asked, purpose=why, progress=progress)
    click.echo(f"{of.title}: {len(made.files):,} files, of {made.rows:,} rows of the record, in {to}.")
    for note in made.notes:
        click.echo(f"Note: {note}")


for _each in RETURNS:
    build.add_command(_command(_each))

commands: list[click.Command] = [build]
