"""What the returns ask of contacts, referrals and assessments beside their days: who was in touch, what was found."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset

from .words import known, ref, told_of, yes

_CODES = r"\b\d{1,2}[A-Z]?\b"


@told_of("ssd_contacts", "ssd_cin_episodes", "ssd_cin_assessments")
def told(dataset: Dataset) -> pl.DataFrame:
    """The rows that say more than their step."""
    found = pl.concat([_contacts(dataset), _referrals(dataset), _assessments(dataset)], how="diagonal")
    return known(found, *(name for name in found.columns if name != "ref"))


def _contacts(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_contacts").select(
        ref=ref("contact", "cont_contact_id"), source="cont_contact_source_code"
    )


def _referrals(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("ssd_cin_episodes").select(
        ref=ref("referral", "cine_referral_id"), source="cine_referral_source_code"
    )


def _assessments(dataset: Dataset) -> pl.DataFrame:
    """Assessments with the factors as one text ("2B, 4B"), however the source lists them."""
    factors = dataset.table("ssd_assessment_factors").unique("cinf_assessment_id", keep="first", maintain_order=True)
    found = factors.select(
        id="cinf_assessment_id",
        factors=pl.col("cinf_assessment_factors_json").str.extract_all(_CODES).list.join(", ").replace("", None),
    )
    reviewed = dataset.table("kith_assessment_detail").select(
        id="kasd_assessment_id", internal_review_on="kasd_internal_review_date"
    )
    return (
        dataset.table("ssd_cin_assessments")
        .join(found, left_on="cina_assessment_id", right_on="id", how="left", maintain_order="left")
        .join(reviewed, left_on="cina_assessment_id", right_on="id", how="left", maintain_order="left")
        .select(
            "factors",
            "internal_review_on",
            ref=ref("assessment", "cina_assessment_id"),
            child_seen=yes("cina_assessment_child_seen"),
        )
    )
