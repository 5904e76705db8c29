"""Storing what was read: twice the same, newer over older, two sources together, and nothing by halves."""

from __future__ import annotations

from datetime import date

import pytest
from django.apps import apps
from django.db import models
from tests.factories import SYSTEM, holds
from tests.unit.record.loading.extracts import AT, everything, people, reading, row, stored, work

from kith.foundation.access.models import Post, Team, Worker
from kith.foundation.history.actor import Actor, acting
from kith.foundation.history.models import Change
from kith.record.deadlines.models import Deadline
from kith.record.loading import actions, ledger
from kith.record.loading.models import Load, Problem, SourceRow
from kith.record.meetings.models import Attendance
from kith.record.people.actions import rebuild_name_keys
from kith.record.people.models import Address, Identifier, Named, NameKey, Person, Relationship, Restriction, Story
from kith.record.periods.models import Period
from kith.record.promises.models import Promise
from kith.record.protection.models import StrategyDecision, StrategyMeeting
from kith.record.steps.models import Part, Step
from kith.record.visits.models import VisitPart
from kith.statutory.returns.results import Problem as Found

pytestmark = pytest.mark.django_db


def every_count() -> dict[str, int]:
    kept = [each for each in apps.get_models() if each.__module__.startswith("kith.")]
    return {each.__name__: each._default_manager.count() for each in kept}


def changes() -> list[Change]:
    return list(Change.objects.exclude(table="loading_load").order_by("pk"))


def test_a_first_load_fills_the_record() -> None:
    stored(everything())
    amina = Person.objects.get(ref="person:P1")
    assert (amina.forename, amina.surname, amina.known_as, amina.born_on) == ("Amina", "Khan", "Mina", date(2016, 5, 1))
    assert amina.is_child and not Person.objects.get(ref="person:A1").is_child
    assert Story.objects.get(person=amina).who_i_am == "I like football."
    address = Address.objects.get(person=amina)
    assert (address.lines, address.postcode, address.uprn) == ("2, 9, Quay Row, Riverside", "RV12AB", "77")
    assert {(each.kind, each.value) for each in Identifier.objects.filter(person=amina)} == {
        ("NHS Number", "9990000018"),
        ("Case Number", "P1"),
    }
    assert Post.objects.get().team == Team.objects.get(ref="team:T1")
    assert NameKey.objects.filter(person=amina, kind="token").values_list("key", flat=True)
    assert set(NameKey.objects.filter(person=amina, kind="token").values_list("key", flat=True)) >= {"amina", "mina"}


def test_an_unknown_father_is_a_gap_and_not_a_person() -> None:
    stored(everything())
    assert Relationship.objects.get(kind="father").other is None
    assert Relationship.objects.get(kind="mother").other == Person.objects.get(ref="person:A1")


def test_a_restricted_child_is_restricted_and_her_worker_is_named() -> None:
    stored(everything())
    assert Restriction.objects.get().person == Person.objects.get(ref="person:P3")
    assert [each.worker.name for each in Named.objects.all()] == ["Asha Rahman"]


def test_sisters_share_one_meeting_and_keep_a_part_each() -> None:
    stored(everything())
    step = Step.objects.get(kind="strategy_meeting")
    assert step.ref == "meeting:strategy_meeting:M1"
    parts = {part.person.ref: part for part in step.parts.all()}
    assert set(parts) == {"person:P1", "person:P2"}
    assert StrategyMeeting.objects.get(step=step).reason == "A bruise"
    assert StrategyDecision.objects.get(part=parts["person:P2"]).rationale == "Reasons about child 2"
    assert Attendance.objects.get().step == step
    assert Promise.objects.get().made_in == step.ref
    assert "stra_rationale" not in step.details, "one child's reasons must not show on a sister's page"


def test_one_meeting_number_on_two_days_is_two_meetings() -> None:
    rows = everything()
    row(rows, "kith_strategy_meeting", 1)["stra_held_date"] = date(2026, 1, 13)
    stored(rows)
    assert Step.objects.filter(kind="strategy_meeting").count() == 2


