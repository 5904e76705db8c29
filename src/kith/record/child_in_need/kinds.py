"""The kinds of work with children in need."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

KINDS = (
    Kind(
        key="assessment",
        name="Assessment",
        plural="Assessments",
        codes={"single": "Assessment", "early_help": "Early help assessment"},
        outcomes={"nfa": "no further action", "further_action": "help goes on"},
        significant=True,
    ),
)
