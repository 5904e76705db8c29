"""Works out what a load will change before anything is locked: it only reads, so that others may go on writing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from kith.statutory.returns.results import Progress, Reading

from . import ledger
from .differences import Difference, differences, people_of, unplaced
from .own import refuse_own
from .shaping.whole import kept_refs, whole


@dataclass(frozen=True)
class Plan:
    """What a reading changes. `found` is None when it changes nothing; `first` when nothing was known before.

    `as_of` is the newest row of the ledger when this was worked out: if another load adds to it, the plan is void.
    """

    reading: Reading
    on: date
    as_of: int
    comparisons: list[ledger.Comparison]
    found: list[Difference] | None = None
    first: bool = False
    touched: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def make_plan(*, reading: Reading, on: date, progress: Progress) -> Plan:
    """Compare a reading with what stands, and tell the record as it will be beside the record as it is.

    Raises RefusedFile for an extract that was built of this record.
    """
    refuse_own(reading.dataset)
    progress("Comparing with what is known", 0.0)
    as_of = ledger.newest()
    comparisons = ledger.compare(source=reading.kind, dataset=reading.dataset)
    if not any(each.fresh.height for each in comparisons):
        return Plan(reading, on, as_of, comparisons)
    progress("Telling each child's story", 0.1)
    before = ledger.standing()
    after = ledger.after(before=before, source=reading.kind, dataset=reading.dataset)
    comparisons = ledger.with_whose(comparisons, after[reading.kind])
    there = kept_refs() if len(after) > 1 else frozenset()
    now = whole(ledger.datasets(after), on=on, there=there)
    then = whole(ledger.datasets(before), on=on, there=there) if before else {}
    found = differences(then, now)
    return Plan(
        reading=reading,
        on=on,
        as_of=as_of,
        comparisons=comparisons,
        found=found,
        first=not before,
        touched=tuple(people_of(found, then, now)) if before else (),
        notes=unplaced(now),
    )
