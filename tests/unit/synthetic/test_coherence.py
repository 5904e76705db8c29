"""The invented borough's stories hang together: nothing comes before its cause, outside its time or to nobody."""

from __future__ import annotations

import json
from datetime import date

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references, schema
from kith.synthetic.borough import Borough
from kith.vocabulary.working_days import england

BEFORE_BIRTH = pl.duration(days=285)
PLAN_TABLES = (("ssd_cp_visits", "cppv"), ("ssd_cp_reviews", "cppr"))


def test_every_id_that_is_pointed_at_exists(borough: Borough) -> None:
    tables = borough.dataset.tables
    for name, table in tables.items():
        for column, target in references(name).items():
            other, key = target.split(".")
            if other not in tables:
                continue
            known = pl.concat([tables[other][key], *_adults(tables, key)])
            lost = table[column].drop_nulls()
            lost = lost.filter(~lost.is_in(known.implode()))
            assert lost.is_empty(), f"{name}.{column} points at {lost[0]}, which is not in {target}"


def _adults(tables: dict[str, pl.DataFrame], key: str) -> list[pl.Series]:
    return [tables["kith_adult"]["adul_person_id"]] if key == "pers_person_id" else []


def test_workers_and_teams_named_anywhere_exist(borough: Borough) -> None:
    tables = borough.dataset.tables
    workers, teams = tables["ssd_professionals"]["prof_professional_id"], tables["ssd_department"]["dept_team_id"]
    for name, table in tables.items():
        for column in table.columns:
            known = workers if column.endswith("_worker_id") else teams if column.endswith("_team_id") else None
            if known is not None:
                assert set(table[column].drop_nulls()) <= set(known), f"{name}.{column}"


def test_no_key_is_used_twice(borough: Borough) -> None:
    from kith.statutory.returns.ssd.dataset import keys

    for name, table in borough.dataset.tables.items():
        key = list(keys(name))
        if key:
            assert table.select(key).is_duplicated().sum() == 0, name


def test_nothing_is_recorded_after_the_story_ends(borough: Borough, on: date) -> None:
    to_come = {
        "pers_expected_dob",
        "prom_due_date",
        "icpc_icpc_target_date",
        "cppr_cp_review_due",
        "clar_cla_review_due_date",
        "work_planned_date",
    }
    for name, table in borough.dataset.tables.items():
        for column, kind in schema(name).items():
            if kind == pl.Date and column not in to_come:
                latest = table[column].max()
                assert latest is None or latest <= on, f"{name}.{column} says {latest}"


def test_nothing_happens_to_a_child_long_before_birth(borough: Borough) -> None:
    people = borough.dataset.table("ssd_person").select(
        person="pers_person_id", born=pl.coalesce("pers_dob", "pers_expected_dob")
    )
    for name, column, day in (
        ("ssd_contacts", "cont_person_id", "cont_contact_date"),
        ("ssd_cin_episodes", "cine_person_id", "cine_referral_date"),
        ("ssd_cp_plans", "cppl_person_id", "cppl_cp_plan_start_date"),
    ):
        early = borough.dataset.table(name).join(people, left_on=column, right_on="person")
        assert early.filter(pl.col(day) < pl.col("born") - BEFORE_BIRTH).is_empty(), name
    for name, column, day in (
        ("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date"),
        ("ssd_missing", "miss_person_id", "miss_missing_episode_start_date"),
        ("ssd_cla_visits", "clav_person_id", "clav_cla_visit_date"),
    ):
        early = borough.dataset.table(name).join(people, left_on=column, right_on="person")
        assert early.filter(pl.col(day) < pl.col("born")).is_empty(), name


def test_every_plan_has_the_conference_that_made_it(borough: Borough) -> None:
    plans, conferences = borough.dataset.table("ssd_cp_plans"), borough.dataset.table("ssd_initial_cp_conference")
    both = plans.join(conferences, left_on="cppl_icpc_id", right_on="icpc_icpc_id")
    assert both.height == plans.height > 1000
    assert (both["cppl_cp_plan_start_date"] == both["icpc_icpc_date"]).all()
    assert (both["cppl_person_id"] == both["icpc_person_id"]).all()
    assert (both["icpc_icpc_outcome_cp_flag"] == "Y").all()


