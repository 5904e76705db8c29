"""The tables of the record that a load fills, in the order they are written, and how their rows name each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.db import models

from kith.foundation.access.models import Post, Team, Worker
from kith.record.meetings.models import Attendance
from kith.record.people.models import (
    Address,
    Alias,
    Disability,
    FamilyMember,
    Identifier,
    Involvement,
    Named,
    Person,
    Relationship,
    Restriction,
    Story,
)
from kith.record.periods.models import Home, Period
from kith.record.plain_work.models import ToldPart
from kith.record.promises.models import Promise
from kith.record.protection.models import StrategyDecision, StrategyMeeting
from kith.record.steps.models import Part, Step
from kith.record.visits.models import VisitPart


@dataclass(frozen=True)
class Table:
    """One table. `links` says which table each link names; `once` names columns that are set when a row is made and
    not changed by later loads; `detail_of` names the table whose id is also this table's id; `must` names columns
    without which a row cannot be made.
    """

    name: str
    model: type[models.Model]
    links: Mapping[str, str] = field(default_factory=dict)
    once: tuple[str, ...] = ()
    detail_of: str = ""
    must: tuple[str, ...] = ()


_PERSON = {"person": "person"}
_WHO = {"worker": "worker", "team": "team"}

TABLES: tuple[Table, ...] = (
    Table("team", Team, {"parent": "team"}),
    Table("worker", Worker),
    Table("post", Post, _WHO, must=("worker", "team", "started_on")),
    Table("person", Person, {"worker": "worker"}),
    Table("alias", Alias, _PERSON, must=("person",)),
    Table("identifier", Identifier, _PERSON, must=("person", "value")),
    Table("address", Address, _PERSON, must=("person",)),
    Table("disability", Disability, _PERSON, must=("person", "code")),
    Table("relationship", Relationship, {"person": "person", "other": "person"}, must=("person",)),
    Table("family_member", FamilyMember, _PERSON, must=("person", "family")),
    Table("involvement", Involvement, _PERSON | _WHO, must=("person", "started_on")),
    Table("restriction", Restriction, _PERSON, once=("started_on",), must=("person",)),
    Table("named", Named, {"person": "person", "worker": "worker"}, must=("person", "worker")),
    Table("story", Story, _PERSON, once=("written_on",), must=("person",)),
    Table("period", Period, _PERSON | _WHO, must=("person",)),
    Table("home", Home, detail_of="period"),
    Table("step", Step, _WHO),
    Table("part", Part, {"step": "step", "person": "person"}, once=("significant",), must=("step", "person")),
    Table("told", ToldPart, detail_of="part"),
    Table("visit_part", VisitPart, detail_of="part"),
    Table("strategy_meeting", StrategyMeeting, detail_of="step"),
    Table("strategy_decision", StrategyDecision, detail_of="part"),
    Table("attendance", Attendance, {"step": "step"}, must=("step",)),
    Table("promise", Promise, {"person": "person", "owner": "worker"}, must=("person", "made_on")),
)

BY_NAME: Mapping[str, Table] = {table.name: table for table in TABLES}
