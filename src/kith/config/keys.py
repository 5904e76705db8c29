"""`kith keys`: makes, renews and checks the keys that lie outside the database."""

from __future__ import annotations

import os
from pathlib import Path

import click

from kith.foundation.jobs.console import columns, plainly
from kith.vocabulary.errors import KithError

EXAMPLES = """
Examples:

\b
  kith keys make                   make them once, where KITH_KEYS says
  kith keys check                  which keys there are, and what is sealed with each
  kith keys rotate                 make new ones and wrap everything with them; nobody has to stop working
  kith keys retire 1a2b3c4d        take away an old key that nothing is sealed with any more
"""


@click.group(epilog=EXAMPLES)
def keys() -> None:
    """The keys that drafts and documents are sealed with, and the history's heads are signed with."""


@keys.command(epilog="\b\nExample:\n  kith keys make")
@plainly
def make() -> None:
    """Make the keys, where KITH_KEYS says. Keep a copy in a safe: without them nothing that is sealed can be read."""
    from kith.foundation.sealing.keyring import made, write

    if not (named := os.environ.get("KITH_KEYS")):
        raise KithError("KITH_KEYS does not say where the keys are to lie.", mend="Give a path outside the database.")
    try:
        write(Path(named), made(), only_if_new=True)
    except FileExistsError as there:
        raise KithError(f"There are keys at {named} already.", mend="kith keys rotate renews them.") from there
    click.echo(f"The keys are at {named}. Keep a copy in a safe: without them nothing that is sealed can be read.")


@keys.command(epilog="\b\nExample:\n  kith keys rotate")
@plainly
def rotate() -> None:
    """Make new keys and wrap everything that is sealed with them, while people go on working."""
    import django
    from django.conf import settings

    django.setup()
    from kith.foundation.history.actor import Actor, acting
    from kith.foundation.sealing import holders
    from kith.foundation.sealing.keyring import keyring, with_new_keys, write

    before = keyring().current
    write(Path(settings.KEYS), with_new_keys(keyring()))
    for each in holders.holders():
        with acting(Actor(worker=None, role="system", purpose="new keys")):
            click.echo(f"{each.name}: {each.renew():,} wrapped again")
    click.echo(f"The new key is {keyring().current}. When kith keys check shows nothing under {before}, retire it.")


@keys.command(epilog="\b\nExample:\n  kith keys check")
@plainly
def check() -> None:
    """Say which keys there are and how much is sealed with each. Ends with an error when something cannot be opened."""
    import django

    django.setup()
    from kith.foundation.sealing.holders import in_use
    from kith.foundation.sealing.keyring import keyring

    ring, used = keyring(), in_use()
    names = [*ring.wrapping, *sorted({key for counts in used.values() for key in counts} - set(ring.wrapping))]
    rows = [[_said(name, ring), *(f"{counts[name]:,}" for counts in used.values())] for name in names]
    click.echo(columns(["key", *used], rows))
    if lost := [name for name in names if name not in ring.wrapping]:
        raise KithError(f"Values are sealed with keys that are not here: {', '.join(lost)}.", mend="Put back the copy.")


@keys.command(epilog="\b\nExample:\n  kith keys retire 2026-11-22")
@click.argument("name")
@plainly
def retire(name: str) -> None:
    """Take away an old key that nothing here is sealed with. Copies of the database made before then need it still."""
    import django
    from django.conf import settings

    django.setup()
    from kith.foundation.sealing.holders import in_use
    from kith.foundation.sealing.keyring import keyring, without, write

    if left := {holder: counts[name] for holder, counts in in_use().items() if counts[name]}:
        told = ", ".join(f"{count:,} in {holder}" for holder, count in left.items())
        raise KithError(f"The key {name} still opens {told}.", mend="Run kith keys rotate first.")
    write(Path(settings.KEYS), without(keyring(), name))
    click.echo(f"The key {name} is gone. Keep its copy for as long as old copies of the database are kept.")


def _said(name: str, ring: object) -> str:
    if name not in ring.wrapping:  # type: ignore[attr-defined]
        return f"{name} (not here)"
    return f"{name} (current)" if name == ring.current else name  # type: ignore[attr-defined]


commands: list[click.Command] = [keys]
