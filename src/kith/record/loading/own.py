"""An extract that was built here is not loaded here again: what was recorded in Kith would be told a second time."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from kith.record.steps.models import Step
from kith.statutory.returns.results import RefusedFile
from kith.statutory.returns.ssd.dataset import Dataset

from . import bulk

MADE_HERE = "kith-"  # how the id of a row begins that has no other system's
WORK = {
    "ssd_cin_episodes": ("referral", "cine_referral_id"),
    "ssd_cin_assessments": ("assessment", "cina_assessment_id"),
    "ssd_s47_enquiry": ("section47", "s47e_s47_enquiry_id"),
    "ssd_cla_reviews": ("care_review", "clar_cla_review_id"),
    "ssd_cla_health": ("health_assessment", "clah_health_check_id"),
    "kith_pep": ("pep", "pepl_table_id"),
    "ssd_cin_visits": ("visit", "cinv_cin_visit_id"),
    "ssd_cp_visits": ("visit", "cppv_cp_visit_id"),
    "ssd_cla_visits": ("visit", "clav_cla_visit_id"),
    "kith_strategy_meeting": ("strategy_meeting", "stra_table_id"),
}


def refuse_own(dataset: Dataset) -> None:
    """Raise RefusedFile where these files tell of work that was recorded here."""
    refs = sorted(set(_refs(dataset)))
    if refs and bulk.ids_of(model=Step, refs=refs):
        raise RefusedFile(
            "this extract was built here, of this record.",
            mend="What it says is in the record already. Load what another system says.",
            file="The extract",
        )


def _refs(dataset: Dataset) -> Iterator[str]:
    """The refs of the steps that such ids would be parts of: "kith-1:17" is one child's part of "kith-1"."""
    for table, (kind, key) in WORK.items():
        ids = dataset.table(table).filter(pl.col(key).str.starts_with(MADE_HERE).fill_null(False))[key]
        yield from (f"{kind}:{each.partition(':')[0]}" for each in ids.to_list())
