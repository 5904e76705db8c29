"""Measures as pages show them: the share in words, what it counts, and each number with the list it opens."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from kith.foundation.screens.lists import Listing
from kith.record.deadlines.duties import title_of
from kith.record.deadlines.measuring import BASES, Tally
from kith.statutory.timescales.fact_words import fact_in_words

from .book import COUNTS, Measure

LISTS = {
    "measured": "All that are measured",
    "counted": "Counted",
    "others": "Not counted",
    "overdue": "Open and overdue today",
}


def share(measure: Measure, tally: Tally) -> str:
    """The measure in words: "86% (74 of 86)". Rounded down, so that 99.6 is never shown as every time."""
    if tally.percent is None:
        return "Nothing to measure yet"
    return f"{int(tally.percent)}% ({tally.counted:,} of {tally.measured:,})"


def themes(tallies: dict[str, Tally], shown: list[Measure]) -> list[tuple[str, list[list[Any]]]]:
    """The measures that are counted, as rows of a table for each theme: name, share, open and overdue."""
    found: dict[str, list[list[Any]]] = {}
    for each in shown:
        if each.running:
            name = {"words": each.name, "url": reverse("measures:measure", args=[each.id])}
            tally = tallies[each.id]
            found.setdefault(each.theme, []).append([name, share(each, tally), f"{tally.overdue:,}"])
    return list(found.items())


def waiting(shown: list[Measure]) -> list[list[str]]:
    """The measures that cannot be counted yet, each with what Kith would have to hold."""
    return [[each.name, _told(each)] for each in shown if not each.running]


def _told(measure: Measure) -> str:
    return "; ".join(fact_in_words(fact) for fact in measure.waits_for)


def about(measure: Measure) -> list[tuple[str, object]]:
    """What the measure counts, as Kith counts it and as it was published."""
    duties = "; ".join(title_of(rule) for rule in measure.running)
    left_out = " One no longer needed is left out." if measure.basis == "due" else ""
    rows: list[tuple[str, object]] = [
        ("Denominator", f"Of these duties, {BASES[measure.basis]}: {duties}.{left_out}"),
        ("Numerator", f"Of those, the ones {COUNTS[measure.counts]}."),
        ("Open and overdue", "Those of the same duties that are open today and past their day."),
        ("As published", _published(measure)),
        ("Which way is better", "Higher" if measure.better == "high" else "Lower"),
        ("Source", measure.source),
    ]
    if measure.waits_for:
        rows.append(("Not counted yet", f"Some of its rules wait until Kith holds when: {_told(measure)}"))
    return rows


def _published(measure: Measure) -> str:
    of = f" of {measure.published_denominator}" if measure.published_denominator else ""
    return f"{measure.published_numerator}{of}{f' ({measure.filters})' if measure.filters else ''}"


def listings(measure: Measure, tally: Tally) -> list[Listing]:
    """The four numbers, each with the list it opens."""
    path = reverse("measures:children", args=[measure.id])
    titles = LISTS | {"counted": COUNTS[measure.counts].capitalize(), "others": f"Not {COUNTS[measure.counts]}"}
    return [Listing(titles[key], {"which": key}, getattr(tally, key), path) for key in LISTS]
