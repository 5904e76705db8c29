"""Builds the lists about need and protection: contacts, early help, referrals, assessments, enquiries and plans."""

from __future__ import annotations

import polars as pl

from kith.statutory.returns.annex_a.on_the_day import OnTheDay

_EMERGENCY = ["L1", "L2"]


def _in_window(seen: OnTheDay, rows: pl.DataFrame, day: str, *, months: int = 6) -> pl.DataFrame:
    return rows.filter(pl.col(day).is_between(seen.months_before(months), pl.lit(seen.on))).sort(day, "child")


def contacts(seen: OnTheDay) -> pl.DataFrame:
    """List 1: each contact of six months."""
    told = seen.dataset.table("ssd_contacts").select(
        child="cont_person_id", contact_date="cont_contact_date", source="cont_contact_source_code"
    )
    return _in_window(seen, told, "contact_date")


def early_help(seen: OnTheDay) -> pl.DataFrame:
    """List 2: early help that was open or began in six months."""
    told = seen.dataset.table("ssd_early_help_episodes").select(
        child="earl_person_id",
        start_date="earl_episode_start_date",
        end_date="earl_episode_end_date",
        organisation="earl_episode_organisation",
    )
    return _still(seen, told, "end_date").sort("start_date", "child")


def _still(seen: OnTheDay, rows: pl.DataFrame, end: str, *, start: str = "start_date") -> pl.DataFrame:
    """The rows that had begun and had not ended before the six months, their ends as known on the day."""
    return rows.with_columns(seen.known(end)).filter(seen.lasting(start, end))


def _earlier(rows: pl.DataFrame, events: pl.DataFrame, *, day: str, name: str, itself: bool) -> pl.DataFrame:
    """The rows with how many of the child's events (`child`, `_day`, `_id`) fell in the twelve months before theirs.

    `itself`: the events are the rows, which then tell same-day ones apart by their ids and leave themselves out.
    """
    numbered = rows.with_row_index("_at")
    both = numbered.select("_at", "child", _own=pl.col("_id") if itself else pl.lit(""), _then=day).join(
        events, on="child"
    )
    before = pl.col("_day") < pl.col("_then")
    if itself:
        before = before | ((pl.col("_day") == pl.col("_then")) & (pl.col("_id") < pl.col("_own")))
    recent = pl.col("_day") >= pl.col("_then").dt.offset_by("-12mo")
    counted = both.filter(before & recent).group_by("_at").agg(pl.len().cast(pl.Int64).alias(name))
    told = numbered.join(counted, on="_at", how="left", maintain_order="left").drop("_at")
    return told.with_columns(pl.col(name).fill_null(0))


def referrals(seen: OnTheDay) -> pl.DataFrame:
    """List 3: each referral of six months, and how many the child had in the twelve months before it."""
    every = seen.dataset.table("ssd_cin_episodes").select(
        child="cine_person_id",
        _id="cine_referral_id",
        referral_date="cine_referral_date",
        source="cine_referral_source_code",
        nfa="cine_referral_nfa",
        _team="cine_referral_team",
        _worker="cine_referral_worker_id",
    )
    events = every.select("child", "_id", _day="referral_date")
    rows = _in_window(seen, every, "referral_date")
    counted = _earlier(rows, events, day="referral_date", name="earlier_referrals", itself=True)
    return _who(seen, counted, start="referral_date", end="referral_date")


def _who(seen: OnTheDay, rows: pl.DataFrame, *, start: str, end: str) -> pl.DataFrame:
    """The rows with the names of the team and worker said with them, or else of who then held the case."""
    held = seen.held_by(rows, start=start, end=end)
    told = held.with_columns(team=pl.coalesce("_team", "team"), worker=pl.coalesce("_worker", "worker"))
    return seen.named(told)


def assessments(seen: OnTheDay) -> pl.DataFrame:
    """List 4: each assessment open in six months. Whether it found need is blank until it is authorised."""
    told = seen.dataset.table("ssd_cin_assessments").select(
        child="cina_person_id",
        start_date="cina_assessment_start_date",
        seen="cina_assessment_child_seen",
        authorised_date="cina_assessment_auth_date",
        _nfa="cina_assessment_outcome_nfa",
        _team="cina_assessment_team",
        _worker="cina_assessment_worker_id",
    )
    open_then = _still(seen, told, "authorised_date").sort("start_date", "child")
    rows = open_then.with_columns(
        seen=pl.col("seen").fill_null("U"),
        needs_support=pl.when(pl.col("authorised_date").is_not_null()).then(
            pl.when(pl.col("_nfa") == "Y").then(pl.lit("N")).when(pl.col("_nfa").is_not_null()).then(pl.lit("Y"))
        ),
    )
    return _who(seen, rows, start="start_date", end="authorised_date")


