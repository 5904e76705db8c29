"""The kinds of work with children looked after."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.told import CHANGE
from kith.record.steps.kinds import Kind

# How a child took part in a review: the codes of the looked-after children return, said plainly.
PARTICIPATION = {
    "PN0": "too young to take part",
    "PN1": "came and spoke",
    "PN2": "came, and an advocate spoke",
    "PN3": "came, and made views known without words",
    "PN4": "came, and did not take part",
    "PN5": "did not come; an advocate knew the child’s views",
    "PN6": "did not come; sent views another way",
    "PN7": "did not come, and views were not known",
}

KINDS = (
    Kind(
        key="care_review",
        name="Review",
        plural="Reviews",
        outcomes=PARTICIPATION,
        capability=RECORD,
        edit=CHANGE,
        significant=True,
        finishes="happened",
    ),
    Kind(
        key="health_assessment",
        name="Health assessment",
        plural="Health assessments",
        codes={
            "health": "Health assessment",
            "dental": "Dental check",
            "optician": "Eye check",
            "immunisation": "Immunisations",
            "initial": "Initial health assessment",
        },
        outcomes={"completed": "took place", "refused": "the child did not want it", "cancelled": "did not take place"},
        capability=RECORD,
        edit=CHANGE,
        finishes="happened",
    ),
    Kind(
        key="pep",
        name="Personal education plan",
        plural="Personal education plans",
        capability=RECORD,
        edit=CHANGE,
        finishes="happened",
    ),
    Kind(
        key="sdq",
        name="Strengths and difficulties questionnaire",
        plural="Strengths and difficulties questionnaires",
        finishes="happened",
    ),
    Kind(key="conviction", name="Conviction", plural="Convictions", finishes="happened"),
)
