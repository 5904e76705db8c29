"""One record for each child, as the daily service takes it: nested, dated as 2026-03-31, and without what is blank."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from kith.statutory.returns.api_payload.cohort import Window, cohort, window
from kith.statutory.returns.ssd.dataset import Dataset

Payload = dict[str, Any]
By = Mapping[str, list[Payload]]
SOCIAL_WORKER = r"(?i)^\s*(?:cw|case worker|allocated.*|.*social[ _]worker.*)\s*$"
_UPN = r"(?i)^(?:former )?(?:unique pupil number|upn)$"
_NO_DISABILITY = ["NONE"]


def payloads(dataset: Dataset, *, on: date, child: str = "") -> list[Payload]:
    """The record of every child who is sent on a day, in the order of their ids; or of one child alone, if sent."""
    within, sent = window(on), cohort(dataset, on=on)
    wanted = sent.filter(sent == child) if child else sent
    people = dataset.table("ssd_person").filter(pl.col("pers_person_id").is_in(wanted.implode()))
    told = _Told(dataset, within, wanted)
    return [_child(row, told) for row in people.sort("pers_person_id").iter_rows(named=True)]


class _Told:
    """What the dataset tells of some children, by child or by referral."""

    def __init__(self, dataset: Dataset, within: Window, children: pl.Series) -> None:
        self._dataset, self._within, self._children = dataset, within, children.implode()
        self.postcodes = _postcodes(self.of("ssd_address", "addr_person_id"))
        self.disabilities = _texts(
            self.of("ssd_disability", "disa_person_id"), "disa_person_id", "disa_disability_code"
        )
        self.former = _former(self.of("ssd_linked_identifiers", "link_person_id"))
        self.uasc = _uasc(self.of("ssd_immigration_status", "immi_person_id"), within)
        self.scores = _scores(self.of("ssd_sdq_scores", "csdq_person_id"), within)
        self.episodes = self._episodes()

    def of(self, table: str, column: str) -> pl.DataFrame:
        """A table's rows about these children."""
        return self._dataset.table(table).filter(pl.col(column).is_in(self._children))

    def _episodes(self) -> By:
        frame = self.of("ssd_cin_episodes", "cine_person_id")
        frame = frame.filter(self._within.overlaps("cine_referral_date", "cine_close_date"))
        frame = frame.sort("cine_person_id", "cine_referral_date", "cine_referral_id")
        parts = {
            "child_and_family_assessments": self._assessments(),
            "child_in_need_plans": self._plans(),
            "section_47_assessments": self._enquiries(),
            "child_protection_plans": self._protection(),
            "child_looked_after_placements": self._homes(),
            "care_worker_details": self._workers(),
        }
        one = {"adoption": self._adoption(), "care_leavers": self._leavers(frame)}
        found: dict[str, list[Payload]] = defaultdict(list)
        for row in frame.iter_rows(named=True):
            referral = row["cine_referral_id"]
            episode = _episode(row) | {name: by.get(referral) for name, by in parts.items()}
            found[row["cine_person_id"]].append(_said(episode | {name: by.get(referral) for name, by in one.items()}))
        return found

    def _assessments(self) -> By:
        factors = self._dataset.table("ssd_assessment_factors").unique("cinf_assessment_id", keep="last")
        frame = self.of("ssd_cin_assessments", "cina_person_id").join(
            factors, left_on="cina_assessment_id", right_on="cinf_assessment_id", how="left"
        )
        fields = {
            "child_and_family_assessment_id": "cina_assessment_id",
            "start_date": "cina_assessment_start_date",
            "authorisation_date": "cina_assessment_auth_date",
            "factors": "cinf_assessment_factors_json",
        }
        found = _by(frame, "cina_referral_id", "cina_assessment_start_date", fields)
        for each in (item for items in found.values() for item in items):
            each.update(_said({"factors": _factors(each.pop("factors", None))}))
        return found

    def _plans(self) -> By:
        fields = {
            "child_in_need_plan_id": "cinp_cin_plan_id",
            "start_date": "cinp_cin_plan_start_date",
            "end_date": "cinp_cin_plan_end_date",
        }
        frame = self.of("ssd_cin_plans", "cinp_person_id")
        return _by(frame, "cinp_referral_id", "cinp_cin_plan_start_date", fields)

    def _enquiries(self) -> By:
        """Enquiries, with the conference that followed. One that has not ended says nothing of a conference yet."""
        held = self._dataset.table("ssd_initial_cp_conference").drop_nulls("icpc_s47_enquiry_id")
        days = held.group_by("icpc_s47_enquiry_id").agg(pl.col("icpc_icpc_date").min())
        frame = self.of("ssd_s47_enquiry", "s47e_person_id").join(
            days.with_columns(_held=pl.lit(True)),
            left_on="s47e_s47_enquiry_id",
            right_on="icpc_s47_enquiry_id",
            how="left",
        )
        asked = pl.col("s47e_s47_outcome_json").str.contains(r'"CP_CONFERENCE_FLAG"\s*:\s*"[Yy]').fill_null(False)
        ended = pl.col("s47e_s47_end_date").is_not_null()
        needed = pl.when(pl.col("_held") | asked).then(True).when(ended).then(False)
        fields = {
            "section_47_assessment_id": "s47e_s47_enquiry_id",
            "start_date": "s47e_s47_start_date",
            "icpc_required_flag": "_needed",
            "icpc_date": "icpc_icpc_date",
            "end_date": "s47e_s47_end_date",
        }
        return _by(frame.with_columns(_needed=needed), "s47e_referral_id", "s47e_s47_start_date", fields)

    def _protection(self) -> By:
        fields = {
            "child_protection_plan_id": "cppl_cp_plan_id",
            "start_date": "cppl_cp_plan_start_date",
            "end_date": "cppl_cp_plan_end_date",
        }
        return _by(self.of("ssd_cp_plans", "cppl_person_id"), "cppl_referral_id", "cppl_cp_plan_start_date", fields)

    def _homes(self) -> By:
        """Homes by the referral of their episodes: the first says why it began, the last why it ended."""
        episodes = self.of("ssd_cla_episodes", "clae_person_id").sort("clae_cla_episode_start_date")
        at = episodes.group_by("clae_cla_placement_id", maintain_order=True).agg(
            pl.col("clae_referral_id").drop_nulls().first(),
            pl.col("clae_cla_episode_start_reason").first(),
            pl.col("clae_cla_episode_ceased_reason").last(),
        )
        frame = self.of("ssd_cla_placement", "clap_person_id").join(
            at, left_on="clap_cla_placement_id", right_on="clae_cla_placement_id", how="left"
        )
        open_ = pl.col("clap_cla_placement_end_date").is_null()
        fields = {
            "child_looked_after_placement_id": "clap_cla_placement_id",
            "start_date": "clap_cla_placement_start_date",
            "start_reason": "clae_cla_episode_start_reason",
            "postcode": "clap_cla_placement_postcode",
            "placement_type": "clap_cla_placement_type",
            "end_date": "clap_cla_placement_end_date",
            "end_reason": "_ended",
            "change_reason": "clap_cla_placement_change_reason",
        }
        frame = frame.with_columns(_ended=pl.when(~open_).then("clae_cla_episode_ceased_reason"))
        return _by(frame, "clae_referral_id", "clap_cla_placement_start_date", fields)

    def _adoption(self) -> Mapping[str, Payload]:
        """The latest decisions, with the referral of that time in care."""
        referrals = self.of("ssd_cla_episodes", "clae_person_id").drop_nulls(["clae_cla_id", "clae_referral_id"])
        frame = self.of("ssd_permanence", "perm_person_id").join(
            referrals.unique("clae_cla_id", keep="first", maintain_order=True),
            left_on="perm_cla_id",
            right_on="clae_cla_id",
        )
        fields = {
            "initial_decision_date": "perm_adm_decision_date",
            "matched_date": "perm_matched_date",
            "placed_date": "perm_placed_for_adoption_date",
        }
        return _latest(frame, "clae_referral_id", "perm_adm_decision_date", fields)

    def _leavers(self, episodes: pl.DataFrame) -> Mapping[str, Payload]:
        """The care leaver's record, with the episode that is open."""
        now = episodes.filter(pl.col("cine_close_date").is_null()).unique("cine_person_id", keep="last")
        frame = self.of("ssd_care_leavers", "clea_person_id").join(
            now, left_on="clea_person_id", right_on="cine_person_id"
        )
        fields = {
            "contact_date": "clea_care_leaver_latest_contact",
            "activity": "clea_care_leaver_activity",
            "accommodation": "clea_care_leaver_accommodation",
        }
        return _latest(frame, "cine_referral_id", "clea_care_leaver_latest_contact", fields)

    def _workers(self) -> By:
        """Registered social workers who held the case on a 31 March in the window, where there is a plan."""
        workers = self._dataset.table("ssd_professionals").drop_nulls("prof_social_worker_registration_no")
        planned = self.of("ssd_cin_plans", "cinp_person_id")["cinp_referral_id"].drop_nulls().implode()
        held = self.of("ssd_involvements", "invo_person_id").filter(
            pl.col("invo_professional_role_id").str.contains(SOCIAL_WORKER).fill_null(False)
            & pl.col("invo_referral_id").is_in(planned)
            & _on_any("invo_involvement_start_date", "invo_involvement_end_date", self._within.year_ends)
        )
        frame = held.join(workers, left_on="invo_professional_id", right_on="prof_professional_id")
        fields = {
            "worker_id": "prof_social_worker_registration_no",
            "start_date": "invo_involvement_start_date",
            "end_date": "invo_involvement_end_date",
        }
        return _by(frame, "invo_referral_id", "invo_involvement_start_date", fields)