def enquiries(seen: OnTheDay) -> pl.DataFrame:
    """List 5: each section 47 enquiry open in six months, and the conference that followed."""
    every = seen.dataset.table("ssd_s47_enquiry").select(
        child="s47e_person_id",
        _id="s47e_s47_enquiry_id",
        start_date="s47e_s47_start_date",
        _end="s47e_s47_end_date",
        _team="s47e_s47_completed_by_team",
        _worker="s47e_s47_completed_by_worker_id",
    )
    held = seen.dataset.table("ssd_initial_cp_conference").filter(pl.col("icpc_icpc_date") <= seen.on)
    first = held.sort("icpc_icpc_date", maintain_order=True).unique("icpc_s47_enquiry_id", maintain_order=True)
    led = first.select(
        _id="icpc_s47_enquiry_id", conference_date="icpc_icpc_date", plan_resulted="icpc_icpc_outcome_cp_flag"
    )
    rows = (
        _still(seen, every, "_end").sort("start_date", "child").join(led, on="_id", how="left", maintain_order="left")
    )
    held_one = pl.col("conference_date").is_not_null()
    unnecessary = pl.when(held_one).then(pl.lit("N")).when(pl.col("_end").is_not_null()).then(pl.lit("Y"))
    events = every.select("child", "_id", _day="start_date")
    counted = _earlier(rows, events, day="start_date", name="earlier_enquiries", itself=True)
    conferences = held.select(child="icpc_person_id", _day="icpc_icpc_date")
    both = _earlier(counted, conferences, day="start_date", name="earlier_conferences", itself=False)
    return _who(seen, both.with_columns(conference_unnecessary=unnecessary), start="start_date", end="_end")


def children_in_need(seen: OnTheDay) -> pl.DataFrame:
    """List 6: each child whose case was open in six months, once: the last case. A referral not taken up is no case."""
    told = (
        seen.dataset.table("ssd_cin_episodes")
        .filter(pl.col("cine_referral_nfa").ne_missing("Y"))
        .select(
            child="cine_person_id",
            start_date="cine_referral_date",
            need="cine_cin_primary_need_code",
            closure_date="cine_close_date",
            closure_reason="cine_close_reason",
            _team="cine_referral_team",
            _worker="cine_referral_worker_id",
        )
    )
    rows = _still(seen, told, "closure_date").sort("start_date", maintain_order=True)
    last = rows.unique("child", keep="last", maintain_order=True).sort("start_date", "child")
    closed = pl.col("closure_date").is_not_null()
    named = seen.held_by(last, start="start_date", end="closure_date").with_columns(
        closure_reason=pl.when(closed).then("closure_reason"),
        team=pl.coalesce("team", "_team"),
        worker=pl.coalesce("worker", "_worker"),
    )
    return seen.named(_case_status(seen, _last_seen(seen, named)))


