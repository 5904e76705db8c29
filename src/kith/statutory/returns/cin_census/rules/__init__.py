"""The rules of the children in need census, grouped by table."""

from __future__ import annotations

from kith.statutory.returns.cin_census.rules import (
    assessments,
    child,
    child_in_need_plans,
    enquiries,
    protection_plans,
    referrals,
)
from kith.statutory.returns.rules import RuleBook

BOOK = RuleBook(
    "cin",
    [
        child.header,
        child.rule,
        child.disability,
        referrals.rule,
        assessments.rule,
        child_in_need_plans.rule,
        enquiries.rule,
        protection_plans.rule,
        protection_plans.review,
    ],
)
"""Every rule of the census from 2016/17 on; `BOOK.of_year` gives those in force in one."""