def _child(row: Mapping[str, Any], told: _Told) -> Payload:
    person = row["pers_person_id"]
    flag, ended = told.uasc.get(person, (None, None))
    details = {
        "unique_pupil_number": row["pers_upn"],
        "former_unique_pupil_number": _other_number(told.former.get(person), row["pers_upn"]),
        "unique_pupil_number_unknown_reason": None if row["pers_upn"] else row["pers_upn_unknown"],
        "first_name": row["pers_forename"],
        "surname": row["pers_surname"],
        "date_of_birth": _day(row["pers_dob"]),
        "expected_date_of_birth": None if row["pers_dob"] else _day(row["pers_expected_dob"]),
        "sex": row["pers_sex"],
        "ethnicity": row["pers_ethnicity"],
        "disabilities": told.disabilities.get(person) or _NO_DISABILITY,
        "postcode": told.postcodes.get(person),
        "uasc_flag": flag,
        "uasc_end_date": ended,
    }
    scores = told.scores.get(person)
    return _said(
        {
            "la_child_id": person,
            "mis_child_id": row["pers_legacy_id"] or row["pers_single_unique_id"],
            "child_details": _said(details),
            "health_and_wellbeing": _said({"sdq_assessments": scores}) if scores else None,
            "social_care_episodes": told.episodes.get(person),
        }
    )


