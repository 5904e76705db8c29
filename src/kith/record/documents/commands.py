"""`kith documents`: whether what the rows name is on the disk, and the other way round."""

from __future__ import annotations

import click

from kith.foundation.jobs.console import plainly
from kith.vocabulary.errors import KithError

SHOWN = 20


@click.group(epilog="\b\nExample:\n  kith documents check")
def documents() -> None:
    """The documents of children, as they lie on the disk."""


@documents.command(epilog="\b\nExample:\n  kith documents check --open")
@click.option("--open", "opening", is_flag=True, help="Open each as well, which takes as long as reading them all.")
@plainly
def check(opening: bool) -> None:
    """Say which documents are missing from the disk, do not open, or are named by no row. Takes nothing away."""
    import django

    django.setup()
    from kith.foundation.documents import storage
    from kith.foundation.sealing import CannotOpen

    from .actions import orphans

    strays, missing = orphans()
    spoilt = []
    for name in storage.every() if opening else ():
        try:
            storage.get(name)
        except CannotOpen:
            spoilt.append(name)
    left = storage.left_over()
    click.echo(f"{len(list(storage.every())):,} documents are on the disk.")
    click.echo(f"{len(strays):,} of them no row names, and {len(left):,} are half written: a save that was broken off.")
    for words, names in (("are not on the disk", missing), ("do not open", spoilt)):
        if names:
            some = ", ".join(names[:SHOWN])
            raise KithError(f"{len(names):,} documents {words}: {some}.", mend="Put them back from a copy.")


commands: list[click.Command] = [documents]
