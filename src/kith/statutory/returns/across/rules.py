"""What several returns say of one child must agree. Nobody publishes these rules: each is a sentence about two returns.

Annex A is drawn up on another day than the returns of a year, so its rows are compared where they fall in the year.
"""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.lookups import CHILD, has, is_first, is_last, matches, of, their
from kith.statutory.returns.rule_shapes import YEAR_END, YEAR_START, blank, every, filled, one_of, when
from kith.statutory.returns.rules import QUERY, RuleBook, Rules, rules_of

CIN_CHILD, REFERRAL = "CIN Child", "CIN CINdetails"
HEADER, EPISODES = "SSDA903 Header", "SSDA903 Episodes"
_NOT_SAID = "REFU NOBT"
_ADOPTED, _GUARDED = "E11 E12", "E45 E46 E47 E48"

census = rules_of(CIN_CHILD)
referral = rules_of(REFERRAL)
episode = rules_of(EPISODES)
pens: list[Rules] = [census, referral, episode]

_short = one_of("LS", "V3 V4")
_in_care = every(is_last(), blank("DEC"), ~_short)
_child_known = pl.col(CHILD).is_not_null()


def _differ(a: pl.Expr, b: pl.Expr) -> pl.Expr:
    return (a != b).fill_null(False)


for _code, _field, _theirs, _words in (
    ("X01", "PersonBirthDate", "DOB", "date of birth"),
    ("X03", "UPN", "UPN", "pupil number"),
):
    _other = of(HEADER, _theirs)
    _reasons = one_of(_other, "UN1 UN2 UN3 UN4 UN5")
    census(
        _code,
        f"A child's {_words} is the same in the census and the SSDA903.",
        f"{_field} {_theirs}",
        when(_differ(pl.col(_field), _other) & ~_reasons if _field == "UPN" else _differ(pl.col(_field), _other)),
    )
_sex = of(HEADER, pl.col("SEX").replace({"1": "M", "2": "F"}).first())
census("X02", "A child's sex is the same in the census and the SSDA903.", "Sex SEX", when(_differ(pl.col("Sex"), _sex)))
_ethnic = of(HEADER, "ETHNIC")
census(
    "X04",
    "A child's ethnicity is the same in the census and the SSDA903, where both say it.",
    "Ethnicity ETHNIC",
    when(every(_differ(pl.col("Ethnicity"), _ethnic), ~one_of("Ethnicity", _NOT_SAID), ~one_of(_ethnic, _NOT_SAID))),
)
_left_by_death = of(EPISODES, pl.col("DEC").filter(one_of("REC", "E2")).last())
census(
    "X05",
    "A child who died in care has the same day of death in the census and the SSDA903.",
    "PersonDeathDate DEC REC",
    when(_left_by_death.is_not_null() & pl.col("PersonDeathDate").ne_missing(_left_by_death)),
)
_goes_on = of(EPISODES, _in_care.last()).fill_null(False)
census(
    "X06",
    "A child who has died in the census is not in care at the end of the year in the SSDA903.",
    "PersonDeathDate DEC",
    when((pl.col("PersonDeathDate") <= YEAR_END) & _goes_on),
)
episode(
    "X07",
    "A child in care at the end of the year is in the census.",
    "CHILD",
    when(every(_in_care, _child_known, ~has(CIN_CHILD))),
)
_first_known = of(REFERRAL, pl.col("CINreferralDate").min())
episode(
    "X08",
    "Care does not begin before the child was first referred.",
    "DECOM CINreferralDate",
    when(every(one_of("RNE", "S"), pl.col("DECOM") >= YEAR_START, pl.col("DECOM") < _first_known)),
    severity=QUERY,
)
referral(
    "X09",
    "A case closed because the child was adopted has an adoption in the SSDA903, where the child is in it.",
    "ReasonForClosure REC",
    when(every(one_of("ReasonForClosure", "RC1"), has(HEADER), ~has(EPISODES, one_of("REC", _ADOPTED)))),
)
_every_closed = has(REFERRAL) & ~has(REFERRAL, blank("CINclosureDate"))
_time_to_close = pl.col("DEC") <= YEAR_END.dt.offset_by("-1mo")
episode(
    "X10",
    "The case of a child who was adopted is closed for that reason in the census, within a month.",
    "REC ReasonForClosure",
    when(
        every(
            one_of("REC", _ADOPTED),
            has(REFERRAL),
            ~has(REFERRAL, one_of("ReasonForClosure", "RC1")),
            _every_closed | _time_to_close,
        )
    ),
    note="A child adopted in the last month of the year may have a case that goes on at its end.",
)
referral(
    "X11",
    "A case closed for special guardianship has it as the end of care in the SSDA903, where care ended in the year.",
    "ReasonForClosure REC",
    when(
        every(
            one_of("ReasonForClosure", "RC4"),
            has(EPISODES, filled("DEC") & ~one_of("REC", "X1")),
            ~has(EPISODES, one_of("REC", _GUARDED)),
        )
    ),
    severity=QUERY,
)
episode(
    "X12",
    "A child in care at the end of the year has an open case in the census.",
    "DEC CINclosureDate",
    when(_in_care & _every_closed),
)
_disability_said = has("CIN Disability", filled("Disability") & ~one_of("Disability", "NONE"))
episode(
    "X13",
    "A child in care because of a disability has one in the census.",
    "CIN Disability",
    when(every(is_first(), one_of("CIN", "N2"), has(CIN_CHILD), ~_disability_said)),
    severity=QUERY,
)
_factor_said = has("CIN Assessments", pl.col("AssessmentFactors").list.contains("9A"))
seeking = rules_of("SSDA903 UASC")
seeking(
    "X14",
    "An assessment of an unaccompanied asylum-seeking child names that factor, 9A.",
    "CHILD AssessmentFactors",
    when(every(has("CIN Assessments", filled("AssessmentAuthorisationDate")), ~_factor_said)),
    severity=QUERY,
)
_open_plan = has("CIN CINPlanDates", filled("CINPlanStartDate") & blank("CINPlanEndDate"))
episode(
    "X15",
    "A child in care has no child in need plan that goes on: it ended when care began.",
    "DECOM CINPlanEndDate",
    when(_in_care & _open_plan),
    severity=QUERY,
)
pens.append(seeking)


