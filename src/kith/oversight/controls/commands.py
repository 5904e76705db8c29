"""`kith controls`: read the safeguards each night, and say on the command line how they stand."""

from __future__ import annotations

from datetime import datetime

import click

from kith.foundation.jobs.console import plainly

EXAMPLES = """
Examples:

\b
  kith controls read                     every safeguard, every day the record holds (kith serve does so each night)
  kith controls read --since 2026-03-01  only the days since then
  kith controls show                     how each one stands today
"""


@click.group(epilog=EXAMPLES)
def controls() -> None:
    """Safeguards that test themselves every day."""
    import django

    django.setup()


@controls.command("read", epilog=EXAMPLES)
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="The first day to read. Left out: the whole story.")
@click.option("--on", "on", type=click.DateTime(["%Y-%m-%d"]), help="Read as on this day. Left out: today.")
@plainly
def read(since: datetime | None, on: datetime | None) -> None:
    """Read every safeguard and keep what was found, day by day, until yesterday."""
    from django.utils import timezone

    from . import actions

    day = on.date() if on else timezone.localdate()
    found = actions.read_all(on=day, since=since.date() if since else None)
    for control, days in found.items():
        click.echo(f"{control}: {days} days read")


@controls.command("show", epilog=EXAMPLES)
@plainly
def show() -> None:
    """Say how each safeguard stands today."""
    from django.utils import timezone

    from . import presenters, queries

    for each in queries.judgements(on=timezone.localdate()):
        said = presenters.card(each)
        click.echo(f"{said['state']['words']}: {each.control.sentence} {said['lately']} {each.verdict.words}")


commands = [controls]
