"""The command line: the core's own commands, and those that the floors above add when they are installed."""

from __future__ import annotations

from importlib.metadata import entry_points

import click

from kith.statutory.checking_commands import check
from kith.statutory.commands import deadlines, due, holidays


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="kith")
def main() -> None:
    """Kith: the record, tracking and assurance system for English children's services."""


main.add_command(due)
main.add_command(deadlines)
main.add_command(holidays)
main.add_command(check)


def _add_commands_from_above() -> None:
    for point in entry_points(group="kith.commands"):
        try:
            register = point.load()
        except ModuleNotFoundError as missing:
            if not (missing.name or "").startswith("django"):
                raise
            continue  # the core alone is installed: its own commands are all there are
        register(main)


_add_commands_from_above()
