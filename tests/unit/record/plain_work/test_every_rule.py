"""Every rule that plain work opens or meets, from end to end in the record: met when done in time, and late after."""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.utils import timezone
from tests.factories import a_child, a_grown_up, a_period, a_step, a_worker, holds

from kith.foundation.access.models import Worker
from kith.record.deadlines.actions import recompute
from kith.record.deadlines.models import Deadline
from kith.record.plain_work import actions
from kith.record.plain_work.actions import Told
from kith.record.plain_work.kinds import HOME, PlainKind, plain_kinds
from kith.record.steps.models import Part, Step
from kith.statutory.timescales.counts import Count
from kith.statutory.timescales.fact_words import BIRTHDAY, fact_of, held_facts, lasting_kinds
from kith.statutory.timescales.facts import PERIOD_KINDS, STEP_MOMENTS
from kith.statutory.timescales.loading import rule_book
from kith.statutory.timescales.rules import Rule, Watch
from kith.vocabulary.months import add_months

pytestmark = pytest.mark.usefixtures("record")
TODAY = timezone.localdate()
OPENED = add_months(TODAY, -37)
LONG = timedelta(days=40)


def of_plain_work(rule: Rule) -> bool:
    """Whether what opens it first, or completes it, is plain work."""
    facts = [watch.fact.split(".")[0] for watch in (rule.opened_by[0], *rule.completed_by[:1])]
    return bool(set(facts) & set(plain_kinds()))


RULES = [rule for rule in rule_book().rules if rule.commenced and of_plain_work(rule)]
UNBORN = "birth.expected"
SAVED = "case_recording"  # it is met by being saved, and has a test of its own


def asked_as(fact: str) -> tuple[str, str]:
    """The kind of a fact, and the moment that its form asks for: what lasts is told as started and ended."""
    kind, _, moment = fact.partition(".")
    return kind, next((each for each in STEP_MOMENTS if fact_of(kind, each) == fact), moment)


def _long_before(day: date, age: Count | None) -> date:
    return add_months(day, -age.months) - timedelta(days=age.days) if age else day


def whom(rule: Rule) -> str:
    """Of whom the work that opens or completes it is recorded: a child, or which grown-up."""
    kinds = [plain_kinds().get(watch.fact.split(".")[0]) for watch in (*rule.opened_by, *rule.completed_by)]
    return next(each.about for each in kinds if each)