def _last_seen(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the last day in the case on which somebody visited and saw the child."""
    visits = [
        seen.dataset.table(table).select(
            child=f"{short}_person_id", _day=f"{short}_{name}_visit_date", _seen=f"{short}_{name}_visit_seen"
        )
        for table, short, name in (
            ("ssd_cin_visits", "cinv", "cin"),
            ("ssd_cp_visits", "cppv", "cp"),
            ("ssd_cla_visits", "clav", "cla"),
        )
    ]
    known = pl.concat(visits).filter(pl.col("_day") <= seen.on, pl.col("_seen").ne_missing("N"))
    both = rows.select("child", "start_date", "closure_date").join(known, on="child")
    within = (pl.col("_day") >= pl.col("start_date")) & (
        pl.col("closure_date").is_null() | (pl.col("_day") <= pl.col("closure_date"))
    )
    last = both.filter(within).group_by("child").agg(last_seen_date=pl.col("_day").max())
    return rows.join(last, on="child", how="left", maintain_order="left")


def _case_status(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with `status`: the first that is so, from closed to nothing but open."""
    dataset = seen.dataset
    adult = pl.col("age") >= 18
    marks = {
        "in_care": seen.care.filter(pl.col("end").is_null()).select("child"),
        "protection": _open(seen, "ssd_cp_plans", "cppl", "cp_plan"),
        "in_need": _open(seen, "ssd_cin_plans", "cinp", "cin_plan"),
        "leaver": dataset.table("ssd_care_leavers").select(child="clea_person_id"),
        "assessing": _open(seen, "ssd_cin_assessments", "cina", "assessment", end="auth_date"),
    }
    told = rows.join(seen.people.select("child", "age"), on="child", how="left", maintain_order="left")
    for name, children in marks.items():
        flagged = children.unique().with_columns(pl.lit(True).alias(f"_{name}"))
        told = told.join(flagged, on="child", how="left", maintain_order="left")
    status = (
        pl.when(pl.col("closure_date").is_not_null())
        .then(pl.lit("closed"))
        .when(pl.col("_in_care").is_not_null() & ~adult.fill_null(False))
        .then(pl.lit("in_care"))
        .when("_protection")
        .then(pl.lit("protection"))
        .when(pl.col("_in_need").is_not_null() | pl.col("_leaver").is_not_null())
        .then(pl.lit("in_need"))
        .when("_assessing")
        .then(pl.lit("assessing"))
        .otherwise(pl.lit("in_need"))
    )
    return told.with_columns(status=status).drop("age")


def _open(seen: OnTheDay, table: str, short: str, name: str, *, end: str = "end_date") -> pl.DataFrame:
    start, ended = pl.col(f"{short}_{name}_start_date"), pl.col(f"{short}_{name}_{end}")
    going = (start <= seen.on) & (ended.is_null() | (ended > seen.on))
    return seen.dataset.table(table).filter(going).select(child=f"{short}_person_id")


def protection_plans(seen: OnTheDay) -> pl.DataFrame:
    """List 7: each child on a child protection plan of this authority's in six months, once: the last plan."""
    table = seen.dataset.table("ssd_cp_plans").filter(pl.col("cppl_cp_plan_ola").ne_missing("Y"))
    category = {
        name: pl.col(f"cppl_cp_plan_{name}").str.to_uppercase().str.slice(0, 3)
        for name in ("initial_category", "latest_category")
    }
    every = table.select(
        child="cppl_person_id",
        _plan="cppl_cp_plan_id",
        start_date="cppl_cp_plan_start_date",
        end_date="cppl_cp_plan_end_date",
        **category,
    )
    rows = _still(seen, every, "end_date").sort("start_date", maintain_order=True)
    last = rows.unique("child", keep="last", maintain_order=True).sort("start_date", "child")
    told = seen.held_by(last, start="start_date", end="end_date")
    return seen.named(_emergency(seen, _plans_before(seen, _seen_and_reviewed(seen, told), every)))


def _seen_and_reviewed(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with the last visit under the plan, whether the child was seen alone then, and the last review."""
    visits = seen.dataset.table("ssd_cp_visits").filter(
        pl.col("cppv_cp_visit_date") <= seen.on, pl.col("cppv_cp_visit_seen").ne_missing("N")
    )
    visit = (
        visits.sort("cppv_cp_visit_date", maintain_order=True)
        .unique("cppv_cp_plan_id", keep="last", maintain_order=True)
        .select(_plan="cppv_cp_plan_id", visit_date="cppv_cp_visit_date", seen_alone="cppv_cp_visit_seen_alone")
    )
    reviews = seen.dataset.table("ssd_cp_reviews").filter(pl.col("cppr_cp_review_date") <= seen.on)
    review = reviews.group_by(_plan="cppr_cp_plan_id").agg(review_date=pl.col("cppr_cp_review_date").max())
    told = rows.join(visit, on="_plan", how="left", maintain_order="left")
    return told.join(review, on="_plan", how="left", maintain_order="left")


def _plans_before(seen: OnTheDay, rows: pl.DataFrame, every: pl.DataFrame) -> pl.DataFrame:
    """The rows with how many plans the child had before: those here, or more where the authority has said so."""
    said = seen.dataset.table("kith_cp_plan_detail").select(_plan="kcpp_cp_plan_id", _said="kcpp_previous_plans")
    before = rows.select("child", _then="start_date").join(every.select("child", _day="start_date"), on="child")
    counted = before.filter(pl.col("_day") < pl.col("_then")).group_by("child").agg(_here=pl.len().cast(pl.Int64))
    told = rows.join(said, on="_plan", how="left", maintain_order="left")
    both = told.join(counted, on="child", how="left", maintain_order="left")
    return both.with_columns(earlier_plans=pl.max_horizontal("_said", pl.col("_here").fill_null(0)))


def _emergency(seen: OnTheDay, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with whether the child was under police protection or an emergency order at any time in six months."""
    code = pl.col("lega_legal_status").str.strip_chars().str.slice(0, 2).str.to_uppercase()
    orders = seen.dataset.table("ssd_legal_status").filter(
        code.is_in(_EMERGENCY), seen.lasting("lega_legal_status_start_date", "lega_legal_status_end_date")
    )
    children = orders.select(child="lega_person_id", _order=pl.lit("Y")).unique()
    return rows.join(children, on="child", how="left", maintain_order="left").with_columns(
        emergency=pl.col("_order").fill_null("N")
    )
