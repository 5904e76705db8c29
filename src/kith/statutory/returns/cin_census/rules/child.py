"""Rules about the census itself, each child, and their disabilities."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.authority_numbers import OF_PUPIL_NUMBERS
from kith.statutory.returns.cin_census.rules.words import FROM_2025, no_further_action, went_on
from kith.statutory.returns.lookups import has, of, own, total
from kith.statutory.returns.rule_shapes import (
    YEAR_END,
    birthday,
    blank,
    days_after,
    either,
    every,
    filled,
    in_table,
    must_be_in_list,
    must_be_in_published_list,
    not_after,
    one_of,
    outside_year,
    required,
    unique,
    when,
    within_year,
)
from kith.statutory.returns.rules import QUERY, rules_of

header = rules_of("Header")
rule = rules_of("Child")
disability = rules_of("Disability")

header(
    "100",
    "The reference date of the census is 31 March of its year.",
    "ReferenceDate",
    when(
        either(
            blank("ReferenceDate"),
            pl.col("ReferenceDate") != pl.date(pl.col("Year").cast(pl.Int32, strict=False), 3, 31),
            pl.col("Year").cast(pl.Int32, strict=False).is_null(),
        )
    ),
    about_return=True,
)
_started = total("ChildProtectionPlans", (~outside_year("CPPstartDate")).fill_null(False).sum())
_held = total("CINdetails", (~outside_year("DateOfInitialCPC")).fill_null(False).sum()) + total(
    "Section47", (~outside_year("DateOfInitialCPC")).fill_null(False).sum()
)
header(
    "2883",
    "There are not more child protection plans begun in the year than initial conferences held in it.",
    "CPPstartDate DateOfInitialCPC",
    when(_started > _held),
    about_return=True,
)
header(
    "2886Q",
    "The sex of no more than 2% of born children is missing or unknown.",
    "Sex ExpectedPersonBirthDate",
    when(
        total("Child", (blank("ExpectedPersonBirthDate") & ~one_of("Sex", "M F")).sum()) * 50 > total("Child", pl.len())
    ),
    severity=QUERY,
    since=FROM_2025,
    about_return=True,
)
header(
    "2886Q",
    "The gender of no more than 2% of born children is missing or unknown.",
    "GenderCurrent ExpectedPersonBirthDate",
    when(
        total("Child", (blank("ExpectedPersonBirthDate") & ~one_of("GenderCurrent", "1 2 9")).sum()) * 50
        > total("Child", pl.len())
    ),
    severity=QUERY,
    until=FROM_2025 - 1,
    about_return=True,
    note="Before sex replaced gender, 0 stood for not known; the rule asks the same question of it.",
)
_disabled = filled("Disability") & ~one_of("Disability", "NONE")
header(
    "2887Q",
    "A whole authority uses at least eight of the disability codes, NONE apart.",
    "Disability",
    when(total("Disability", pl.col("Disability").filter(_disabled).n_unique()) < 8),
    severity=QUERY,
    about_return=True,
    note="Some tools count the children with NONE instead; the codes are what is asked about.",
)
header(
    "2888Q",
    "Some child in the whole return has more than one disability.",
    "Disability",
    when(
        every(
            total("Disability", _disabled.sum()) > 0,
            total("Disability", pl.col("_child").filter(_disabled).is_duplicated().any()).not_(),
        )
    ),
    severity=QUERY,
    about_return=True,
)

_upn = pl.col("UPN")
_thirteen = _upn.str.len_chars() == 13
_digits = [_upn.str.slice(place - 1, 1).cast(pl.Int64, strict=False) * place for place in range(2, 14)]
_letter = pl.lit(list("ABCDEFGHJKLMNPQRTUVWXYZ")).list.get(pl.sum_horizontal(_digits, ignore_nulls=False) % 23)
rule(
    "1510",
    "The first letter of a pupil number is the check letter of the twelve digits after it.",
    "UPN",
    when(_upn.str.contains(r"^.\d{12}$") & (_upn.str.slice(0, 1) != _letter)),
    note="A temporary pupil number, which ends in a letter, is not tested.",
)
rule("1520", "No two children have the same pupil number.", "UPN", unique("Child", "UPN"))
rule(
    "1530",
    "The second to fourth characters of a pupil number are the number of an authority that has given them out.",
    "UPN",
    when(_thirteen & ~one_of(_upn.str.slice(1, 3), OF_PUPIL_NUMBERS)),
)
rule(
    "1540",
    "The fifth to twelfth characters of a pupil number are digits.",
    "UPN",
    when(filled("UPN") & ~_upn.str.slice(4, 8).str.contains(r"^\d{8}$")),
)
rule(
    "1550",
    "The last character of a pupil number is a digit, or a capital letter other than I, O and S.",
    "UPN",
    when(_thirteen & ~_upn.str.contains(r"[0-9A-HJ-NP-RT-Z]$")),
)
rule(
    "1560Q",
    "A former pupil number is a letter, eleven digits, and a digit or a letter.",
    "FormerUPN",
    when(filled("FormerUPN") & ~pl.col("FormerUPN").str.contains(r"^[A-Za-z]\d{11}[0-9A-Za-z]$")),
    severity=QUERY,
    note="A temporary number, which ends in a letter, is sound; some tools query it.",
)
rule(
    "1570",
    "A child's id is at most 20 characters long.",
    "LAchildID",
    when(pl.col("LAchildID").str.len_chars() > 20),
    since=FROM_2025,
)
rule(
    "1580",
    "A child's id is made of letters and digits only.",
    "LAchildID",
    when(pl.col("LAchildID").str.contains(r"[^A-Za-z0-9]")),
    since=FROM_2025,
    note="Only the letters A to Z count: some tools let others pass.",
)
rule(
    "4180",
    "A child's sex is given, as M, F or U.",
    "Sex",
    must_be_in_list("Sex", "M F U"),
    since=FROM_2025,
)
rule(
    "4180",
    "A child's gender is given, as 0, 1, 2 or 9.",
    "GenderCurrent",
    must_be_in_list("GenderCurrent", "0 1 2 9"),
    until=FROM_2025 - 1,
)
rule(
    "4220",
    "A child's ethnicity is given, by one of the published codes.",
    "Ethnicity",
    must_be_in_published_list("Ethnicity", "ethnicity"),
)
rule("8500", "Every child has an id.", "LAchildID", required("LAchildID"))
rule("8510", "Each child is in the return once.", "LAchildID", unique("Child", "LAchildID"))
rule(
    "8520",
    "A child's birth date is not after the end of the census year.",
    "PersonBirthDate ReferenceDate",
    not_after("PersonBirthDate", YEAR_END),
)
rule(
    "8525Q",
    "A child has either a birth date or an expected birth date, and not both.",
    "PersonBirthDate ExpectedPersonBirthDate",
    when(filled("PersonBirthDate") == filled("ExpectedPersonBirthDate")),
    severity=QUERY,
)
rule(
    "8530Q",
    "An expected birth date is between 30 days before the end of the year and nine months after it.",
    "ExpectedPersonBirthDate",
    when(
        either(
            pl.col("ExpectedPersonBirthDate") < days_after(YEAR_END, -30),
            pl.col("ExpectedPersonBirthDate") > YEAR_END.dt.offset_by("9mo"),
        )
    ),
    severity=QUERY,
    note="The days at either limit are allowed; some tools query them.",
)
rule(
    "8535Q",
    "A child who has died has a birth date, and it is not after the death.",
    "PersonDeathDate PersonBirthDate",
    when(
        filled("PersonDeathDate")
        & either(blank("PersonBirthDate"), pl.col("PersonBirthDate") > pl.col("PersonDeathDate"))
    ),
    severity=QUERY,
)
_some_went_on = has("CINdetails", went_on())
_none_of_the_codes = filled("Disability") & ~one_of(
    "Disability", "NONE MOB HAND PC INC COMM LD HEAR VIS BEH CON AUT DDA"
)
rule(
    "8540",
    "A born child whose referral went on has a disability code, or NONE, from the published list.",
    "Disability PersonBirthDate ReferralNFA",
    when(
        every(
            filled("PersonBirthDate"),
            _some_went_on,
            either(~has("Disability", filled("Disability")), has("Disability", _none_of_the_codes)),
        )
    ),
)
rule(
    "8545Q",
    "A child's death is within the census year.",
    "PersonDeathDate",
    within_year("PersonDeathDate"),
    severity=QUERY,
)
rule("8590", "Every child in the census has a referral.", "LAchildID", in_table("CINdetails"))
rule(
    "8750",
    "The sex of a child not yet born is U.",
    "Sex PersonBirthDate ExpectedPersonBirthDate",
    when(filled("ExpectedPersonBirthDate") & blank("PersonBirthDate") & ~one_of("Sex", "U")),
    since=FROM_2025,
)
rule(
    "8750",
    "The gender of a child not yet born is 0.",
    "GenderCurrent PersonBirthDate ExpectedPersonBirthDate",
    when(filled("ExpectedPersonBirthDate") & blank("PersonBirthDate") & ~one_of("GenderCurrent", "0")),
    until=FROM_2025 - 1,
)
_no_number = every(blank("UPN"), ~one_of("UPNunknown", "UN2 UN3 UN4 UN5 UN6 UN7"), _some_went_on)
rule(
    "8770Q",
    "A child of school age whose referral went on has a pupil number, or a reason why there is none.",
    "UPN UPNunknown PersonBirthDate ReferralNFA",
    when(_no_number & (pl.col("PersonBirthDate") <= pl.date(YEAR_END.dt.year() - 6, 8, 31))),
    severity=QUERY,
    since=FROM_2025,
)
rule(
    "8770Q",
    "A child over six whose referral went on has a pupil number, or a reason why there is none.",
    "UPN UPNunknown PersonBirthDate ReferralNFA",
    when(_no_number & (birthday("PersonBirthDate", 6) < YEAR_END)),
    severity=QUERY,
    until=FROM_2025 - 1,
)
rule(
    "8772",
    "The reason UN7 is given only where each of the child's referrals led to no further action.",
    "UPNunknown ReferralNFA",
    when(one_of("UPNunknown", "UN7") & has("CINdetails", ~no_further_action())),
)
_at_25 = birthday("PersonBirthDate", 25)
rule(
    "8775Q",
    "Nobody's case is open after their 25th birthday.",
    "PersonBirthDate CINclosureDate",
    when(
        (_at_25 < YEAR_END)
        & either(
            has("CINdetails", blank("CINclosureDate")),
            of("CINdetails", pl.col("CINclosureDate").max()) > _at_25,
        )
    ),
    severity=QUERY,
)
disability(
    "8790",
    "A child with the code NONE has no other disability.",
    "Disability",
    when(_disabled & has("Disability", one_of("Disability", "NONE"))),
)
disability(
    "8794",
    "A child has each disability code once.",
    "Disability",
    when(own("Disability", pl.struct("_child", "Disability").is_duplicated()) & filled("Disability")),
)
