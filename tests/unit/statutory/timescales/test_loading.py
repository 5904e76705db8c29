"""The rule files: what is held is sound, and a bad rule is refused by file, name and mend."""

from __future__ import annotations

from datetime import date

import pytest

from kith.statutory.timescales.book import UnknownRuleError
from kith.statutory.timescales.fact_words import (
    BIRTHDAY,
    authority_facts,
    has_words,
    held_facts,
    roles,
    waiting_facts,
    why_waiting,
)
from kith.statutory.timescales.facts import KNOWN_FACTS
from kith.statutory.timescales.following import FOLLOWING
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
# Rules that the specification writes as one row, and that are counted as two.
OWN = {
    *(
        "adoption_adm_notice_oral",
        "case_supervision_assessment_25",
        "case_supervision_cla",
        "cla_visit_pwp_reg19_weekly",
    ),
    *("cla_visit_reg24_ico_weekly", "court_statement_legal", "cp_chair_midway_later", "exploitation_mace_high"),
    *("foster_training_standards_kinship", "iro_midway_later", "missing_director_72h", "strategy_decision_same_day"),
}
RUNNING = 299


def test_every_rule_can_be_explained_and_falls_to_somebody() -> None:
    for rule in rule_book().whole:
        assert rule.sentence[0].isupper()
        assert not rule.sentence.endswith(".")
        assert rule.citation
        assert roles()[rule.falls_to]
        facts = [watch.fact for watch in (*rule.opened_by, *rule.completed_by, *rule.ends)]
        assert [fact for fact in facts if not has_words(fact)] == []


def test_a_rule_checked_only_as_local_may_be_changed_and_the_law_is_never_called_local() -> None:
    for rule in rule_book().whole:
        assert rule.checked != "L" or rule.local
        assert rule.standing != "local default" or rule.local
        assert rule.standing != "statutory" or "Local" not in rule.citation


def test_the_whole_specification_is_in_the_book() -> None:
    book = rule_book()
    names = {rule.id for rule in book.whole}
    assert len(names) == len(book.whole.rules) == 299
    assert names > OWN
    assert len(names - OWN) == 287


def test_the_rules_that_run_are_those_whose_facts_are_held() -> None:
    book = rule_book()
    assert len({rule.id for rule in book}) == RUNNING
    for rule in book:
        assert any(watch.fact in held_facts() for watch in rule.opened_by)
    for rule in book.waiting:
        assert rule.waits_for
        assert [fact for fact in rule.waits_for if fact in held_facts()] == []


def test_every_fact_declared_is_named_by_a_rule_and_none_is_both_held_and_waited_for() -> None:
    named = {watch.fact for rule in rule_book().whole for watch in (*rule.opened_by, *rule.completed_by, *rule.ends)}
    named |= {f"{condition.period}.started" for rule in rule_book().whole for condition in rule.conditions}
    named |= {rule.leg.fact for rule in rule_book().whole if rule.leg}
    assert sorted(set(waiting_facts()) - named) == []
    assert set(held_facts()) & set(waiting_facts()) == set()
    assert set(why_waiting()) <= set(waiting_facts())
    assert set(held_facts()) - {BIRTHDAY} - set(authority_facts()) <= KNOWN_FACTS | FOLLOWING
    assert {rule.id for rule in rule_book() if rule.of_nobody} == {
        "annex_a_ready",
        "foi_20_wd",
        "macpt",
        "return_cin_census",
        "return_csww",
        "return_ssda903",
    }


def test_a_rule_with_no_day_set_for_it_is_not_in_force() -> None:
    not_yet = [rule for rule in rule_book().whole if not rule.commenced]
    assert [rule.id for rule in not_yet] == ["fgdm_offer", "macpt"]
    with pytest.raises(UnknownRuleError, match="No day is set yet"):
        rule_book().rule("fgdm_offer", on=date(2030, 1, 1))


def test_a_good_rule_is_read() -> None:
    rule = read_rules({"trials.toml": GOOD}).rule("trial")
    assert (rule.process, str(rule.count), rule.since) == ("Trials", "WD+5", date(2020, 4, 1))
    assert rule.opened_by[0].fact in KNOWN_FACTS


@pytest.mark.parametrize(
    ("old", "new", "what", "mend"),
    [
        ("referral.opened", "referal.opened", "“referal.opened” is not a fact", "Did you mean “referral.opened”?"),
        ("visit.happened", "visit.started", "“visit.started” is not a fact", "Did you mean"),
        ('"social_worker"', '"teacher"', "its falls_to is “teacher”", "Write one of"),
        ('citation = "Local standard"', "", "its citation is missing", "Give it a citation"),
        ('citation = "Local standard"', 'citation = " "', "its citation is missing", "Give it a citation"),
        ('count = "WD+5"', 'count = "5 days"', "“5 days” is not a count", "Mend the count"),
        ('link = "child" }]', 'link = "child" }]\nthen = ["WD-5"]\nwarn = "CD-1"', "it counts backwards", "planned"),
        ('count = "WD+5"', 'count = "=30 Feb"', "not in every year", "Mend the count"),
        ('count = "WD+5"', 'count = "WD+5"\nwarn = "WD+6"', "its warning comes after it is due", "no later than WD+5"),
        ('count = "WD+5"', 'count = "WD+5"\nwarn = "TERM+1"', "not a plain count", "WD, CD, W, M or H"),
        ('count = "WD+5"', 'count = "CD+0"\nthen = ["CD+0"]\nwarn = "CD-0"', "for ever", "an interval"),
        ('count = "WD+5"', 'count = "W+5"\nthen = ["W+6"]\nnth = "2+"\nwarn = "CD-1"', "it is a chain", "“nth” or"),
        ('completed_by = [{ fact = "visit.happened", link = "child" }]', "", "its completed_by is missing", "Say"),
        (
            'completed_by = [{ fact = "visit.happened", link = "child" }]',
            'derived = true\nthen = ["WD+6"]\nwarn = "CD-1"',
            "nothing completes it",
            "Say what completes it",
        ),
        (
            'checked = "L"',
            'checked = "L"\nends = [{ fact = "visit.happened", link = "child" }]',
            "both completes",
            "two",
        ),
        ('checked = "L"', 'checked = "L"\nchild_age_from = 5\nchild_age_under = 5', "no child can be", "below"),
        (
            'checked = "L"',
            'checked = "L"\nwhile = [{ period = "home", age_from = "M+12", age_under = "W+6" }]',
            "no period can be",
            "below",
        ),
        (
            'checked = "L"',
            'checked = "L"\nor = { fact = "visit.happened", count = "H+4" }',
            "its other way to count",
            "days or months",
        ),
        ('checked = "L"', 'checked = "L"\ngives_way_to = ["trail"]', "it gives way to “trail”", "Did you mean “trial”"),
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


def test_a_rule_whose_facts_are_not_held_is_whole_and_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    held = {fact: words for fact, words in held_facts().items() if fact != "visit.happened"}
    monkeypatch.setattr("kith.statutory.timescales.entries.held_facts", lambda: held)
    book = read_rules({"trials.toml": GOOD})
    assert book.rules == ()
    assert [rule.waits_for for rule in book.waiting] == [("visit.happened",)]
    assert book.whole.rules == book.waiting
    assert book.rule("trial").sentence == "A visit follows a referral"
    assert book.only("trial").rules == book.waiting


def test_an_unknown_rule_is_refused_with_where_to_look() -> None:
    with pytest.raises(UnknownRuleError, match="kith due --list"):
        rule_book().rule("teatime")