def test_every_conference_follows_an_enquiry_and_every_enquiry_a_strategy_meeting(borough: Borough) -> None:
    enquiries = borough.dataset.table("ssd_s47_enquiry")
    conferences = borough.dataset.table("ssd_initial_cp_conference")
    led = conferences.join(enquiries, left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id")
    assert led.height == conferences.height
    assert (led["s47e_s47_start_date"] < led["icpc_icpc_date"]).all()
    meetings = borough.dataset.table("kith_strategy_meeting")
    both = enquiries.join(
        meetings,
        left_on=["s47e_person_id", "s47e_s47_start_date"],
        right_on=["stra_person_id", "stra_held_date"],
        how="anti",
    )
    assert both.is_empty()


def test_brothers_and_sisters_share_a_conference(borough: Borough) -> None:
    held = borough.dataset.table("ssd_initial_cp_conference").join(
        borough.dataset.table("ssd_family"), left_on="icpc_person_id", right_on="fami_person_id"
    )
    sizes = held.group_by("icpc_icpc_meeting_id").agg(pl.col("fami_family_id").n_unique(), children=pl.len())
    assert (sizes["fami_family_id"] == 1).all()
    assert sizes.filter(pl.col("children") > 1).height > 100


def test_visits_and_reviews_fall_inside_their_plan(borough: Borough) -> None:
    plans = borough.dataset.table("ssd_cp_plans")
    for name, short in PLAN_TABLES:
        day = f"{short}_cp_visit_date" if "visit" in name else f"{short}_cp_review_date"
        rows = borough.dataset.table(name)
        both = rows.join(plans, left_on=f"{short}_cp_plan_id", right_on="cppl_cp_plan_id")
        assert both.height == rows.height > 1000
        assert (both[f"{short}_person_id"] == both["cppl_person_id"]).all()
        outside = (pl.col(day) < pl.col("cppl_cp_plan_start_date")) | (pl.col(day) > pl.col("cppl_cp_plan_end_date"))
        assert both.filter(outside).is_empty(), name


def test_children_in_need_are_visited_only_while_their_case_is_open(borough: Borough) -> None:
    visits = borough.dataset.table("ssd_cin_visits")
    cases = borough.dataset.table("ssd_cin_episodes").select("cine_person_id", "cine_referral_date", "cine_close_date")
    both = visits.join(cases, left_on="cinv_person_id", right_on="cine_person_id")
    day = pl.col("cinv_cin_visit_date")
    inside = both.filter(
        (day >= pl.col("cine_referral_date"))
        & (pl.col("cine_close_date").is_null() | (day <= pl.col("cine_close_date")))
    )
    assert inside["cinv_cin_visit_id"].n_unique() == visits.height


def test_looked_after_visits_and_reviews_fall_inside_care(borough: Borough) -> None:
    care = _care(borough.dataset)
    for name, key, day in (
        ("ssd_cla_visits", "clav_cla_id", "clav_cla_visit_date"),
        ("ssd_cla_reviews", "clar_cla_id", "clar_cla_review_date"),
        ("kith_pep", "pepl_cla_id", "pepl_date"),
    ):
        rows = borough.dataset.table(name)
        both = rows.join(care, left_on=key, right_on="clae_cla_id")
        assert both.height == rows.height
        assert both.filter((pl.col(day) < pl.col("entry")) | (pl.col(day) > pl.col("left"))).is_empty(), name


def _care(dataset: Dataset) -> pl.DataFrame:
    episodes = dataset.table("ssd_cla_episodes").sort("clae_cla_id", "clae_cla_episode_start_date")
    return episodes.group_by("clae_cla_id", maintain_order=True).agg(
        entry=pl.col("clae_cla_episode_start_date").first(), left=pl.col("clae_cla_episode_ceased_date").last()
    )


def test_episodes_follow_on_from_one_another_with_codes_that_agree(borough: Borough) -> None:
    episodes = borough.dataset.table("ssd_cla_episodes").sort("clae_cla_id", "clae_cla_episode_start_date")
    homes = borough.dataset.table("ssd_cla_placement")
    both = episodes.join(
        homes, left_on="clae_cla_placement_id", right_on="clap_cla_placement_id", how="left", maintain_order="left"
    )
    same = both["clae_cla_id"] == both["clae_cla_id"].shift(1)
    before = both.with_columns(
        same=same.fill_null(False),
        ended=pl.col("clae_cla_episode_ceased_date").shift(1),
        why=pl.col("clae_cla_episode_ceased_reason").shift(1),
        home=pl.col("clae_cla_placement_id").shift(1),
    )
    first, later = before.filter(~pl.col("same")), before.filter("same")
    assert (first["clae_cla_episode_start_reason"] == "S").all()
    assert (later["ended"] == later["clae_cla_episode_start_date"]).all()
    assert (later["why"] == "X1").all()
    assert set(later["clae_cla_episode_start_reason"]) <= {"L", "P", "B"}
    moved = later["home"] != later["clae_cla_placement_id"]
    assert (moved == later["clae_cla_episode_start_reason"].is_in(["P", "B"])).all()
    done = both.filter(pl.col("clae_cla_episode_ceased_date").is_not_null())
    assert done["clae_cla_episode_ceased_reason"].null_count() == 0
    assert both["clap_cla_placement_type"].null_count() == 0


def test_only_a_court_order_places_a_child_with_parents(borough: Borough) -> None:
    homes = borough.dataset.table("ssd_cla_placement").filter(pl.col("clap_cla_placement_type") == "P1")
    status = borough.dataset.table("ssd_legal_status")
    orders = status.filter(pl.col("lega_legal_status").is_in(["C1", "C2", "E1"]))["lega_person_id"]
    assert homes.height > 20
    assert homes["clap_person_id"].is_in(orders.implode()).all()


def test_brothers_and_sisters_share_a_home(borough: Borough) -> None:
    now = borough.dataset.table("ssd_address").filter(pl.col("addr_address_end_date").is_null())
    home = now.filter(pl.col("addr_address_type") == "home").join(
        borough.dataset.table("ssd_family"), left_on="addr_person_id", right_on="fami_person_id"
    )
    assert (
        home.group_by("fami_family_id").agg(pl.col("addr_address_postcode").n_unique())["addr_address_postcode"] == 1
    ).all()
    for text in home["addr_address_json"].head(50):
        assert {"STREET", "TOWN", "UPRN", "ROOM"} <= json.loads(text).keys()


def test_a_child_has_one_open_case_at_a_time(borough: Borough) -> None:
    cases = borough.dataset.table("ssd_cin_episodes").sort("cine_person_id", "cine_referral_date")
    before = cases.with_columns(
        same=pl.col("cine_person_id") == pl.col("cine_person_id").shift(1), closed=pl.col("cine_close_date").shift(1)
    ).filter("same")
    assert before["closed"].null_count() == 0
    assert (before["closed"] <= before["cine_referral_date"]).all()


def test_a_child_has_one_child_in_need_plan_at_a_time(borough: Borough) -> None:
    plans = borough.dataset.table("ssd_cin_plans").sort("cinp_person_id", "cinp_cin_plan_start_date")
    before = plans.with_columns(
        same=pl.col("cinp_person_id") == pl.col("cinp_person_id").shift(1),
        ended=pl.col("cinp_cin_plan_end_date").shift(1),
    ).filter("same")
    assert before["ended"].null_count() == 0
    assert (before["ended"] < before["cinp_cin_plan_start_date"]).all()


def test_almost_every_open_case_has_somebody_allocated(borough: Borough, on: date) -> None:
    cases = borough.dataset.table("ssd_cin_episodes").filter(
        pl.col("cine_close_date").is_null() & (pl.col("cine_referral_date") < england().add(on, -4))
    )
    held = borough.dataset.table("ssd_involvements").filter(pl.col("invo_involvement_end_date").is_null())
    alone = cases.join(held, left_on="cine_person_id", right_on="invo_person_id", how="anti")
    planted = {item.person_id for item in borough.planted}
    gaps = [person for person in alone["cine_person_id"] if person not in planted]
    assert len(gaps) <= cases.height * 0.05


def test_nobody_goes_missing_twice_at_once(borough: Borough) -> None:
    rows = borough.dataset.table("ssd_missing").sort("miss_person_id", "miss_missing_episode_start_date")
    before = rows.with_columns(
        same=pl.col("miss_person_id") == pl.col("miss_person_id").shift(1),
        ended=pl.col("miss_missing_episode_end_date").shift(1),
    ).filter("same")
    assert (before["ended"] <= before["miss_missing_episode_start_date"]).all()


def test_assessments_and_enquiries_end_before_their_case_closes(borough: Borough) -> None:
    cases = borough.dataset.table("ssd_cin_episodes")
    for name, key, end in (
        ("ssd_cin_assessments", "cina_referral_id", "cina_assessment_auth_date"),
        ("ssd_s47_enquiry", "s47e_referral_id", "s47e_s47_end_date"),
    ):
        both = borough.dataset.table(name).join(cases, left_on=key, right_on="cine_referral_id")
        closed = both.filter(pl.col("cine_close_date").is_not_null())
        late = closed.filter(pl.col(end).is_null() | (pl.col(end) > pl.col("cine_close_date")))
        assert late.is_empty(), f"{name}: {late.head(3)}"
