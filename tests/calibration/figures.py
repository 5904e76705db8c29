"""The published figures that the invented borough is held to: where each stands and how near is near enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

TOWN = "Tower Hamlets"


@dataclass(frozen=True)
class Figure:
    """One measure: its path in the generator's targets, how near it must be, and its name in the published file.

    `target` is a dotted path; a list means its last year. With `share_of`, both are counts and the figure is
    the first out of a hundred of the second ("*" for the sum of the table the target stands in).
    `published` names the same in the published file, with its year, and `published_of` the whole of a share.
    """

    name: str
    target: str
    within: float
    share_of: str | None = None
    published: tuple[str, int] | None = None
    published_of: str | None = None

    def expected(self, targets: Mapping[str, Any]) -> float:
        """The figure by the generator's own targets."""
        value = _at(targets, self.target)
        if self.share_of is None:
            return value
        table = self.target.rpartition(".")[0]
        whole = _total(targets, table) if self.share_of == "*" else _at(targets, self.share_of)
        return 100 * value / whole


def _look(targets: Mapping[str, Any], path: str) -> Any:
    found: Any = targets
    for part in path.split("."):
        found = found[part]
    return found


def _at(targets: Mapping[str, Any], path: str) -> float:
    return float(sum(_last(_look(targets, each)) for each in path.split("+")))


def _last(found: Any) -> float:
    return float(found[-1]) if isinstance(found, list) else float(found)


def _total(targets: Mapping[str, Any], path: str) -> float:
    return sum(_last(value) for key, value in _look(targets, path).items() if key != "of")


FIGURES = (
    Figure("referrals", "front_door.referrals", 145, None, ("Referrals", 2025)),
    Figure("rereferral_percent", "front_door.rereferral_percent", 2, None, ("Re-referrals %", 2025)),
    Figure("nfa_percent", "front_door.nfa_percent", 1, None, ("Referral NFA %", 2025)),
    Figure("not_in_need_percent", "front_door.not_in_need_percent", 1.5, None, ("Assessed not in need %", 2025)),
    Figure(
        "police_percent", "front_door.sources.6", 1.5, "*", ("Referral source: Police", 2024), "Referral source: All"
    ),
    Figure(
        "school_percent", "front_door.sources.2A", 1.5, "*", ("Referral source: Schools", 2024), "Referral source: All"
    ),
    Figure("contacts_per_referral", "front_door.contacts_per_referral", 0.3),
    Figure("strategy_per_s47", "front_door.strategy_per_s47", 0.1),
    Figure("in_45_percent", "assessment.in_45_percent", 1.5, None, ("Assessments in 45 WD %", 2025)),
    Figure("median_working_days", "assessment.median_working_days", 1, None, ("Assessment duration: Median", 2024)),
    Figure(
        "domestic_abuse_percent",
        "assessment.factors.3B",
        3,
        "assessment.factors.of",
        ("Assessment factors (episodes; several per episode): Domestic Abuse parent", 2025),
        "Assessment factors (episodes; several per episode): Episodes with assessment factor",
    ),
    Figure("s47_per_10000", "protection.s47_per_10000", 9, None, ("s47 per 10,000", 2025)),
    Figure("icpc_per_10000", "protection.icpc_per_10000", 2, None, ("ICPC per 10,000", 2025)),
    Figure("icpc_in_15_percent", "protection.icpc_in_15_percent", 2, None, ("ICPC in 15 WD %", 2025)),
    Figure("cp_open", "protection.plans_open", 18, None, ("On CP plan at 31 March", 2025)),
    Figure("cp_starting", "protection.plans_starting", 12, None, ("CP plans starting", 2025)),
    Figure("cp_second_percent", "protection.second_plan_percent", 2, None, ("Second or later plan %", 2025)),
    Figure("cp_reviews_in_time_percent", "protection.reviews_in_time_percent", 2, None, ("CP reviews in time %", 2025)),
    Figure(
        "cp_neglect_percent",
        "protection.categories.NEG",
        4,
        "*",
        ("CP plans by category (starts, initial): Neglect", 2024),
        "CP plans by category (starts, initial): Started",
    ),
    Figure("cin_open", "in_need.open_at_end", 110, None, ("CIN stock and flow: Open at 31 March", 2025)),
    Figure("cin_plans_open", "in_need.plans_open", 40, None, ("CIN plans: Open at 31 March", 2024)),
    Figure("cin_plans_starting", "in_need.plans_starting", 50, None, ("CIN plans: Started", 2024)),
    Figure("disability_percent", "in_need.disability_percent", 1.5),
    Figure("cla_open", "care.open", 6, None, ("CLA at 31 March", 2025)),
    Figure("cla_starting", "care.starting", 5, None, ("Starts", 2025)),
    Figure("cla_ceasing", "care.ceasing", 14, None, ("Ceased", 2025)),
    Figure("uasc_open", "care.uasc_open", 9, None, ("UASC at 31 March", 2025)),
    Figure("cla_16_percent", "care.ages.to_17", 7, "care.open"),
    Figure(
        "cla_abuse_percent",
        "care.needs.N1",
        5,
        "care.open",
        ("Category of need: N1. Abuse or neglect", 2025),
        "CLA at 31 March",
    ),
    Figure(
        "care_order_percent",
        "care.legal.C2",
        6,
        "care.open",
        ("Legal status: Full care order", 2025),
        "CLA at 31 March",
    ),
    Figure(
        "agreed_percent",
        "care.legal.V2",
        5,
        "care.open",
        ("Legal status: Voluntary agreements under S20 CA 1989", 2025),
        "CLA at 31 March",
    ),
    Figure(
        "foster_percent",
        "care.placements.foster",
        6.5,
        "care.open",
        ("Placement type: Foster placements", 2025),
        "CLA at 31 March",
    ),
    Figure("inside_percent", "care.inside_percent", 5),
    Figure("three_homes_percent", "care.three_homes_percent", 5, None, ("3+ placements %", 2025)),
    Figure("health_percent", "care.health_percent", 5, None, ("Health assessment %", 2025)),
    Figure("dental_percent", "care.dental_percent", 5, None, ("Dental %", 2025)),
    Figure("immunised_percent", "care.immunised_percent", 3, None, ("Immunised %", 2025)),
    Figure("sdq_average", "care.sdq_average", 1, None, ("SDQ average", 2025)),
    Figure("missing_percent", "care.missing_percent", 2, None, ("Missing in year %", 2025)),
    Figure("away_percent", "care.away_percent", 4, None, ("Away without authorisation %", 2025)),
    Figure("incidents_each", "care.incidents_each", 1.7),
    Figure("leavers_19_to_21", "leaving_care.aged_19_to_21", 26, None, ("Care leavers 19-21", 2025)),
    Figure("suitable_percent", "leaving_care.suitable_percent", 4, None, ("Suitable accommodation %", 2025)),
    Figure("eet_percent", "leaving_care.eet_percent", 4, None, ("EET %", 2025)),
    Figure("average_caseload", "workforce.average_caseload", 2, None, ("Average caseload", 2025)),
    Figure("agency_percent", "workforce.agency_percent", 4, None, ("Agency %", 2025)),
)
