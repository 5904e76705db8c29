"""Rules about assessments and the factors they found."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.cin_census.rules.words import EPISODE, FROM_2025, referred, until
from kith.statutory.returns.lookups import matches, their
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    YEAR_START,
    blank,
    either,
    in_order,
    outside_year,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of
from kith.vocabulary.codes import code_list
from kith.vocabulary.working_days import england

rule = rules_of("Assessments")

_factors = pl.col("AssessmentFactors")  # a list of codes; empty where none is given
_KNOWN = list(code_list("assessment_factor").codes)
_LIMIT = 45  # working days from the start of an assessment to its end

rule(
    "1103",
    "An assessment does not start before its referral.",
    "AssessmentActualStartDate CINreferralDate",
    when(pl.col("AssessmentActualStartDate") < referred()),
)
rule(
    "8608",
    "An assessment does not end before it starts.",
    "AssessmentActualStartDate AssessmentAuthorisationDate",
    in_order("AssessmentActualStartDate", "AssessmentAuthorisationDate"),
)
rule(
    "8614",
    "An assessment that is not finished has no factors yet.",
    "AssessmentAuthorisationDate AssessmentFactors",
    when(blank("AssessmentAuthorisationDate") & _factors.is_not_null()),
)
rule(
    "8670Q",
    "An assessment is finished within 45 working days.",
    "AssessmentActualStartDate",
    when(
        blank("AssessmentAuthorisationDate")
        & (pl.col("AssessmentActualStartDate") < england().add_column(YEAR_END, pl.lit(-_LIMIT)))
    ),
    severity=QUERY,
    note="45 working days back from the end of the year, as the rule says; some tools count 44.",
)
rule(
    "8696",
    "An assessment that is finished was finished within the census year.",
    "AssessmentAuthorisationDate ReferenceDate",
    within_year("AssessmentAuthorisationDate"),
)
rule(
    "8736",
    "An assessment that is not finished has a start, and it is within the census year.",
    "AssessmentAuthorisationDate AssessmentActualStartDate",
    when(
        blank("AssessmentAuthorisationDate")
        & either(blank("AssessmentActualStartDate"), outside_year("AssessmentActualStartDate"))
    ),
)
_begins_in = (their("_n") != pl.col("_n")) & (pl.col("AssessmentActualStartDate") >= their("AssessmentActualStartDate"))
rule(
    "8863Q",
    "The assessments of one referral do not overlap.",
    "AssessmentActualStartDate AssessmentAuthorisationDate",
    when(
        matches(
            "Assessments",
            _begins_in & (pl.col("AssessmentActualStartDate") <= until(their("AssessmentAuthorisationDate"))),
            by=EPISODE,
        )
    ),
    severity=QUERY,
    note="Two assessments with the same days overlap too; some tools pass over them.",
)
rule(
    "8869",
    "The factor 21, none found, stands alone.",
    "AssessmentFactors",
    when(_factors.list.contains("21") & (_factors.list.n_unique() > 1)),
    note="Some tools never find this, because they compare the whole list with 21.",
)
rule(
    "8897Q",
    "An assessment finished in the census year has at least one factor, each from the published list.",
    "AssessmentAuthorisationDate AssessmentFactors",
    when(
        (pl.col("AssessmentAuthorisationDate") >= YEAR_START)
        & either(_factors.is_null(), _factors.list.eval(~pl.element().is_in(_KNOWN)).list.any())
    ),
    severity=QUERY,
    note="A sound code beside one that is not does not hide it.",
)
rule(
    "8898",
    "An assessment names each factor once.",
    "AssessmentFactors",
    when(_factors.list.n_unique() < _factors.list.len()),
)
for _code, _factor, _instead in (("8945Q", "18A", "18B or 18C"), ("8950Q", "19A", "19B or 19C")):
    rule(
        _code,
        f"The factor {_factor} is no longer used: {_instead} says more.",
        "AssessmentFactors",
        when(_factors.list.contains(_factor)),
        severity=QUERY,
        since=FROM_2025,
        note="Some tools never find this, because they look for the code in a list as if it were text.",
    )
