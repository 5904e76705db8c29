"""Reads children in need census files into the dataset, with ids that stay the same from one extract to the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from kith.statutory.returns.checking import RawTable, blank_to_null, check
from kith.statutory.returns.cin_census.elements import SPECS, Elements
from kith.statutory.returns.cin_census.mapping import dataset_from
from kith.statutory.returns.ids import with_id
from kith.statutory.returns.results import Problem, Progress, Reading, TableCount, no_progress
from kith.statutory.returns.ssd.pointing import loose_ends

KIND = "cin_census"

# What each row is known by: the child, and the day it began.
_NATURAL = {
    "Assessments": ("assessment_id", "AssessmentActualStartDate"),
    "CINPlanDates": ("plan_id", "CINPlanStartDate"),
    "Section47": ("enquiry_id", "S47ActualStartDate"),
    "ChildProtectionPlans": ("plan_id", "CPPstartDate"),
    "Reviews": ("review_id", "CPPreviewDate"),
    "PreProceedingsandFGDM": ("pre_proceedings_id", "PPStartDate"),
}


def read_files(files: Sequence[Path], *, progress: Progress = no_progress) -> Reading:
    """Every census file read into one dataset. Raises RefusedFile when one of them is not sound.

    A row in is each child, disability, referral, assessment (with its factors), plan, section 47 enquiry, review date
    and pre-proceedings block. People have no names: the census has none.
    """
    elements = Elements()
    for at, path in enumerate(files):
        progress(f"Reading {path.name}", 0.7 * at / len(files))
        elements.take(path, progress=progress, share=(0.7 * at / len(files), 0.7 * (at + 1) / len(files)))
    progress("Checking what was read", 0.7)
    return _checked(elements, progress)


def _checked(elements: Elements, progress: Progress) -> Reading:
    good: dict[str, pl.DataFrame] = {}
    problems: list[Problem] = []
    counts: dict[str, TableCount] = {}
    for name, frame in _identified(dict(elements.frames())).items():
        checked = check(RawTable(SPECS[name], frame))
        good[name] = checked.frame
        problems.extend(checked.problems)
        counts[name] = checked.count
    dataset = dataset_from(good)
    progress("Read", 1.0)
    unknown = [f"{file}: not read: {what} ({times:,})." for (file, what), times in elements.unknown.items()]
    notes = (*elements.headers, *unknown, *loose_ends(dataset))
    return Reading(kind=KIND, dataset=dataset, problems=tuple(problems), notes=notes, tables=counts)


def _identified(frames: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """The frames with their ids, and the ids of the referral and plan that each row lies within."""
    trimmed = {
        name: frame.with_columns(blank_to_null(each) for each in SPECS[name].columns if each in frame.columns)
        for name, frame in frames.items()
    }
    said = [each for each in SPECS["CINdetails"].columns if each != "referral_id"]
    referrals = with_id(
        trimmed["CINdetails"], name="referral_id", natural=["LAchildID"], days=["CINreferralDate"], content=said
    )
    trimmed["CINdetails"] = referrals
    parents = referrals.select("_episode", "referral_id")
    for name, (key, day) in _NATURAL.items():
        frame = trimmed[name].join(parents, on="_episode", how="left", maintain_order="left")
        if name == "Reviews":
            plans = trimmed["ChildProtectionPlans"].select("_plan", "plan_id")
            frame = frame.join(plans, on="_plan", how="left", maintain_order="left")
        content = [each for each in SPECS[name].columns if each != key]
        trimmed[name] = with_id(frame, name=key, natural=["LAchildID"], days=[day], content=content)
    return trimmed
