"""`kith duplicates`: look for records that may be of one person. It joins nothing."""

from __future__ import annotations

import click

from kith.foundation.jobs.console import plainly

EXAMPLES = """
Examples:

\b
  kith duplicates          look now (kith serve does so each night); the pages then show the pairs
"""


@click.command(epilog=EXAMPLES)
@plainly
def duplicates() -> None:
    """Look for records that may be of one person. People decide: two of them, and nothing is joined here."""
    import django

    django.setup()
    from django.utils import timezone

    from . import actions

    found = actions.find_all(on=timezone.localdate())
    click.echo(f"{found} pairs that may be one person and that nobody has decided.")


commands = [duplicates]
