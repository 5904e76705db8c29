"""What agencies and the states of a promise are called on screens."""

from __future__ import annotations

AGENCIES = {
    "social_care": "Children's social care",
    "police": "Police",
    "health": "Health",
    "education": "Education",
    "early_help": "Early help",
    "probation": "Probation",
    "youth_justice": "Youth justice",
    "other": "Somebody else",
}


def agency_words(key: str) -> str:
    """An agency by name; one nobody has named is shown as it is."""
    return AGENCIES.get(key, key.replace("_", " ").capitalize())