def test_a_visit_keeps_who_was_seen_where_and_what_was_said() -> None:
    stored(everything())
    visit = VisitPart.objects.select_related("part").get()
    assert (visit.seen, visit.seen_alone, visit.where, visit.said) == (True, True, "At home", "She is happy.")
    assert visit.bedroom_seen is None
    assert visit.part.span == Period.objects.get(kind="cp_plan").ref


def test_the_clocks_are_worked_out_in_the_same_load() -> None:
    with acting(SYSTEM):
        holds("assessment.done:single")
    stored(everything())
    assert Deadline.objects.filter(person__ref="person:P1", opened_by="assessment:S1").exists()


def test_what_a_source_says_beyond_the_columns_is_kept_under_its_own_names() -> None:
    stored(everything())
    referral = Step.objects.get(kind="referral")
    assert referral.details["cine_cin_primary_need_code"] == "N1"
    assert "cine_referral_source_code" not in referral.details
    assert referral.parts.get().toldpart.source == "6"


def test_every_row_is_stored_or_reported_and_none_is_lost() -> None:
    lost = Found(file="person.csv", line=5, field="pers_dob", message="not a date", table="ssd_person", row=4)
    load = stored(everything(), problems=(lost,))
    assert load.rows_in == load.rows_stored + load.rows_reported
    assert load.rows_reported == 1 == Problem.objects.filter(load=load).count()
    assert SourceRow.objects.count() == load.rows_stored == load.added


def test_loading_the_same_again_changes_nothing() -> None:
    stored(everything())
    before, told = every_count(), changes()
    again = stored(everything())
    assert (again.added, again.changed) == (0, 0)
    assert again.unchanged == again.rows_stored
    assert changes() == told
    kept = {"Change": Change.objects.count(), "Link": before["Link"] + Change.objects.count() - before["Change"]}
    assert every_count() == before | kept | {"Load": 2}


def test_a_newer_extract_updates_and_keeps_what_was_known_before() -> None:
    first = stored(everything())
    newer = everything()
    row(newer, "ssd_cin_assessments")["cina_assessment_auth_date"] = date(2026, 2, 20)
    del newer["ssd_person"][2]  # Leo is not in this extract
    load = stored(newer)
    assert (load.added, load.changed) == (0, 1)
    step = Step.objects.get(ref="assessment:S1")
    assert (step.done_on, step.version, step.load) == (date(2026, 2, 20), 2, load.pk)
    assert Person.objects.filter(ref="person:P3").exists()
    assert load.tables["kept"]["ssd_person"]["not_here"] == 1
    old = SourceRow.objects.get(table="ssd_cin_assessments", key="S1", load=first)
    assert old.replaced_by == load.pk and "cina_assessment_auth_date" not in old.body


def test_the_history_holds_the_row_before_and_after() -> None:
    stored(everything())
    newer = everything()
    row(newer, "ssd_person")["pers_surname"] = "Khan-Lee"
    load = stored(newer)
    (change,) = [each for each in changes() if each.table == "people_person"]
    assert (change.before["surname"], change.after["surname"]) == ("Khan", "Khan-Lee")
    assert (change.act, change.purpose) == ("changed", f"load {load.pk}")
    assert NameKey.objects.filter(person__ref="person:P1", kind="token", key="lee").exists()


def test_only_the_children_who_changed_have_their_clocks_touched() -> None:
    stored(everything())
    others = set(Deadline.objects.exclude(person__ref="person:P1").values_list("pk", flat=True))
    newer = everything()
    row(newer, "ssd_cin_assessments")["cina_assessment_auth_date"] = date(2026, 2, 20)
    stored(newer)
    assert set(Deadline.objects.exclude(person__ref="person:P1").values_list("pk", flat=True)) == others
    assert Deadline.objects.get(opened_by="assessment:S1", rule__contains="assessment").met_on == date(2026, 2, 20)


