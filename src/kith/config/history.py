"""`kith history`: checks that the history is whole, signs its heads, and tells who saw which record."""

from __future__ import annotations

import sys
import time
from datetime import datetime
from typing import TYPE_CHECKING

import click

from kith.foundation.jobs.console import plainly
from kith.vocabulary.spreadsheets import TableWriter

if TYPE_CHECKING:
    from kith.foundation.history.verifying import Found

MOMENT = click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"])
EXAMPLES = """
Examples:

\b
  kith history verify                                       is every row as it was written, and is none gone?
  kith history anchor                                       sign the heads of the chains now
  kith history between 2026-03-01 2026-03-02T18:00 > who.csv
  kith history restored --why "The copy of 02:00 was put back after the fire"
"""


@click.group(epilog=EXAMPLES)
def history() -> None:
    """Who saw and changed what: whether it is whole, and what it says."""
    import django

    django.setup()


@history.command(
    epilog="\b\nEnds with 0 when the history is whole, 1 when it is not.\n\n\b\nExample:\n  kith history verify"
)
@click.option(
    "--without-anchors", is_flag=True, help="Where the signed heads are kept elsewhere: a cut tail is not seen."
)
@plainly
def verify(without_anchors: bool) -> None:
    """Read the whole history and check every row, link, order and tail against the signed heads."""
    from kith.foundation.history.verifying import Fault
    from kith.foundation.history.verifying import verify as check
    from kith.record.loading.ledger import altered

    started = time.monotonic()
    found = check(against_anchors=not without_anchors)
    for load in altered():
        found.add(Fault(0, 0, "loading_load", load, "the rows it brought are not those that it said it brought"))
    for line in _told(found, time.monotonic() - started):
        click.echo(line)
    sys.exit(1 if found.faults else 0)


def _told(found: Found, seconds: float) -> list[str]:
    lines = [f"{found.links:,} links read in {seconds:.1f} s ({found.links / max(seconds, 0.001):,.0f} a second)."]
    if found.signed_at:
        lines.append(f"The heads were last signed at {found.signed_at}; {found.since:,} links are younger.")
    if found.disposed:
        lines.append(f"{found.disposed:,} rows were disposed of, as the history itself says.")
    lines += [f"On {at} an older copy was accepted: {why}" for at, why in found.restored]
    if not found.faults:
        return [*lines, "The history is whole."]
    return [*lines, "THE HISTORY IS NOT WHOLE. The first that is wrong:", *(f"  {each}" for each in found.faults)]


@history.command(epilog="\b\nExample:\n  kith history anchor")
@plainly
def anchor() -> None:
    """Sign the heads of the chains now. kith serve does so every half minute."""
    from django.conf import settings
    from django.utils import timezone

    from kith.foundation.history import anchors

    moved = anchors.anchor(at=timezone.now())
    click.echo(f"Signed, in {settings.ANCHORS}." if moved else "Nothing was written since the heads were last signed.")


@history.command(epilog="\b\nExample:\n  kith history restored 'the disk failed; last night’s copy'")
@click.option("--why", required=True, help="Which copy was put back, when and why. It is told at every verification.")
@plainly
def restored(why: str) -> None:
    """Say that an older copy of the database was put back, so that its shorter chains are accepted from now on."""
    from django.utils import timezone

    from kith.foundation.history import anchors

    before, now = anchors.accept(at=timezone.now(), why=why), anchors.heads()
    lost = sum(max(0, number - now.get(chain, (0, ""))[0]) for chain, (number, _) in before.items())
    click.echo(f"Accepted. {lost:,} rows of the history that had been signed are not in this copy.")


@history.command(epilog="\b\nExample:\n  kith history between 2026-11-01 2026-11-22 --person 41")
@click.argument("since", type=MOMENT)
@click.argument("until", type=MOMENT)
@click.option("--person", type=int, help="Only this person's record.")
@plainly
def between(since: datetime, until: datetime, person: int | None) -> None:
    """Who saw or changed which record from one moment to another, as CSV: what must be told after a breach.

    Moments are London's; a day alone means its beginning. Nobody's name is in it but the workers'. That it was asked
    is itself in the history.
    """
    from django.utils import timezone

    from kith.foundation.access.queries import names_of
    from kith.foundation.history import queries
    from kith.foundation.history.actions import listed
    from kith.foundation.history.actor import Actor, acting

    start, end = timezone.make_aware(since), timezone.make_aware(until)
    with acting(Actor(worker=None, role="operator", purpose="who saw which record", client="command")):
        rows = queries.between(since=start, until=end, person=person)
        listed(people=[each.person for each in rows], page="kith history between")
        names = names_of(workers=[each.worker for each in rows])
    out = TableWriter(sys.stdout)
    out.writerow(
        ["at", "act", "person", "worker", "name", "role", "relationship", "decision", "purpose", "where", "client"]
    )
    for each in rows:
        told = (each.role, each.relationship, each.decision, each.purpose, each.where, each.client)
        out.writerow([each.at.isoformat(), each.act, each.person, each.worker, names.get(each.worker or 0, ""), *told])


commands = [history]
