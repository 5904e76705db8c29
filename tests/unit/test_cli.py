"""The command line: everything is in its help, and every command shows how it is used."""

from __future__ import annotations

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from kith.cli import main


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def test_the_help_names_every_command() -> None:
    said = CliRunner().invoke(main, ["--help"]).output
    assert {"due", "deadlines", "load", "demo", "serve", "migrate"} <= set(main.commands)
    assert all(name in said for name in main.commands)


@pytest.mark.parametrize("path", list(commands(main)), ids=" ".join)
def test_every_command_shows_an_example(path: tuple[str, ...]) -> None:
    said = CliRunner().invoke(main, [*path, "--help"])
    assert said.exit_code == 0
    assert f"kith {path[0]}" in said.output.partition("Example")[2]
