"""What commands share: a bar that shows how far they are, and errors said in plain words."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import wraps
from typing import Any

import click

from kith.vocabulary.errors import KithError

REFUSED = 2
STEPS = 1000


def plainly(command: Callable[..., Any]) -> Callable[..., Any]:
    """A command whose refusals are a sentence and what to do about it, and end with code 2."""

    @wraps(command)
    def said(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except KithError as refusal:
            click.echo(f"\n{refusal.sentence}", err=True)
            if refusal.mend:
                click.echo(refusal.mend, err=True)
            sys.exit(REFUSED)

    return said


@contextmanager
def bar() -> Iterator[Callable[[str, float], None]]:
    """A progress bar at a terminal, or a line for each new stage elsewhere; gives what to call with (words, 0 to 1)."""
    if not sys.stderr.isatty():
        yield _lines()
        return
    with click.progressbar(length=STEPS, width=30, file=sys.stderr, item_show_func=lambda words: words or "") as shown:

        def show(words: str, share: float) -> None:
            shown.update(max(0, round(share * STEPS) - shown.pos), words)

        yield show


def _lines() -> Callable[[str, float], None]:
    said: list[str] = []

    def show(words: str, share: float) -> None:
        if words not in said[-1:]:
            said.append(words)
            click.echo(f"{share:4.0%} {words}", err=True)

    return show


def part(progress: Callable[[str, float], None], start: float, end: float) -> Callable[[str, float], None]:
    """A share of a longer piece of work: its 0 is `start` of the whole and its 1 is `end`."""
    return lambda words, share: progress(words, start + (end - start) * share)


def columns(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    """Rows as text in columns: words to the left, numbers to the right."""
    told = [[f"{each:,}" if isinstance(each, int) else str(each) for each in row] for row in (head, *rows)]
    widths = [max(len(row[at]) for row in told) for at in range(len(head))]
    numbers = [all(isinstance(row[at], int) for row in rows) for at in range(len(head))]
    lines = []
    for row in told:
        cells = zip(row, widths, numbers, strict=True)
        lines.append("  ".join(each.rjust(width) if number else each.ljust(width) for each, width, number in cells))
    return "\n".join(line.rstrip() for line in lines)
