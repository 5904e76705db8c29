"""The kinds of work at the front door."""

from __future__ import annotations

from kith.record.steps.kinds import Kind

KINDS = (
    Kind(
        key="contact",
        name="Contact",
        plural="Contacts",
        outcomes={
            "referral": "became a referral",
            "existing_referral": "added to the referral already open",
            "nfa": "no further action",
            "advice": "advice given",
        },
    ),
    Kind(
        key="referral",
        name="Referral",
        plural="Referrals",
        outcomes={"accepted": "accepted", "nfa": "no further action"},
        significant=True,
    ),
)