def _episode(row: Mapping[str, Any]) -> Payload:
    nfa = row["cine_referral_nfa"]
    return {
        "social_care_episode_id": row["cine_referral_id"],
        "referral_date": _day(row["cine_referral_date"]),
        "referral_source": row["cine_referral_source_code"],
        "referral_no_further_action_flag": None if nfa is None else str(nfa).upper() == "Y",
        "closure_date": _day(row["cine_close_date"]),
        "closure_reason": row["cine_close_reason"],
    }


def _said(values: Mapping[str, Any]) -> Payload:
    """What is not blank, and that it is not withdrawn."""
    return {name: value for name, value in values.items() if value not in (None, "", [])} | {"purge": False}


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _plain(value: Any) -> Any:
    return _day(value) if isinstance(value, date) else value


def _by(frame: pl.DataFrame, key: str, order: str, fields: Mapping[str, str]) -> dict[str, list[Payload]]:
    """The rows under a key as the service's objects, in the order of their days."""
    first = next(iter(fields.values()))
    found: dict[str, list[Payload]] = defaultdict(list)
    for row in frame.drop_nulls([key, first]).sort(order, first).iter_rows(named=True):
        found[row[key]].append(_said({name: _plain(row[column]) for name, column in fields.items()}))
    return found


def _latest(frame: pl.DataFrame, key: str, order: str, fields: Mapping[str, str]) -> Mapping[str, Payload]:
    rows = frame.drop_nulls(key).sort(order, nulls_last=False).iter_rows(named=True)
    found = {row[key]: {name: _plain(row[column]) for name, column in fields.items()} for row in rows}
    return {referral: _said(each) for referral, each in found.items() if any(each.values())}


