"""The kinds of work with children looked after."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

KINDS = (
    Kind(key="care_review", name="Review", plural="Reviews", significant=True),
    Kind(
        key="health_assessment",
        name="Health assessment",
        plural="Health assessments",
        codes={"health": "Health assessment", "dental": "Dental check", "initial": "Initial health assessment"},
    ),
    Kind(key="pep", name="Personal education plan", plural="Personal education plans"),
    Kind(
        key="sdq", name="Strengths and difficulties questionnaire", plural="Strengths and difficulties questionnaires"
    ),
    Kind(key="conviction", name="Conviction", plural="Convictions"),
)
