"""The borough is the same each time, has its personas and its planted failures, and is nobody real."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections import Counter
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache

import polars as pl

from kith.analysis.charts import xmr
from kith.statutory.returns.ssd import journeys
from kith.statutory.returns.ssd.dataset import Dataset
from kith.statutory.timescales.clocks import deadlines
from kith.statutory.timescales.loading import rule_book
from kith.synthetic.borough import Borough, build
from kith.synthetic.planning import plan_care
from kith.synthetic.world import new_world
from kith.vocabulary.working_days import england

DIGEST = """
import sys
from datetime import date
from kith.synthetic.borough import build
from tests.unit.synthetic.test_borough import digest
print(digest(build(seed=11, on=date(2026, 11, 22)).dataset))
"""
ROLES = {"adoption_officer", "adoption_second", "designated_officer"} | {
    "social_worker",
    "team_manager",
    "mash_worker",
    "edt_worker",
    "missing_coordinator",
    "reviewing_officer",
    "auditor",
    "divisional_director",
    "data_officer",
    "barred",
}


def digest(dataset: Dataset) -> str:
    """One short text that changes when any value of any row does."""
    whole = hashlib.sha256()
    for name in sorted(dataset.tables):
        whole.update(name.encode() + dataset.tables[name].write_csv().encode())
    return whole.hexdigest()


def test_two_builds_in_different_processes_are_the_same_row_for_row(borough: Borough) -> None:
    environment = os.environ | {"PYTHONHASHSEED": "4242"}
    other = subprocess.run(
        [sys.executable, "-c", DIGEST], env=environment, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert other == digest(borough.dataset)


def test_another_seed_plans_another_story(on: date) -> None:
    one, same, other = (plan_care(new_world(seed=seed, on=on, borough=0)) for seed in (11, 11, 12))
    assert one == same
    assert one != other


def test_more_boroughs_never_share_an_id_and_the_first_stays_as_it_was(borough: Borough, on: date) -> None:
    both = build(seed=11, on=on, boroughs=2).dataset
    first = borough.dataset.table("ssd_cp_visits")
    assert both.table("ssd_cp_visits").head(first.height).equals(first)
    people = both.table("ssd_person")["pers_person_id"]
    assert people.n_unique() == people.len()
    sizes = Counter(person[1:3] for person in people)  # the kind, the borough, a number
    assert len(sizes) == 2
    assert min(sizes.values()) > 0.95 * max(sizes.values())
    names = both.table("ssd_department")["dept_team_name"]
    assert names.n_unique() == names.len()


def test_it_is_the_size_it_says(borough: Borough) -> None:
    assert 20_000 < borough.dataset.table("ssd_person").height < 45_000
    assert 280 < borough.dataset.table("kith_post").filter(pl.col("post_end_date").is_null()).height < 330
    assert borough.dataset.table("ssd_cin_episodes").height > 23_000


def test_every_role_has_a_persona_who_holds_that_post_today(borough: Borough) -> None:
    assert set(borough.personas) == ROLES
    posts = borough.dataset.table("kith_post").filter(pl.col("post_end_date").is_null())
    held = dict(zip(posts["post_worker_id"], posts["post_role"], strict=True))
    for role, worker in borough.personas.items():
        assert held[worker] == {"barred": "social_worker", "adoption_second": "adoption_officer"}.get(role, role)
    assert len(set(borough.personas.values())) == len(ROLES)


def test_the_social_worker_has_a_caseload_in_her_managers_team(borough: Borough) -> None:
    rows = borough.dataset.table("ssd_involvements").filter(
        (pl.col("invo_professional_id") == borough.personas["social_worker"])
        & pl.col("invo_involvement_end_date").is_null()
    )
    assert 14 <= rows["invo_person_id"].n_unique() <= 20
    posts = borough.dataset.table("kith_post")
    team = {
        role: posts.filter(pl.col("post_worker_id") == borough.personas[role])["post_team_id"][0]
        for role in ("social_worker", "team_manager")
    }
    assert set(rows["invo_professional_team"]) == set(team.values())


def test_two_brothers_on_plans_are_soon_due_a_visit(borough: Borough, on: date) -> None:
    assert len(borough.brothers) == 2
    rows = borough.dataset.table("ssd_involvements").filter(
        pl.col("invo_person_id").is_in(borough.brothers) & pl.col("invo_involvement_end_date").is_null()
    )
    assert set(rows["invo_professional_id"]) >= {borough.personas["social_worker"]}
    visits = borough.dataset.table("ssd_cp_visits").filter(
        pl.col("cppv_person_id").is_in(borough.brothers) & (pl.col("cppv_cp_visit_seen") == "Y")
    )
    last = visits.group_by("cppv_person_id").agg(pl.col("cppv_cp_visit_date").max())["cppv_cp_visit_date"]
    assert len(set(last)) == 1
    assert 4 <= england().between(last[0], on) <= 10


def test_the_barred_worker_has_never_held_the_family(borough: Borough) -> None:
    worker, family = borough.barred
    assert worker == borough.personas["barred"]
    assert len(family) >= 2
    rows = borough.dataset.table("ssd_involvements").filter(pl.col("invo_professional_id") == worker)
    assert not set(rows["invo_person_id"]) & set(family)
    assert not set(family) & set(borough.brothers)


def test_some_records_are_restricted_and_none_of_them_is_a_personas(borough: Borough) -> None:
    details = borough.dataset.table("kith_person_detail")
    restricted = set(details.filter(pl.col("pdet_restriction") == "R1")["pdet_person_id"])
    assert 8 <= len(restricted) <= 60
    assert not restricted & (set(borough.barred[1]) | set(borough.brothers))


def test_the_list_of_planted_failures_can_be_written_as_json(borough: Borough) -> None:
    listed = json.loads(json.dumps([asdict(item) for item in borough.planted]))
    assert len(listed) == len(borough.planted)
    assert all(item["what"] and item["expect"] and item["why"] for item in listed)
    grown_up = {item["person_id"] for item in listed if "allegations_weighed" in item["controls"]}
    assert grown_up <= set(borough.dataset.table("kith_adult")["adul_person_id"])
    people = set(borough.dataset.table("ssd_person")["pers_person_id"])
    assert {item["person_id"] for item in listed} - grown_up <= people


def test_the_clocks_catch_each_planted_failure_that_names_a_rule(borough: Borough, on: date) -> None:
    rows = _deadlines(borough, on)
    overdue = rows.filter(pl.col("state") == "overdue").select("child", "rule")
    caught = set(zip(overdue["child"], overdue["rule"], strict=True))
    named = [item for item in borough.planted if item.expect.startswith("rule ")]
    assert len(named) >= 15
    missed = [
        item
        for item in named
        if not any((item.person_id, rule) in caught for rule in item.expect.removeprefix("rule ").split(" or "))
    ]
    assert missed == []


def test_most_open_work_is_not_overdue(borough: Borough, on: date) -> None:
    """Today must look like a council on an ordinary day: much to do, a little of it late."""
    rows = _deadlines(borough, on)
    for rule, most in (
        ("cp_visit", 0.15),
        ("cin_visit", 0.08),
        ("assessment_complete", 0.10),
        ("cla_review_subsequent", 0.08),
        ("core_group_subsequent", 0.08),
    ):
        live = rows.filter((pl.col("rule") == rule) & pl.col("state").is_in(["not_due", "due_soon", "overdue"]))
        assert live.height > 100, rule
        late = live.filter(pl.col("state") == "overdue").height
        assert late <= most * live.height, f"{rule}: {late} of {live.height} are overdue"


@cache
def _deadlines(borough: Borough, on: date) -> pl.DataFrame:
    dataset = borough.dataset
    people = dataset.table("ssd_person").select(child="pers_person_id", dob="pers_dob")
    facts = journeys.facts(dataset)
    return deadlines(facts=facts, rules=rule_book(), calendar=england(), on=on, people=people)


def test_strategy_decisions_were_made_the_same_day_until_three_weeks_ago(borough: Borough, on: date) -> None:
    meetings = borough.dataset.table("kith_strategy_meeting").unique("stra_meeting_id")
    same = (pl.col("stra_decided_date") == pl.col("stra_held_date")).fill_null(False)
    day, weeks = pl.col("stra_held_date"), on - timedelta(days=21)
    before = meetings.filter((day < weeks) & (day > on - timedelta(days=200))).select(same.mean()).item()
    after = meetings.filter((day >= weeks) & (day < on)).select(same.mean()).item()
    assert before > 0.96
    assert after < 0.75


def test_the_chart_of_same_day_decisions_says_that_it_got_worse_and_not_before(borough: Borough, on: date) -> None:
    meetings = borough.dataset.table("kith_strategy_meeting").filter(pl.col("stra_held_date") < on)
    same = (pl.col("stra_decided_date") == pl.col("stra_held_date")).fill_null(False)
    weeks = (
        meetings.group_by(week=pl.col("stra_held_date").dt.truncate("1w")).agg(percent=100 * same.mean()).sort("week")
    )
    points = [xmr.Point(week, percent) for week, percent in weeks.tail(60).iter_rows()]
    drawn = xmr.chart(points=points, good="high", best=100.0, baseline=47)
    low = [signal.last for signal in drawn.signals if signal.rule == "beyond" and signal.way == "worse"]
    assert xmr.verdict(drawn).kind == "worse"
    assert sum(place >= 56 for place in low) >= 2, "the planted weeks are beyond the limits"
    assert sum(40 <= place < 56 for place in low) <= 2, "the weeks before them are not, but for a rare one"


def test_a_child_found_by_another_spelling_is_there_to_be_found(borough: Borough) -> None:
    people = borough.dataset.table("ssd_person")
    assert {"Muhammad", "Mohammed", "Siobhán"} <= set(people["pers_forename"])
    assert {"Nguyễn", "Nguyen", "Ли"} <= set(people["pers_surname"])
    assert borough.dataset.table("kith_alias").height > 100


def test_unborn_children_have_a_date_they_are_expected_and_none_they_were_born(borough: Borough, on: date) -> None:
    undated = borough.dataset.table("ssd_person").filter(pl.col("pers_dob").is_null())
    unborn = undated.filter(pl.col("pers_expected_dob").is_not_null())
    assert unborn.height >= 10
    again = undated.filter(pl.col("pers_expected_dob").is_null())  # written twice, the other time without a date
    assert set(again["pers_person_id"]) <= {each.id for each in borough.planted}
    assert (unborn["pers_expected_dob"] > on).all()
    assert unborn["pers_common_child_id"].null_count() == unborn.height


def test_some_fathers_are_not_known(borough: Borough) -> None:
    fathers = borough.dataset.table("kith_relationship").filter(pl.col("rela_kind") == "father")
    unknown = fathers.filter(pl.col("rela_other_person_id").is_null()).height
    assert 0.08 < unknown / fathers.height < 0.25


def test_children_with_open_work_have_their_own_words(borough: Borough) -> None:
    asha = borough.dataset.table("ssd_involvements").filter(
        (pl.col("invo_professional_id") == borough.personas["social_worker"])
        & pl.col("invo_involvement_end_date").is_null()
    )
    words = borough.dataset.table("kith_person_detail").join(
        asha, left_on="pdet_person_id", right_on="invo_person_id", how="semi"
    )
    born = words.filter(pl.col("pdet_who_i_am").is_not_null())
    assert born.height >= words.height - 2


def test_the_authority_has_requests_to_answer_and_a_census_and_none_of_what_is_still_to_come(
    borough: Borough, on: date
) -> None:
    told = borough.own_duties
    requests = [each for each in told if each.kind == "information_request"]
    assert len({each.reference for each in requests}) == len(requests) >= 50
    assert sum(each.done_on is None for each in requests) in range(1, 12)
    assert all(each.began_on <= (each.done_on or on) <= on for each in told)
    taken = [england().between(each.began_on, each.done_on) for each in requests if each.done_on]
    assert 0 < sum(days > 20 for days in taken) < 0.2 * len(taken), "a few come late"
    censuses = [each.began_on for each in told if each.kind == "workforce_census"]
    assert censuses == [date(2024, 3, 31), date(2025, 3, 31), date(2026, 3, 31)]
    assert build(seed=11, on=on).own_duties == told