def _on_any(start: str, end: str, days: Sequence[date]) -> pl.Expr:
    held = [((pl.col(start) <= day) & (pl.col(end).is_null() | (pl.col(end) >= day))).fill_null(False) for day in days]
    return pl.any_horizontal(held) if held else pl.lit(False)


def _texts(frame: pl.DataFrame, key: str, column: str) -> Mapping[str, list[str]]:
    found = frame.drop_nulls([key, column]).group_by(key).agg(pl.col(column).unique().sort())
    return {each: values for each, values in found.iter_rows() if values != _NO_DISABILITY}


def _factors(text: str | None) -> list[str]:
    """The codes of factors, from a list of them or from a code beside each answer."""
    said = json.loads(text) if text else []
    codes = (
        [code for code, answer in said.items() if str(answer).upper().startswith("Y")]
        if isinstance(said, dict)
        else said
    )
    return sorted({str(each) for each in codes})


def _postcodes(addresses: pl.DataFrame) -> Mapping[str, str]:
    """The latest address that has not ended; nothing where none is open."""
    now = addresses.filter(pl.col("addr_address_end_date").is_null()).drop_nulls("addr_address_postcode")
    newest = now.sort("addr_address_start_date", nulls_last=False).select("addr_person_id", "addr_address_postcode")
    return dict(newest.iter_rows())


def _former(identifiers: pl.DataFrame) -> Mapping[str, list[str]]:
    """The pupil numbers beside the one on a child's own row, the newest last."""
    rows = identifiers.filter(pl.col("link_identifier_type").str.contains(_UPN).fill_null(False))
    newest = rows.drop_nulls("link_identifier_value").sort("link_valid_from_date", nulls_last=False)
    found = newest.group_by("link_person_id", maintain_order=True).agg("link_identifier_value")
    return dict(found.iter_rows())


def _other_number(numbers: list[str] | None, own: str | None) -> str | None:
    others = [each for each in numbers or [] if each != own]
    return others[-1] if own and others else None


def _uasc(statuses: pl.DataFrame, within: Window) -> Mapping[str, tuple[bool, str | None]]:
    """Children who came alone and seek asylum, where that had not ended before the window."""
    said = pl.col("immi_immigration_status").str.to_uppercase().str.contains(r"^(?:U|UASC)\b").fill_null(False)
    ended = pl.col("immi_immigration_status_end_date")
    rows = statuses.filter(said & (ended.is_null() | (ended >= within.first)))
    days: Iterable[tuple[str, date | None]] = (
        rows.sort("immi_immigration_status_start_date")
        .select("immi_person_id", "immi_immigration_status_end_date")
        .iter_rows()
    )
    return {person: (True, _day(day)) for person, day in days}


def _scores(scores: pl.DataFrame, within: Window) -> Mapping[str, list[Payload]]:
    number = pl.col("csdq_sdq_score").cast(pl.Int64, strict=False)
    rows = scores.filter(within.holds("csdq_sdq_completed_date")).with_columns(_score=number).drop_nulls("_score")
    return _by(
        rows, "csdq_person_id", "csdq_sdq_completed_date", {"date": "csdq_sdq_completed_date", "score": "_score"}
    )
