"""The rules of the looked-after children return, grouped by table."""

from __future__ import annotations

from kith.statutory.returns.rules import RuleBook
from kith.statutory.returns.ssda903.rules import (
    adoption,
    care_leavers,
    episodes,
    header,
    homes,
    integrity,
    last_year,
    missing,
    others,
    outcomes,
    places,
    providers,
    withdrawn,
    workers,
)

BOOK = RuleBook(
    "ssda903",
    [
        header.rule,
        episodes.rule,
        homes.rule,
        providers.rule,
        places.rule,
        last_year.rule,
        others.episode,
        others.review,
        others.permanence,
        others.seeking,
        outcomes.rule,
        care_leavers.rule,
        adoption.rule,
        adoption.episode,
        adoption.decision,
        missing.rule,
        missing.order,
        workers.rule,
        workers.episode,
        *integrity.pens.values(),
        withdrawn.rule,
        withdrawn.decision,
        withdrawn.worker,
    ],
)
"""Every rule of the return for the years 2023/24 to 2026/27; `BOOK.of_year` gives those in force in one."""
