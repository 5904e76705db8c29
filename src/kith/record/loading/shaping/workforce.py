"""Teams, workers and their posts, from a dataset."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset, references

from .words import Frames, ref, told_of, yes


def named_in(dataset: Dataset, target: str) -> pl.DataFrame:
    """Every id (column `id`) that any field of the dataset gives for `target`, a "table.field"."""
    found = [
        frame[field].alias("id")
        for name, frame in dataset.tables.items()
        for field, pointed in references(name).items()
        if pointed == target
    ]
    every = pl.concat([pl.Series("id", [], pl.String), *found]).to_frame()
    return every.drop_nulls().unique(maintain_order=True)


def workforce(dataset: Dataset) -> Frames:
    """Teams, workers and posts. A team or worker only named by other rows is there too, known by its id."""
    return {"team": _teams(dataset), "worker": _workers(dataset), "post": _posts(dataset)}


def _teams(dataset: Dataset) -> pl.DataFrame:
    said = dataset.table("ssd_department").select(
        id="dept_team_id", name="dept_team_name", parent=ref("team", "dept_team_parent_id")
    )
    parents = dataset.table("ssd_department").select(id="dept_team_parent_id", name="dept_team_parent_name")
    named = named_in(dataset, "ssd_department.dept_team_id")
    whole = pl.concat([said, parents.drop_nulls("id"), named], how="diagonal").unique(
        "id", keep="first", maintain_order=True
    )
    return whole.select(ref=ref("team", "id"), name="name", parent="parent")


def _workers(dataset: Dataset) -> pl.DataFrame:
    said = dataset.table("ssd_professionals").select(
        id="prof_professional_id",
        name="prof_professional_name",
        title="prof_professional_job_title",
        registration="prof_social_worker_registration_no",
        full_time="prof_full_time_equivalency",
        agency_worker=yes("prof_agency_worker_flag"),
    )
    named = named_in(dataset, "ssd_professionals.prof_professional_id")
    whole = pl.concat([said, named], how="diagonal").unique("id", keep="first", maintain_order=True)
    return whole.select(ref("worker", "id").alias("ref"), *said.columns[1:])


@told_of("kith_post")
def _posts(dataset: Dataset) -> pl.DataFrame:
    return dataset.table("kith_post").select(
        ref=ref("post", "post_table_id"),
        worker=ref("worker", "post_worker_id"),
        team=ref("team", "post_team_id"),
        role="post_role",
        started_on="post_start_date",
        ended_on="post_end_date",
    )
