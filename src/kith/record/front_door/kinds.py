"""The kinds of work at the front door."""

from __future__ import annotations

from kith.record.plain_work.kinds import RECORD
from kith.record.plain_work.models import ToldPart
from kith.record.plain_work.opening import taken_back
from kith.record.plain_work.told import CHANGE
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
        part_detail=ToldPart,
        capability=RECORD,
        edit=CHANGE,
    ),
    Kind(
        key="referral",
        name="Referral",
        plural="Referrals",
        outcomes={"accepted": "accepted", "nfa": "no further action"},
        part_detail=ToldPart,
        capability=RECORD,
        edit=CHANGE,
        significant=True,
        cancelled=taken_back,
    ),
)