def _listed(number: int) -> Rules:
    pen = rules_of(f"Annex A List {number}")
    pens.append(pen)
    return pen


def _in_year(field: str) -> pl.Expr:
    return pl.col(field).is_between(YEAR_START, YEAR_END).fill_null(False)


# Each list, its day, the element of the census that it is drawn from, and its day there.
for _code, _number, _field, _table, _day, _words in (
    ("X20", 3, "referral_date", "CINdetails", "CINreferralDate", "referral"),
    ("X21", 4, "start_date", "Assessments", "AssessmentActualStartDate", "assessment"),
    ("X22", 5, "start_date", "Section47", "S47ActualStartDate", "section 47 enquiry"),
    ("X23", 7, "start_date", "ChildProtectionPlans", "CPPstartDate", "child protection plan"),
):
    _listed(_number)(
        _code,
        f"Each {_words} of the year in list {_number} is in the census, on the same day.",
        f"{_field} {_day}",
        when(_in_year(_field) & ~matches(f"CIN {_table}", pl.col(_field) == their(_day))),
    )
_ended_otherwise = matches(
    "CIN ChildProtectionPlans",
    (pl.col("start_date") == their("CPPstartDate")) & pl.col("end_date").ne_missing(their("CPPendDate")),
)
_listed(7)(
    "X24",
    "A child protection plan that ended in the year ended on the same day in list 7 and the census.",
    "end_date CPPendDate",
    when(_in_year("end_date") & _ended_otherwise),
)
care = _listed(8)
_began = of(EPISODES, pl.col("DECOM").filter(one_of("RNE", "S")).last())
care(
    "X30",
    "A child in list 8 came into care on the day the SSDA903 says.",
    "start_date DECOM",
    when(_in_year("start_date") & _differ(pl.col("start_date"), _began)),
)
_ended = of(EPISODES, pl.col("DEC").last())
care(
    "X31",
    "A child who left care in the year did so on the same day in list 8 and the SSDA903.",
    "end_date DEC",
    when(_in_year("end_date") & pl.col("end_date").ne_missing(_ended)),
)
care(
    "X32",
    "A child's date of birth is the same in list 8 and the SSDA903.",
    "birth_date DOB",
    when(_differ(pl.col("birth_date"), of(HEADER, "DOB"))),
)
care(
    "X33",
    "A child in list 8 who was missing in the year has missing episodes in the SSDA903.",
    "missing_in_year MISSING",
    when(
        every(
            (pl.col("missing_in_year").cast(pl.Int64, strict=False) > 0).fill_null(False),
            has(HEADER),
            ~has("SSDA903 Missing"),
        )
    ),
    severity=QUERY,
)
care(
    "X34",
    "Who is an unaccompanied asylum-seeking child in list 8 is one in the SSDA903.",
    "uasc CHILD",
    when(every(one_of("code:uasc", "Y"), has(HEADER), ~has("SSDA903 UASC"))),
)
_listed(9)(
    "X35",
    "Whether a care leaver is in touch is the same in list 9 and the SSDA903.",
    "in_touch IN_TOUCH",
    when(_differ(pl.col("code:in_touch"), of("SSDA903 OC3", "IN_TOUCH"))),
    severity=QUERY,
)
_listed(10)(
    "X36",
    "The decision that a child should be placed for adoption has the same day in list 10 and the SSDA903.",
    "decision_date DATE_PLACED",
    when(
        has("SSDA903 PlacedAdoption")
        & ~matches("SSDA903 PlacedAdoption", pl.col("decision_date") == their("DATE_PLACED"))
    ),
)

BOOK = RuleBook("across", pens)
"""Every comparison, the same in every year."""