def test_a_row_that_comes_back_blank_from_its_own_source_is_cleared() -> None:
    rows = everything()
    row(rows, "ssd_cp_plans")["cppl_cp_plan_end_date"] = date(2026, 3, 1)
    stored(rows)
    stored(everything())
    assert Period.objects.get(kind="cp_plan").ended_on is None


def test_what_a_worker_changed_here_is_not_undone_by_a_load() -> None:
    stored(everything())
    with acting(Actor(worker=None, role="social_worker")):
        Person.objects.filter(ref="person:P1").update(known_as="Minnie")
    newer = everything()
    row(newer, "kith_person_detail")["pdet_known_as"] = "Ami"
    row(newer, "ssd_person")["pers_sex"] = "F"
    load = stored(newer)
    amina = Person.objects.get(ref="person:P1")
    assert (amina.known_as, amina.sex) == ("Minnie", "F")
    assert any("what the worker wrote stays" in note for note in load.notes)


def test_what_is_no_longer_told_of_stays_and_is_marked() -> None:
    stored(everything())
    newer = everything()
    row(newer, "ssd_cp_plans")["cppl_person_id"] = None
    load = stored(newer)
    assert Period.objects.get(ref="cp_plan:CP1").voided_at == AT
    assert any("no longer told of" in note for note in load.notes)


def test_a_child_named_only_by_other_rows_is_in_the_record() -> None:
    rows = work()
    stored(rows)
    assert Person.objects.get(ref="person:P1").name == "Child P1"
    assert Worker.objects.get(ref="worker:W1").name == "Worker W1"
    assert Promise.objects.get().owner == Worker.objects.get(ref="worker:W1")
    stored(everything())
    assert Person.objects.get(ref="person:P1").name == "Amina Khan"
    assert Worker.objects.get(ref="worker:W1").name == "Asha Rahman"


def test_rows_that_cannot_be_placed_are_kept_and_said() -> None:
    rows = everything()
    row(rows, "ssd_involvements")["invo_involvement_start_date"] = None
    load = stored(rows)
    assert SourceRow.objects.filter(table="ssd_involvements").count() == 3
    assert any("1 rows of involvement lack a" in note for note in load.notes)


def census() -> dict[str, list[dict[str, object]]]:
    """The same assessment and referral as another system's return tells them, without names."""
    return {
        "ssd_person": [{"pers_person_id": "P1", "pers_sex": "F", "pers_dob": date(2016, 5, 1), "pers_upn": "A123"}],
        "ssd_cin_episodes": [
            {"cine_referral_id": "P1-2026", "cine_person_id": "P1", "cine_referral_date": date(2026, 1, 5)}
        ],
        "ssd_cin_assessments": [
            {
                "cina_assessment_id": "P1-a",
                "cina_person_id": "P1",
                "cina_referral_id": "P1-2026",
                "cina_assessment_start_date": date(2026, 1, 6),
                "cina_assessment_auth_date": date(2026, 2, 10),
            }
        ],
    }


def test_a_second_source_fills_what_the_first_left_blank_and_wipes_nothing() -> None:
    stored(everything())
    stored(census(), kind="cin_census")
    amina = Person.objects.get(ref="person:P1")
    assert (amina.forename, amina.sex) == ("Amina", "F")
    step = Step.objects.get(kind="assessment", parts__person__ref="person:P1")
    assert (step.ref, step.done_on) == ("assessment:S1", date(2026, 2, 10))
    assert Part.objects.get(step=step).span == "need:C1"
    assert Period.objects.filter(kind="need").count() == 1


def test_names_come_later_and_the_first_ref_is_kept() -> None:
    stored(census(), kind="cin_census")
    assert Person.objects.get().name == "Child P1"
    stored(everything())
    assert Person.objects.get(ref="person:P1").name == "Amina Khan"
    step = Step.objects.get(kind="assessment", parts__person__ref="person:P1")
    assert (step.ref, step.done_on) == ("assessment:P1-a", date(2026, 2, 10))
    assert Part.objects.get(step=step).span == "need:P1-2026"


