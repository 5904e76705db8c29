"""Returns of the small world: checks and versions that tell of the hidden, for whoever may not know of them."""

from __future__ import annotations

import polars as pl
from django.utils import timezone

from kith.foundation.access.models import Worker
from kith.foundation.documents import storage
from kith.oversight.returns import built_rows
from kith.oversight.returns.models import Check, LastNight, OwnDuty, Version
from kith.record.extracting.origins import SCHEMA
from kith.statutory.returns.kept_reports import packed
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_issues import ISSUES, Issues
from kith.statutory.returns.rule_reports import Checked
from kith.statutory.returns.rule_running import Outcome, Return
from kith.statutory.returns.rules import Rule


def returns_of(author: Worker, ids: list[str]) -> None:
    """A check and a night that found something wrong with each of these children, what is under way, and a request."""
    now = timezone.now()
    told = {"kind": "information_request", "reference": "FOI 1", "began_on": now.date()}
    OwnDuty.objects.create(**told, recorded_at=now, by=author)
    outcome = Outcome((Rule("R1", "A day is given.", ("Day",), {}, "required"),), (), Issues([_issues(ids)]))
    report = storage.put(packed(Checked(Returned(Return("cin", 2026, {}, {}), 3, 3), outcome)))
    done = {"state": "done", "ended_at": now, "report": report, "issues": len(ids)}
    LastNight.objects.create(kind="cin", year=2026, day=now.date(), read_at=now, report=report)
    Check.objects.create(started_at=now, by=author, kind="cin", year=2026, **done)
    Check.objects.create(started_at=now, by=author, kind="cin", state="checking")
    version = {"key": "ssd", "on": now.date(), "term": "now", "asked_at": now, "by": author}
    Version.objects.create(number=1, state="built", tables=[built_rows.kept(_table(ids))], **version)
    Version.objects.create(number=2, state="building", **version)


def _table(ids: list[str]) -> built_rows.Told:
    """A table of a built return: a row of each of these, that came from the person of that number, if any has it."""
    people = [int(each) if each.isdecimal() else None for each in ids]
    origin = [{"thing": "person", "kind": "child", "id": pk, "person": pk} for pk in people]
    told = {"pers_person_id": ids, built_rows.CHILD: [None for _ in ids], f"{built_rows.ORIGIN}0": origin}
    kinds = {name: pl.String() for name in ("pers_person_id", built_rows.CHILD)}
    return built_rows.Told(
        "ssd_person", pl.DataFrame(told, schema=kinds | {f"{built_rows.ORIGIN}0": pl.Struct(SCHEMA)}), {}
    )


def _issues(ids: list[str]) -> pl.DataFrame:
    rows = [("R1", each, "Child", number) for number, each in enumerate(ids, 1)]
    return pl.DataFrame(rows, schema=dict(ISSUES), orient="row")