class Life:
    """One child, or grown-up, in whose record a rule opens on a day and is then completed on another."""

    def __init__(self, rule: Rule, by: Worker) -> None:
        self.rule, self.by = rule, by
        about = whom(rule)
        self.child = a_child(born_on=self._born()) if about == "child" else a_grown_up(about)
        self.periods: dict[str, str] = {}
        if rule.opened_by[0].fact == UNBORN:
            self.child = a_child(born_on=None, expected_on=OPENED)
            self._period("need", (), OPENED - LONG)
        opener = rule.opened_by[0].fact.split(".")[0]
        for asked in rule.conditions:
            if not asked.absent and asked.period != opener:
                self._period(asked.period, asked.codes, _long_before(OPENED - LONG, asked.age_from))
        if opener in PERIOD_KINDS and opener not in lasting_kinds():
            watch = rule.opened_by[0]
            self._period(opener, watch.codes, OPENED, *(watch.outcomes[:1] if watch.fact.endswith(".ended") else ()))

    def _born(self) -> date:
        watch = self.rule.opened_by[0]
        if watch.fact == BIRTHDAY:
            return add_months(OPENED, -round(12 * float(watch.codes[0])))
        return OPENED - timedelta(days=365 * 12)

    def _period(self, kind: str, codes: tuple[str, ...], started: date, ended: str = "") -> None:
        if kind in lasting_kinds():
            self.periods[kind] = self._work(Watch(f"{kind}.started", codes), {"opened": started}).parts.get().ref
            return
        more: dict[str, Any] = {"parent": self._care()} if kind in (HOME, "legal_status") else {}
        more |= {"ended_on": started, "end_reason": ended} if ended else {}
        period = a_period(self.child, kind, code=codes[0] if codes else "N1", started_on=started, **more)
        self.periods[kind] = period.ref

    def _care(self) -> str:
        if "care" not in self.periods:
            self._period("care", (), OPENED - LONG)
        return self.periods["care"]

    def open(self) -> str:
        """Bring about what opens it; gives the ref that its turn is known by."""
        watch = self.rule.opened_by[0]
        kind, moment = asked_as(watch.fact)
        if watch.fact in (BIRTHDAY, UNBORN) or (kind in PERIOD_KINDS and kind not in lasting_kinds()):
            recompute(people=[self.child.pk], on=TODAY)  # what else there is was recorded, which does so by itself
            return self.periods.get(kind, "")
        self.opened = self._work(watch, {moment: OPENED})
        if kind in lasting_kinds():
            self.periods[kind] = self.opened.parts.get().ref
        return self.opened.led_from or self.opened.parts.get().ref

    def complete(self, on: date, at: time | None) -> None:
        """Do what completes it, on a day."""
        watch = self.rule.completed_by[0]
        kind, moment = asked_as(watch.fact)
        opened = getattr(self, "opened", None)
        if opened is not None and opened.kind == kind and watch.link == "ref" and not opened.led_from:
            days = {each: getattr(opened, f"{each}_on") for each in plain_kinds()[kind].asks} | {moment: on}
            told = self._told(
                plain_kinds()[kind], watch, days, at, opened.code or next(iter(plain_kinds()[kind].codes), "")
            )
            actions.change(of=plain_kinds()[kind], step=opened, version=opened.version, told=told, by=self.by)
            return
        followed = Part.objects.filter(ref=opened.led_from, step__kind=kind).first() if opened else None
        if followed is not None and kind in plain_kinds():  # what was followed is itself what is completed
            of, step = plain_kinds()[kind], followed.step
            days = {each: getattr(step, f"{each}_on") for each in of.asks} | {moment: on}
            told = self._told(of, watch, days, at, step.code or next(iter(of.codes), ""))
            actions.change(of=of, step=step, version=step.version, told=told, by=self.by)
            return
        if kind in PERIOD_KINDS and kind not in plain_kinds():
            self._period(kind, watch.codes, on)
            recompute(people=[self.child.pk], on=TODAY)  # a period that is put in its table moves no clock by itself
            return
        self._work(watch, {moment: on}, at)

    def _work(self, watch: Watch, days: dict[str, date], at: time | None = None) -> Step:
        kind = watch.fact.split(".")[0]
        if kind not in plain_kinds():
            return self._told_elsewhere(kind, watch, days)
        of = plain_kinds()[kind]
        code = watch.codes[0] if watch.codes else next(iter(of.codes), "")
        wanted = of.spans(code)
        if wanted and not set(wanted) & set(self.periods):
            self._period(wanted[0], (), OPENED - LONG)
        return actions.record(of=of, child=self.child, told=self._told(of, watch, days, at, code), by=self.by)

    def _told(self, of: PlainKind, watch: Watch, days: dict[str, date], at: time | None, code: str) -> Told:
        outcome = watch.outcomes[0] if watch.outcomes else next(iter(of.outcomes), "")
        times = {moment: at for moment, day in days.items() if day and moment != "planned"}
        return Told(days, times, code=code, outcome=outcome, follows=self._follows(of, code), words="As it was.")

    def _follows(self, of: PlainKind, code: str) -> str:
        if not of.followed or (of.may_follow and not code.startswith(of.may_follow)):
            return ""
        if HOME in of.followed:
            return self.periods[HOME]
        opened = getattr(self, "opened", None)
        if opened is not None and opened.kind in of.followed:
            return opened.parts.get().ref
        if opened is not None and opened.led_from:
            return opened.led_from
        first = of.followed[0]
        moments = ("opened", "happened") if first != "care_review" else ("happened",)
        told = {f"{moment}_on": OPENED - timedelta(days=1) for moment in moments}
        return a_step(self.child, kind=first, code="", **told).parts.get().ref

    def _told_elsewhere(self, kind: str, watch: Watch, days: dict[str, date]) -> Step:
        """What another system, or a page of its own, brings."""
        within = SPAN_OF.get((kind, watch.codes[0] if watch.codes else ""), "")
        if within and within not in self.periods:
            self._period(within, (), OPENED - LONG)
        step = a_step(
            self.child,
            kind=kind,
            code=watch.codes[0] if watch.codes else "",
            span=self.periods.get(within, ""),
            **{f"{moment}_on": day for moment, day in days.items()},
        )
        if watch.outcomes:
            Part.objects.filter(step=step).update(outcome=watch.outcomes[0])
        recompute(people=[self.child.pk], on=TODAY)
        return step


SPAN_OF = {
    ("care_review", ""): "care",
    ("conference", "review"): "cp_plan",
    ("conference", "transfer_in"): "need",
    ("visit", "cla"): "care",
    ("assessment", "single"): "need",
}


