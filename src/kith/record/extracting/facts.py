"""The rows of the record put together as the dataset tells them, and where the record says other than its sources did.

Both sides come as a load's frames: what the sources' rows amount to, and what the record holds today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl
from django.db import models

from kith.record.loading.differences import OF_PART
from kith.record.loading.shaping.tables import BY_NAME
from kith.record.loading.shaping.words import Frames

from .rows import ID

WAS = "_was"
STEP_ID = "_step_id"
# Things that the dataset has rows for, each in the table of the record that its number is of.
FACTS: Mapping[str, str] = {name: name for name in BY_NAME} | {"step": "part"}
_NOT_OF_THEIR_OWN = (
    "part",
    "home",
    "told",
    "visit_part",
    "strategy_meeting",
    "strategy_decision",
    "restriction",
    "story",
    "named",
)
# Tables whose rows add to another thing's: read where a column of theirs is wanted.
DETAILS: Mapping[str, str] = {
    "home": "period",
    "told": "step",
    "visit_part": "step",
    "visit": "step",
    "strategy_meeting": "step",
    "strategy_decision": "step",
    "restriction": "person",
    "story": "person",
}
ALWAYS = ("person", "identifier", "team", "worker")  # a person's numbers are told with her; others name the rest
_STRICTEST = "level"
NUMBERS = {"upn": ("Unique Pupil Number", "pers_upn"), "nhs": ("NHS Number", "pers_common_child_id")}


@dataclass(frozen=True)
class Said:
    """Of one thing: rows the record has beside its sources', rows in which it says other, and rows it took back.

    `changed` has what the record says, and what the sources said under `<column>_was`.
    """

    added: pl.DataFrame
    changed: pl.DataFrame
    taken_back: pl.DataFrame

    @property
    def nothing(self) -> bool:
        """Whether the record says just what its sources say."""
        return self.added.is_empty() and self.changed.is_empty() and self.taken_back.is_empty()

    @property
    def columns(self) -> list[str]:
        """The columns in which a row may differ."""
        return [name.removesuffix(WAS) for name in self.changed.columns if name.endswith(WAS)]


def facts(frames: Frames) -> Frames:
    """Each thing in one row: a child's part with its step and their details, a period with its home, and so on."""
    whole = {name: frame for name, frame in frames.items() if name not in (*_NOT_OF_THEIR_OWN, "visit")}
    whole = {name: _finished(name, frame) for name, frame in whole.items()}
    whole["period"] = _with(_of_care(whole["period"]), _finished("home", frames["home"]))
    whole["step"] = _steps(frames)
    whole["person"] = _persons(whole["person"], frames)
    whole["team"] = _teams(whole["team"])
    return whole


def _of_care(period: pl.DataFrame) -> pl.DataFrame:
    """Periods with the need (`need`) of the time in care that an episode is of: each of its episodes says it."""
    care = period.filter(pl.col("kind") == "care").select(parent="ref", need="code").unique("parent")
    told = period.join(care, on="parent", how="left", maintain_order="left")
    return told.with_columns(need=pl.when(pl.col("kind") == "care_episode").then("need"))


def _steps(frames: Frames) -> pl.DataFrame:
    """Each child's part, with the step's own columns; where a child's part has a code of its own, it is that."""
    part, step = _finished("part", frames["part"]), _finished("step", frames["step"]).rename({"ref": "step"})
    own = part.rename({"code": "own_code"}) if "code" in part.columns else part.with_columns(own_code=pl.lit(None))
    numbered = step.rename({ID: STEP_ID}, strict=False)
    whole = own.join(numbered, on="step", how="left", maintain_order="left")
    whole = whole.with_columns(code=pl.coalesce(pl.col("own_code").cast(pl.String), "code")).drop("own_code")
    for name in OF_PART:
        whole = _with(whole, _finished(name, frames[name]))
    meeting = frames["strategy_meeting"].rename({"ref": "step"}).drop(ID, strict=False)
    whole = whole.join(meeting, on="step", how="left", maintain_order="left")
    if "visit" in frames:
        place = frames["visit"].select("ref", _where="where").rename({"ref": "step"})
        whole = whole.join(place, on="step", how="left", maintain_order="left")
        whole = whole.with_columns(where=pl.coalesce("where", "_where")).drop("_where")
    return whole


def _persons(person: pl.DataFrame, frames: Frames) -> pl.DataFrame:
    """People with the strictest restriction in force and the newest writing of who they are."""
    put = frames["restriction"]
    if "ended_on" in put.columns:
        put = put.filter(pl.col("ended_on").is_null())
    levels = put.group_by("person").agg(pl.col("level").max().alias(_STRICTEST))
    stories = frames["story"].group_by("person", maintain_order=True).agg(pl.col("who_i_am").last())
    for more in (levels, stories, *(_numbers(frames["identifier"], name, field) for name, field in NUMBERS.items())):
        person = person.join(more, left_on="ref", right_on="person", how="left", maintain_order="left")
    return person


def _numbers(identifiers: pl.DataFrame, name: str, which: tuple[str, str]) -> pl.DataFrame:
    """Each person's number of a kind: the newest that was entered in Kith, else the one on the person's own row."""
    kind, field = which
    own = pl.col("ref").str.starts_with(f"identifier:{field}:")
    ours = pl.col("ref").str.starts_with("identifier:kith-")
    rows = identifiers.filter((pl.col("kind") == kind) & (own | ours))
    rows = rows.filter(pl.col("voided_at").is_null()) if "voided_at" in rows.columns else rows
    newest = rows.with_columns(_ours=ours).sort("_ours", maintain_order=True)
    return newest.group_by("person", maintain_order=True).agg(pl.col("value").last().alias(name))


def _teams(team: pl.DataFrame) -> pl.DataFrame:
    above = team.select(parent="ref", parent_name="name").drop_nulls()
    return team.join(above.unique("parent"), on="parent", how="left", maintain_order="left")


def _with(frame: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    return frame.join(more.drop(ID, strict=False), on="ref", how="left", maintain_order="left")


def _finished(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """What a load leaves blank takes the model's default, as it does when it is written."""
    if name not in BY_NAME:
        return frame
    gaps = [pl.col(column).fill_null(value) for column, value in _defaults(name).items() if column in frame.columns]
    return frame.with_columns(gaps) if gaps else frame


def _defaults(name: str) -> Mapping[str, bool]:
    fields = BY_NAME[name].model._meta.concrete_fields
    return {each.name: each.default for each in fields if isinstance(each, models.BooleanField) and not each.null}


def differing(*, sources: Frames, record: Frames) -> Mapping[str, Said]:
    """What the record says other than its sources, of each thing; both come as facts."""
    return {name: _said(sources[name], record[name]) for name in record}


def _said(then: pl.DataFrame, now: pl.DataFrame) -> Said:
    if now.is_empty():
        return Said(now, now, now)
    ended = [name for name in ("cancelled_on", "voided_at") if name in now.columns]
    back = pl.any_horizontal(pl.lit(False), *(pl.col(each).is_not_null() for each in ended))
    stands = now.filter(~back) if ended else now
    both = stands.join(then, on="ref", suffix=WAS, maintain_order="left")
    shared = [name for name in then.columns if name in now.columns and name != "ref"]
    differs = [pl.col(name).ne_missing(pl.col(f"{name}{WAS}")) for name in shared]
    return Said(
        added=stands.join(then, on="ref", how="anti", maintain_order="left"),
        changed=both.filter(pl.any_horizontal(differs)) if differs else both.clear(),
        taken_back=now.filter(back) if ended else now.clear(),
    )
