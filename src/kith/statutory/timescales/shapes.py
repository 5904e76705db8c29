"""The frames that pass between the record, the returns and the clocks: their columns and types."""

from __future__ import annotations

import polars as pl

MOMENT = pl.Datetime("us", "UTC")

# One row for each child in each piece of work. A date without a time leaves the moment (`…_at`) empty.
STEPS_SCHEMA: dict[str, pl.DataType] = {
    "ref": pl.String(),  # unique for the step and the child
    "kind": pl.String(),
    "code": pl.String(),
    "child": pl.String(),
    "opened_on": pl.Date(),  # began, was received, offered or asked for
    "opened_at": MOMENT,
    "planned_on": pl.Date(),  # the day set for it
    "happened_on": pl.Date(),  # was held, took place
    "happened_at": MOMENT,
    "done_on": pl.Date(),  # completed and authorised, decided
    "done_at": MOMENT,
    "outcome": pl.String(),
    "counts": pl.Boolean(),  # false when cancelled, or the child was not seen
    "span": pl.String(),  # the period it belongs to
    "led_from": pl.String(),  # the step it came from
    "worker": pl.String(),
    "team": pl.String(),
    "meeting": pl.String(),  # shared by brothers and sisters in one meeting
}

# One row for each stretch of time in a child's life: both ends count, an open end is empty.
PERIODS_SCHEMA: dict[str, pl.DataType] = {
    "ref": pl.String(),
    "kind": pl.String(),
    "code": pl.String(),
    "child": pl.String(),
    "started_on": pl.Date(),
    "started_at": MOMENT,
    "ended_on": pl.Date(),
    "ended_at": MOMENT,
    "start_reason": pl.String(),
    "end_reason": pl.String(),
    "parent": pl.String(),  # the period it lies within
    "worker": pl.String(),
    "team": pl.String(),
}

# What the clocks see. `fact` is "<kind>.opened|planned|happened|done" of a step, "<kind>.started|ended" of a period.
# For a rule about somebody else (a carer, a worker, a complaint) `child` holds their number.
FACTS_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "fact": pl.String(),
    "on": pl.Date(),
    "at": MOMENT,
    "code": pl.String(),
    "outcome": pl.String(),  # the end reason, for ".ended"
    "counts": pl.Boolean(),
    "span": pl.String(),
    "parent": pl.String(),
    "ref": pl.String(),
}

PEOPLE_SCHEMA: dict[str, pl.DataType] = {"child": pl.String(), "dob": pl.Date()}

# When each child was born; `expected` is the day that a child was expected, where it was known before the birth.
BIRTHS_SCHEMA: dict[str, pl.DataType] = {**PEOPLE_SCHEMA, "expected": pl.Date()}

# One row for each part that a named worker had in a child's life, from a day until a day (empty: still).
PARTS_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "role": pl.String(),  # in Kith's words: "Allocated social worker", "Reviewing officer", "Personal adviser"
    "ref": pl.String(),
    "started_on": pl.Date(),
    "ended_on": pl.Date(),
}

# One row for each promise that was made in a piece of work.
PROMISES_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "ref": pl.String(),
    "made_in": pl.String(),  # the kind of work it was made in: "strategy_meeting"
    "due_on": pl.Date(),
    "done_on": pl.Date(),
    "dropped_on": pl.Date(),  # it was decided, with a reason, not to do it
}

# A person with authority said that this one need not be done: `cycle` empty means every turn of the clock.
EXCUSED_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "rule": pl.String(),
    "opened_by": pl.String(),
    "cycle": pl.Int64(),
    "on": pl.Date(),
    "reason": pl.String(),
    "authorised_by": pl.String(),
}

STATES = ("not_due", "due_soon", "overdue", "met", "met_late", "not_required", "ended", "voided")
# What is odd about a fact that a row rests on; it is kept all the same.
FLAGS = ("before birth", "out of order")

# One row for each clock that a fact started.
DEADLINES_SCHEMA: dict[str, pl.DataType] = {
    "child": pl.String(),
    "rule": pl.String(),
    "rule_version": pl.String(),  # the day this version of the rule came into force, YYYY-MM-DD
    "opened_by": pl.String(),  # the ref of the fact that started the clock
    "opened_fact": pl.String(),
    "opened_on": pl.Date(),
    "opened_at": MOMENT,
    "due_on": pl.Date(),
    "due_at": MOMENT,  # only for rules counted in hours, where the time of opening is known
    "warn_on": pl.Date(),
    "state": pl.String(),  # one of STATES
    "met_on": pl.Date(),
    "met_at": MOMENT,
    "met_by": pl.String(),
    "ended_on": pl.Date(),  # the need for it ended on this day
    "time_missing": pl.Boolean(),  # an hours rule that had to be judged by date alone
    "span": pl.String(),
    "cycle": pl.Int64(),  # 1, 2, 3 … for a clock that recurs
    "days_late": pl.Int64(),  # calendar days after the due day; 0 when not late
    "excused_on": pl.Date(),  # not required, said on this day …
    "excused_why": pl.String(),
    "excused_by": pl.String(),
    "flag": pl.String(),  # one of FLAGS, where a fact that opened or met it is odd
    "future": pl.Boolean(),  # it rests on a fact dated after the day it is judged by, which nobody planned
}
