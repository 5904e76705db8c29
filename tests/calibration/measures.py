"""What the invented borough's data says in the terms of the published statistics: one number for each measure."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from kith.statutory.returns.ssd.dataset import Dataset
from kith.vocabulary.working_days import england


class Measures:
    """Measures of a dataset for the 12 months that end on `on`, by name."""

    def __init__(self, dataset: Dataset, on: date, population: int) -> None:
        self.data, self.on, self.population = dataset, on, population
        self.start = on - timedelta(days=364)

    def all(self) -> dict[str, float]:
        """Every measure: counts as they are, shares out of a hundred, rates for each 10,000 children."""
        parts = (
            self.front_door,
            self.assessment,
            self.protection,
            self.plans,
            self.in_need,
            self.in_care,
            self.homes,
            self.care_life,
            self.leavers,
            self.workforce,
        )
        return {name: round(value, 2) for part in parts for name, value in part().items()}

    def front_door(self) -> dict[str, float]:
        referrals = self._year("ssd_cin_episodes", "cine_referral_date")
        every = self.data.table("ssd_cin_episodes").select("cine_person_id", before="cine_referral_date")
        earlier = referrals.join(every, on="cine_person_id").filter(
            (pl.col("before") < pl.col("cine_referral_date"))
            & (pl.col("before") >= pl.col("cine_referral_date").dt.offset_by("-1y"))
        )
        again = earlier["cine_referral_id"].n_unique()
        contacts = self._year("ssd_contacts", "cont_contact_date").height
        sources = pl.col("cine_referral_source_code")
        return {
            "referrals": referrals.height,
            "rereferral_percent": 100 * again / referrals.height,
            "nfa_percent": _percent(referrals, pl.col("cine_referral_nfa") == "Y"),
            "police_percent": _percent(referrals, sources == "6"),
            "school_percent": _percent(referrals, sources == "2A"),
            "health_percent_of_referrals": _percent(referrals, sources.str.starts_with("3")),
            "contacts_per_referral": contacts / referrals.height,
            "autumn_percent": _percent(referrals, pl.col("cine_referral_date").dt.month().is_in([10, 11, 12])),
        }

    def assessment(self) -> dict[str, float]:
        done = self._year("ssd_cin_assessments", "cina_assessment_auth_date")
        days = _lengths(done, "cina_assessment_start_date", "cina_assessment_auth_date")
        settled = self.data.table("ssd_cin_episodes").filter(
            pl.col("cine_referral_date").is_between(self.start - timedelta(days=80), self.on - timedelta(days=80))
        )
        outcomes = settled.join(
            self.data.table("ssd_cin_assessments"), left_on="cine_referral_id", right_on="cina_referral_id", how="left"
        ).unique("cine_referral_id")
        factors = done.join(
            self.data.table("ssd_assessment_factors"), left_on="cina_assessment_id", right_on="cinf_assessment_id"
        ).filter(~pl.col("cinf_assessment_factors_json").str.contains('"21"'))
        domestic = pl.col("cinf_assessment_factors_json").str.contains('"3B"')
        return {
            "assessments": done.height,
            "in_45_percent": 100 * sum(day <= 45 for day in days) / len(days),
            "median_working_days": float(pl.Series(days).median() or 0),
            "not_in_need_percent": _percent(outcomes, pl.col("cina_assessment_outcome_nfa") == "Y"),
            "domestic_abuse_percent": _percent(factors, domestic),
        }

    def protection(self) -> dict[str, float]:
        enquiries = self._year("ssd_s47_enquiry", "s47e_s47_start_date")
        held = self._year("ssd_initial_cp_conference", "icpc_icpc_date")
        led = held.join(
            self.data.table("ssd_s47_enquiry"), left_on="icpc_s47_enquiry_id", right_on="s47e_s47_enquiry_id"
        )
        days = _lengths(led, "s47e_s47_start_date", "icpc_icpc_date")
        meetings = self._year("kith_strategy_meeting", "stra_held_date")
        return {
            "s47_per_10000": 10000 * enquiries.height / self.population,
            "icpc_per_10000": 10000 * held.height / self.population,
            "icpc_in_15_percent": 100 * sum(day <= 15 for day in days) / len(days),
            "strategy_per_s47": meetings.height / enquiries.height,
        }

    def plans(self) -> dict[str, float]:
        plans = self.data.table("ssd_cp_plans")
        started = self._year("ssd_cp_plans", "cppl_cp_plan_start_date")
        ended = self._year("ssd_cp_plans", "cppl_cp_plan_end_date")
        open_now = plans.filter(pl.col("cppl_cp_plan_end_date").is_null())
        before = plans.select("cppl_person_id", earlier="cppl_cp_plan_start_date")
        second = started.join(before, on="cppl_person_id").filter(pl.col("earlier") < pl.col("cppl_cp_plan_start_date"))
        reviews = self._year("ssd_cp_reviews", "cppr_cp_review_date")
        late = reviews.filter(pl.col("cppr_cp_review_date") > pl.col("cppr_cp_review_due"))
        reviewed = reviews["cppr_cp_plan_id"].n_unique()
        category = pl.col("cppl_cp_plan_initial_category")
        recent = pl.col("cppl_cp_plan_start_date") > pl.lit(self.on).dt.offset_by("-3mo")
        two_years = (pl.col("cppl_cp_plan_end_date") - pl.col("cppl_cp_plan_start_date")).dt.total_days() >= 730
        return {
            "cp_open": open_now.height,
            "cp_starting": started.height,
            "cp_second_percent": 100 * second["cppl_cp_plan_id"].n_unique() / started.height,
            "cp_reviews_in_time_percent": 100 - 100 * late["cppr_cp_plan_id"].n_unique() / reviewed,
            "cp_neglect_percent": _percent(started, category == "neglect"),
            "cp_emotional_percent": _percent(started, category == "emotional"),
            "cp_open_3_months_percent": _percent(open_now, recent),
            "cp_ended_2_years_percent": _percent(ended, two_years),
        }

    def in_need(self) -> dict[str, float]:
        episodes = self.data.table("ssd_cin_episodes")
        open_now = episodes.filter(pl.col("cine_close_date").is_null() & (pl.col("cine_referral_nfa") == "N"))
        children = open_now.unique("cine_person_id")
        disabled = self.data.table("ssd_disability").filter(pl.col("disa_disability_code") != "NONE")
        with_one = children.join(disabled, left_on="cine_person_id", right_on="disa_person_id", how="semi")
        plans = self.data.table("ssd_cin_plans")
        return {
            "cin_open": children.height,
            "cin_plans_open": plans.filter(pl.col("cinp_cin_plan_end_date").is_null()).height,
            "cin_plans_starting": self._year("ssd_cin_plans", "cinp_cin_plan_start_date").height,
            "disability_percent": 100 * with_one.height / children.height,
            "abuse_need_percent": _percent(children, pl.col("cine_cin_primary_need_code") == "N1"),
        }

    def _care(self) -> pl.DataFrame:
        episodes = self.data.table("ssd_cla_episodes").sort(
            "clae_cla_id", "clae_cla_episode_start_date", "clae_cla_episode_id"
        )
        return episodes.group_by("clae_cla_id", maintain_order=True).agg(
            child=pl.col("clae_person_id").first(),
            entry=pl.col("clae_entered_care_date").first(),
            left=pl.col("clae_cla_episode_ceased_date").last(),
            why=pl.col("clae_cla_episode_ceased_reason").last(),
            need=pl.col("clae_cla_primary_need_code").first(),
            home=pl.col("clae_cla_placement_id").last(),
        )

    def in_care(self) -> dict[str, float]:
        care = self._care()
        now = care.filter(pl.col("left").is_null())
        people = now.join(self.data.table("ssd_person"), left_on="child", right_on="pers_person_id")
        alone = self.data.table("ssd_immigration_status").filter(pl.col("immi_immigration_status_end_date").is_null())
        status = self.data.table("ssd_legal_status").filter(pl.col("lega_legal_status_end_date").is_null())
        legal = pl.col("lega_legal_status")
        older = pl.col("pers_dob") <= pl.lit(self.on).dt.offset_by("-16y")
        asian = pl.col("pers_ethnicity").is_in(["ABAN", "AIND", "APKN", "AOTH"])
        return {
            "cla_open": now.height,
            "cla_starting": care.filter(pl.col("entry").is_between(self.start, self.on)).height,
            "cla_ceasing": care.filter(pl.col("left").is_between(self.start, self.on)).height,
            "uasc_open": now.join(alone, left_on="child", right_on="immi_person_id", how="semi").height,
            "cla_16_percent": _percent(people, older),
            "cla_asian_percent": _percent(people, asian),
            "cla_abuse_percent": _percent(now, pl.col("need") == "N1"),
            "care_order_percent": _percent(status, legal == "C2"),
            "interim_order_percent": _percent(status, legal == "C1"),
            "agreed_percent": _percent(status, legal == "V2"),
        }

    def homes(self) -> dict[str, float]:
        now = self._care().filter(pl.col("left").is_null())
        placements = self.data.table("ssd_cla_placement")
        current = now.join(placements, left_on="home", right_on="clap_cla_placement_id")
        kind = pl.col("clap_cla_placement_type")
        lived = placements.filter(
            pl.col("clap_cla_placement_end_date").is_null() | (pl.col("clap_cla_placement_end_date") > self.start)
        )
        many = lived.join(now, left_on="clap_cla_id", right_on="clae_cla_id", how="semi").group_by("clap_cla_id").len()
        return {
            "foster_percent": _percent(current, kind.str.starts_with("U")),
            "supported_percent": _percent(current, kind == "K3"),
            "childrens_home_percent": _percent(current, kind == "K2"),
            "inside_percent": _percent(current, pl.col("clap_cla_placement_postcode").str.starts_with("RV")),
            "far_percent": _percent(current, pl.col("clap_cla_placement_distance") >= 20),
            "three_homes_percent": _percent(many, pl.col("len") >= 3),
        }

    def care_life(self) -> dict[str, float]:
        care = self._care()
        year = care.filter(pl.col("left").is_null() & (pl.col("entry") <= self.start))
        checks = self._year("ssd_cla_health", "clah_health_check_date")
        shares = {
            f"{name}_percent": 100
            * year.join(
                checks.filter(pl.col("clah_health_check_type").str.contains(word)),
                left_on="child",
                right_on="clah_person_id",
                how="semi",
            ).height
            / year.height
            for name, word in (("health", "Health"), ("dental", "Dental"))
        }
        immune = self._year("ssd_cla_immunisations", "clai_immunisations_status_date").join(
            year, left_on="clai_person_id", right_on="child", how="semi"
        )
        scores = self._year("ssd_sdq_scores", "csdq_sdq_completed_date")["csdq_sdq_score"].cast(pl.Float64).mean()
        ever = care.filter((pl.col("entry") <= self.on) & (pl.col("left").is_null() | (pl.col("left") >= self.start)))
        away = self._year("ssd_missing", "miss_missing_episode_start_date").join(
            ever, left_on="miss_person_id", right_on="child"
        )
        from_care = away.filter(
            (pl.col("miss_missing_episode_start_date") >= pl.col("entry"))
            & (pl.col("left").is_null() | (pl.col("miss_missing_episode_start_date") < pl.col("left")))
        )
        missing = from_care.filter(pl.col("miss_missing_episode_type") == "Missing")
        children = ever["child"].n_unique()
        return shares | {
            "immunised_percent": _percent(immune, pl.col("clai_immunisations_status") == "Y"),
            "sdq_average": float(str(scores)),
            "missing_percent": 100 * missing["miss_person_id"].n_unique() / children,
            "away_percent": 100
            * from_care.filter(pl.col("miss_missing_episode_type") == "Away")["miss_person_id"].n_unique()
            / children,
            "incidents_each": missing.height / missing["miss_person_id"].n_unique(),
        }

    def leavers(self) -> dict[str, float]:
        people = self.data.table("ssd_care_leavers").join(
            self.data.table("ssd_person"), left_on="clea_person_id", right_on="pers_person_id"
        )
        born = pl.col("pers_dob")
        at = lambda years: pl.lit(self.on).dt.offset_by(f"-{years}y")  # noqa: E731
        leavers = people.filter(
            (born <= at(19)) & (born > at(22)) & (pl.col("clea_care_leaver_eligibility") == "Former Relevant")
        )
        known = pl.col("clea_care_leaver_activity")
        return {
            "leavers_19_to_21": leavers.height,
            "in_touch_percent": _percent(leavers, pl.col("clea_care_leaver_in_touch") == "YES"),
            "suitable_percent": _percent(leavers, pl.col("clea_care_leaver_accom_suitable") == "1"),
            "eet_percent": _percent(leavers, known.str.starts_with("F")),
        }

    def workforce(self) -> dict[str, float]:
        rows = self.data.table("ssd_involvements").filter(
            pl.col("invo_involvement_end_date").is_null() & (pl.col("invo_professional_role_id") == "social_worker")
        )
        held = rows.group_by("invo_professional_id").agg(pl.col("invo_person_id").n_unique())
        workers = self.data.table("kith_post").filter(
            pl.col("post_end_date").is_null() & (pl.col("post_role") == "social_worker")
        )
        now = workers.join(
            self.data.table("ssd_professionals"), left_on="post_worker_id", right_on="prof_professional_id"
        )
        whole_posts = float(str(now["prof_full_time_equivalency"].sum()))
        return {
            "case_holders": whole_posts,
            "average_caseload": float(str(held["invo_person_id"].sum())) / whole_posts,
            "agency_percent": _percent(now, pl.col("prof_agency_worker_flag") == "Y"),
        }

    def _year(self, table: str, column: str) -> pl.DataFrame:
        return self.data.table(table).filter(pl.col(column).is_between(self.start, self.on))


def _percent(frame: pl.DataFrame, test: pl.Expr) -> float:
    return 100 * frame.filter(test).height / max(frame.height, 1)


def _lengths(frame: pl.DataFrame, start: str, end: str) -> list[int]:
    """Working days from one column to another, the first day left out."""
    calendar = england()
    return [calendar.between(first, last) for first, last in frame.select(start, end).iter_rows()]
