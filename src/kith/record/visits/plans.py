"""Which plan a visit belongs to: worked out from what is open for the child on the day of the visit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from kith.record.people.ties import all_together
from kith.record.periods.models import Period
from kith.record.periods.queries import open_on

# A child under several plans is visited under the first of these; the worker may say otherwise.
PERIOD_OF = {"cp": "cp_plan", "cla": "care", "cin": "cin_plan", "care_leaver": "care_leaver"}
# These visits exist only under their plan; a child in need may be visited before there is one.
NEEDS_ITS_PLAN = {
    "cp": "on a child protection plan",
    "cla": "looked after",
    "care_leaver": "receiving leaving care support",
}


def plans_of(people: Iterable[int], *, on: date) -> dict[int, dict[str, Period]]:
    """For each child, the periods running on a day, by kind; of two of one kind, the one that began last."""
    leads = all_together(people)
    found: dict[int, dict[str, Period]] = {}
    for period in open_on(people=leads, on=on):
        found.setdefault(leads[period.person_id], {})[period.kind] = period
    return {person: found[leader] for person, leader in leads.items() if leader in found}


def code_for(plans: Mapping[str, Period]) -> str:
    """What a visit to a child under these plans is: child protection, then looked after, then in need, else another."""
    by_plan = next((code for code, kind in PERIOD_OF.items() if kind in plans), "")
    return by_plan or ("cin" if "need" in plans else "other")


def span_for(code: str, plans: Mapping[str, Period]) -> str:
    """The ref of the period that a visit of this code belongs to; empty where there is none."""
    period = plans.get(PERIOD_OF.get(code, ""))
    return period.ref if period else ""


def why_not(code: str, plans: Mapping[str, Period]) -> str:
    """What the child was not, on the day, for a visit of this code to belong anywhere; empty when all is well."""
    needed = NEEDS_ITS_PLAN.get(code, "")
    return needed if needed and PERIOD_OF[code] not in plans else ""