def turn(life: Life, ref: str) -> Deadline:
    rows = Deadline.objects.filter(person=life.child, rule=life.rule.id)
    rows = rows.filter(opened_by=ref) if ref else rows
    return rows.order_by("opened_on", "cycle")[0]


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.id != SAVED], ids=lambda rule: rule.id)
def test_a_rule_of_plain_work_is_met_in_time_and_late_in_the_record(rule: Rule) -> None:
    for watch in rule.completed_by:
        holds(*[f"{watch.fact}:{code}" for code in watch.codes or ("",)])
    by = a_worker()
    for late in (False, True):
        life = Life(rule, by)
        for condition_free in range(1, rule.nth_from):
            watch = rule.opened_by[0]
            moment = asked_as(watch.fact)[1]
            life._work(watch, {moment: OPENED - timedelta(days=30 * condition_free)})
        ref = life.open()
        due = turn(life, ref)
        assert due.open or rule.lapses
        day = due.due_on + timedelta(days=1 if late else 0)
        assert day <= TODAY, "the day it opened is not long enough ago to judge it"
        life.complete(day, time(23, 59) if late else None)
        done = turn(life, ref)
        if rule.lapses:
            assert (done.met_on == day) is not late
        else:
            assert (done.met_on, done.late) == (day, late), (done.due_on, done.met_on)


@pytest.mark.parametrize(("days_ago", "late"), [(0, False), (9, True)])
def test_what_happened_is_written_up_on_the_day_it_is_saved(days_ago: int, late: bool) -> None:
    holds("case_event.done")
    child, of = a_child(), plain_kinds()["case_event"]
    told = Told({"happened": TODAY - timedelta(days=days_ago)}, words="Her grandmother rang.")
    actions.record(of=of, child=child, told=told, by=a_worker())
    done = Deadline.objects.get(person=child, rule=SAVED)
    assert (done.met_on, done.late) == (TODAY, late)


def test_the_plain_kinds_of_the_clocks_are_those_that_a_form_records() -> None:
    from kith.statutory.timescales.fact_words import follow_ons
    from kith.statutory.timescales.fact_words import plain_kinds as of_the_clocks

    kinds = plain_kinds()
    assert sorted(of_the_clocks()) == sorted(kinds)
    assert follow_ons() == {each.key for each in kinds.values() if each.followed}


def test_every_fact_of_a_plain_kind_that_is_held_is_asked_by_its_form() -> None:
    facts = [asked_as(fact) for fact in held_facts() if fact.split(".")[0] in plain_kinds()]
    lacking = [
        f"{kind}.{moment}"
        for kind, moment in facts
        if moment not in plain_kinds()[kind].asks and not (moment == "done" and plain_kinds()[kind].closed_by_saving)
    ]
    assert not lacking
    assert all(moment in STEP_MOMENTS for _, moment in facts)


def test_every_code_and_outcome_that_a_rule_asks_of_plain_work_can_be_chosen() -> None:
    lacking = []
    for rule in rule_book().whole:
        for watch in (*rule.opened_by, *rule.completed_by, *rule.ends):
            of = plain_kinds().get(watch.fact.split(".")[0])
            if of:
                lacking += [(rule.id, code) for code in watch.codes if code not in of.codes]
                lacking += [(rule.id, outcome) for outcome in watch.outcomes if outcome not in of.outcomes]
    assert not lacking


def test_a_care_leaver_is_visited_within_a_week_and_every_two_months_while_a_home_is_provided() -> None:
    child, by, of = a_child(), a_worker(), plain_kinds()["care_leaver_home"]
    span = a_period(child, "care_leaver", code="relevant", days=400).ref
    moved, visited, seen = (TODAY - timedelta(days=days) for days in (200, 190, 150))
    home = actions.record(of=of, child=child, told=Told({"opened": moved}, words="A flat of her own."), by=by)
    a_step(child, kind="visit", code="care_leaver", span=span, happened_on=visited)
    a_step(child, kind="care_leaver_contact", code="Visit", span=span, happened_on=seen)
    recompute(people=[child.pk], on=TODAY)
    first = Deadline.objects.get(rule="cl_visit_accom_first")
    assert (first.due_on, first.met_on, first.late) == (moved + timedelta(days=7), visited, True)
    told = Deadline.objects.filter(rule="cl_visit_two_monthly").order_by("opened_on").values_list("due_on", "met_on")
    assert list(told) == [(add_months(visited, 2), seen), (add_months(seen, 2), None)]
    ended = Told({"opened": moved, "done": TODAY}, words="She has a tenancy.")
    actions.change(of=of, step=home, version=home.version, told=ended, by=by)
    assert Deadline.objects.filter(rule="cl_visit_two_monthly", open=True).count() == 0
