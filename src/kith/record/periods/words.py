"""What each kind of period is called."""

from __future__ import annotations

NAMES = {
    "need": "Open to children’s social care",
    "cin_plan": "Child in need plan",
    "cp_plan": "Child protection plan",
    "care": "Time in care",
    "care_episode": "Episode of care",
    "home": "Home",
    "legal_status": "Legal status",
    "missing": "Time missing",
    "care_leaver": "Leaving care support",
    "early_help": "Early help",
    "immigration": "Immigration status",
    "pre_proceedings": "Work before court proceedings",
    "carer_approval": "Approval as a foster carer",
    "care_leaver_home": "Home provided to a care leaver",
    "channel": "Channel case",
    "connected_approval": "Relative or friend approved for a time",
    "connected_extension": "Approval for a time extended",
    "detention": "Time in detention",
    "emergency_extension": "Emergency protection order extended",
    "emergency_home": "Stay outside the carers’ terms",
    "fewer_visits_agreed": "Fewer visits, as the child agreed",
    "guardianship_support": "Paid support to special guardians",
    "liberty_order": "Deprivation of liberty that a court allowed",
    "no_school": "Time without a school place",
    "private_fostering": "Private fostering",
    "proceedings_extension": "More time for care proceedings",
    "supervision_extension": "Supervision order extended",
    "supervision_order": "Supervision order",
    "unassessed_home": "At home with parents before they were assessed",
    "unregistered_home": "Home that is not registered",
    "employment": "Employment",
    "new_worker": "First year of a newly qualified worker",
}
MISSING_CODES = {"away": "Away from home without agreement"}


def name_of(kind: str, code: str = "") -> str:
    """What a period is called; a kind from a newer load is called by its own name."""
    if kind == "missing":
        return MISSING_CODES.get(code, NAMES[kind])
    return NAMES.get(kind) or kind.replace("_", " ").capitalize()