def test_two_sources_in_turn_change_nothing_more() -> None:
    stored(everything())
    stored(census(), kind="cin_census")
    told = len(changes())
    stored(everything())
    stored(census(), kind="cin_census")
    assert len(changes()) == told


def test_two_visits_on_a_day_in_one_source_are_two_visits() -> None:
    rows = everything()
    rows["ssd_cp_visits"].append(row(rows, "ssd_cp_visits") | {"cppv_cp_visit_id": "V2"})
    stored(rows)
    stored(census(), kind="cin_census")
    assert Step.objects.filter(kind="visit").count() == 2


def test_a_load_that_fails_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    before = every_count()

    def breaks(**_: object) -> None:
        raise RuntimeError("the database went away")

    monkeypatch.setattr("kith.record.loading.actions.clocks.recompute", breaks)
    with pytest.raises(RuntimeError):
        stored(everything())
    assert every_count() == before


def test_a_load_is_signed_by_who_loaded() -> None:
    stored(everything())
    worker = Worker.objects.get()
    newer = everything()
    row(newer, "ssd_person")["pers_sex"] = "F"
    actions.load_reading(reading=reading(newer), files=[], at=AT, by=worker.pk)
    (change,) = [each for each in changes() if each.table == "people_person"]
    assert (change.worker, change.role) == (worker.pk, "data_officer")
    assert Person.objects.get(ref="person:P1").recorded_by == worker
    assert Load.objects.latest("pk").by == worker


def test_a_key_too_long_for_its_column_is_still_told_apart() -> None:
    rows = people()
    rows["ssd_mother"] = [
        {"moth_table_id": "M" * 90, "moth_person_id": "A1", "moth_childs_person_id": f"{'P' * 60}{number}"}
        for number in (1, 2)
    ]
    stored(rows)
    keys = list(SourceRow.objects.filter(table="ssd_mother").values_list("key", flat=True))
    limit = SourceRow._meta.get_field("key")
    assert isinstance(limit, models.CharField)
    assert len(set(keys)) == 2 and all(len(key) <= (limit.max_length or 0) for key in keys)


def test_names_are_found_by_the_same_keys_however_they_were_made() -> None:
    rows = everything()
    rows["kith_alias"] = [{"alia_table_id": "AL1", "alia_person_id": "P2", "alia_forename": "Sarah"}]
    stored(rows)
    at_once = set(NameKey.objects.values_list("person_id", "kind", "key"))
    rebuild_name_keys()
    assert set(NameKey.objects.values_list("person_id", "kind", "key")) == at_once and at_once


def test_a_plan_is_made_again_when_another_load_came_between(monkeypatch: pytest.MonkeyPatch) -> None:
    stored(everything())
    newer = everything()
    row(newer, "ssd_person")["pers_sex"] = "F"
    made = actions.make_plan
    plans = []

    def slow(**asked: object) -> object:
        plan = made(**asked)  # type: ignore[arg-type]
        plans.append(plan)
        if len(plans) == 1:
            monkeypatch.setattr(actions, "make_plan", made)
            stored(newer)
            monkeypatch.setattr(actions, "make_plan", slow)
        return plan

    monkeypatch.setattr(actions, "make_plan", slow)
    load = stored(newer)
    assert len(plans) == 2 and load.unchanged == load.rows_stored, "the second plan sees what the other load wrote"
    assert Person.objects.get(ref="person:P1").version == 2


def test_what_a_load_brought_is_in_the_history_as_one_digest_and_a_row_altered_since_is_found() -> None:
    load = stored(everything())
    said = Change.objects.filter(table="loading_load", row=str(load.pk)).latest("pk").after
    assert said["digest"] == load.digest == ledger.digest_of(load.pk)
    assert len(load.digest) == 64
    assert ledger.altered() == []
    SourceRow.objects.filter(load=load, table="ssd_person").update(digest="another")
    assert ledger.altered() == [load.pk]
