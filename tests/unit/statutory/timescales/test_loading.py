"""The rule files: what is held is sound, and a bad rule is refused by file, name and mend."""

from __future__ import annotations

from datetime import date

import pytest

from kith.statutory.timescales.book import UnknownRuleError
from kith.statutory.timescales.fact_words import has_words
from kith.statutory.timescales.facts import KNOWN_FACTS
from kith.statutory.timescales.loading import RuleFileError, read_rules, rule_book

GOOD = """
process = "Trials"
[[rule]]
id = "trial"
sentence = "A visit follows a referral"
opened_by = { fact = "referral.opened" }
count = "WD+5"
completed_by = [{ fact = "visit.happened", link = "child" }]
falls_to = "social_worker"
standing = "local default"
citation = "Local standard"
checked = "L"
from = 2020-04-01
"""
ROLES = {"social_worker", "team_manager", "mash_worker", "edt_worker", "missing_coordinator", "reviewing_officer"}


def test_every_rule_that_runs_can_be_explained_and_falls_to_a_role() -> None:
    for rule in rule_book():
        assert rule.sentence[0].isupper()
        assert not rule.sentence.endswith(".")
        assert rule.citation
        assert rule.falls_to in ROLES
        facts = [watch.fact for watch in (*rule.opened_by, *rule.completed_by, *rule.ends)]
        assert [fact for fact in facts if not has_words(fact)] == []


def test_a_rule_checked_only_as_local_is_a_local_default_and_the_law_is_never_called_local() -> None:
    for rule in rule_book():
        assert rule.checked != "L" or rule.standing == "local default"
        assert rule.standing != "statutory" or "Local" not in rule.citation


def test_the_whole_specification_is_named() -> None:
    book = rule_book()
    names = {rule.id for rule in book} | {entry.id for entry in book.waiting}
    own = {"strategy_decision_same_day", "cla_visit_reg24_ico_weekly"}
    assert len(names) == 289
    assert len(names - own) == 287


def test_a_rule_that_waits_says_for_what_and_by_which_law() -> None:
    for entry in rule_book().waiting:
        assert entry.waiting_for
        assert entry.citation
        assert entry.process


def test_a_good_rule_is_read() -> None:
    rule = read_rules({"trials.toml": GOOD}).rule("trial")
    assert (rule.process, str(rule.count), rule.since) == ("Trials", "WD+5", date(2020, 4, 1))
    assert rule.opened_by[0].fact in KNOWN_FACTS


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("referral.opened", "referal.opened", "“referal.opened” is not a fact", "Did you mean “referral.opened”?"),
        ("visit.happened", "visit.started", "“visit.started” is not a fact", "Did you mean"),
        ('citation = "Local standard"', "", "its citation is missing", "Give it a citation"),
        ('citation = "Local standard"', 'citation = " "', "its citation is missing", "Give it a citation"),
        ('count = "WD+5"', 'count = "5 days"', "“5 days” is not a count", "Mend the count"),
        ('count = "WD+5"', 'count = "WD-5"', "it counts backwards", "earlier fact"),
        ('count = "WD+5"', 'count = "M+3"\nmode = "inclusive"', "only days and weeks can begin", "WD, CD or W"),
        ('count = "WD+5"', 'count = "M+3"\nthen = ["M+6"]\nwarn = "WD+4"', "it recurs", "CD-7"),
        ("from = 2020-04-01", "", "the day it came into force is missing", "“from”"),
        ("from = 2020-04-01", 'from = "2020-04-01"', "its “from” is not a date", "without quotes"),
        ("from = 2020-04-01", "from = 2020-04-01\nuntil = 2019-01-01", "before it starts", "after"),
        ('checked = "L"', 'checked = "X"', "its checked is “X”", "P, D, S, K, L"),
        ('standing = "local default"', 'standing = "law"', "its standing is “law”", "statutory"),
        ('link = "child"', 'link = "cousin"', "linked by “cousin”", "ref, span, child"),
        ("falls_to", "falls_too", "“falls_too”, which means nothing here", "Did you mean “falls_to”?"),
        ('sentence = "A visit follows a referral"', "", "its sentence is missing", "Give it a sentence"),
        ('checked = "L"', 'checked = "L"\nnth = "two"', "its nth is “two”", "2+"),
        ('checked = "L"', 'checked = "L"\nwhile = [{ period = "house" }]', "“house” is not a period", "Did you mean"),
        (
            'checked = "L"',
            'checked = "L"\nwhile = [{ no = "home", age_from = "WD+5" }]',
            "the age of a period",
            "CD, W or M",
        ),
    ],
)
def test_a_bad_rule_is_refused_by_file_name_and_mend(old: str, new: str, what: str, mend: str) -> None:
    assert old in GOOD
    with pytest.raises(RuleFileError) as refused:
        read_rules({"trials.toml": GOOD.replace(old, new, 1)})
    assert refused.value.sentence.startswith("trials.toml, rule “trial”: ")
    assert what in refused.value.sentence
    assert mend in refused.value.mend


def test_a_rule_without_an_id_is_refused() -> None:
    with pytest.raises(RuleFileError, match="without an id"):
        read_rules({"trials.toml": GOOD.replace('id = "trial"', "")})


def test_two_versions_in_force_on_one_day_are_refused_with_the_date_that_mends_it() -> None:
    second = GOOD.replace("2020-04-01", "2024-04-01").replace('process = "Trials"', "")
    with pytest.raises(RuleFileError, match="until = 2024-03-31"):
        read_rules({"trials.toml": GOOD + second})


def test_a_version_that_ends_the_day_before_the_next_is_accepted_and_chosen_by_day() -> None:
    first = GOOD + "until = 2024-03-31\n"
    second = GOOD.replace("2020-04-01", "2024-04-01").replace("WD+5", "WD+10")
    book = read_rules({"a.toml": first, "b.toml": second})
    assert str(book.rule("trial", on=date(2024, 3, 31)).count) == "WD+5"
    assert str(book.rule("trial", on=date(2024, 4, 1)).count) == "WD+10"
    with pytest.raises(UnknownRuleError, match="has been in force since 2020-04-01"):
        book.rule("trial", on=date(2019, 1, 1))


def test_a_file_that_cannot_be_read_is_named() -> None:
    with pytest.raises(RuleFileError, match=r"trials\.toml cannot be read"):
        read_rules({"trials.toml": "[[rule"})


def test_a_rule_cannot_both_run_and_wait() -> None:
    waiting = """
[[waiting]]
id = "trial"
sentence = "A visit follows a referral"
count = "WD+5"
waiting_for = "visits"
citation = "Local standard"
standing = "local default"
checked = "L"
"""
    with pytest.raises(RuleFileError, match="also listed as waiting"):
        read_rules({"trials.toml": GOOD + waiting})


def test_an_unknown_rule_is_refused_with_where_to_look() -> None:
    with pytest.raises(UnknownRuleError, match="kith due --list"):
        rule_book().rule("teatime")
