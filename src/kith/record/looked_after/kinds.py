"""The kinds of work with children looked after."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.told import CHANGE
from kith.record.steps.kinds import Kind
from kith.vocabulary.codes import code_list
from kith.vocabulary.texts import in_a_sentence

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

HIGHEST_SCORE = 40  # of a strengths and difficulties questionnaire, whose lowest is 0
# A score, or why there is none: the codes of the return.
SCORED = {str(score): f"a score of {score}" for score in range(HIGHEST_SCORE + 1)} | {
    each.code: f"no score: {in_a_sentence(each.label)}" for each in code_list("sdq_reason").codes.values()
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
        outcomes=SCORED,
        capability=RECORD,
        edit=CHANGE,
        finishes="happened",
    ),
    Kind(
        key="conviction",
        name="Conviction",
        plural="Convictions",
        capability=RECORD,
        edit=CHANGE,
        finishes="happened",
    ),
)
