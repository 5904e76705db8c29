"""`kith demo`: the borough stored with people to sign in as, and never where it must not be."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from django.contrib.auth import authenticate
from tests.unit.record.loading.extracts import dataset, everything

from kith.config import demo
from kith.foundation.access.models import Account
from kith.oversight.returns.own_duties import standing
from kith.record.people.access import known_to, visible_to
from kith.record.people.models import Person
from kith.synthetic.borough import Borough
from kith.synthetic.own_duties import OwnDuty
from kith.vocabulary.errors import KithError

pytestmark = pytest.mark.django_db


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> Borough:
    """A borough of three children in place of the whole one, so that the test is quick."""
    settings.HOME = tmp_path
    rows = everything()
    for number, name in (("W2", "Farid Khan"), ("W3", "Sam Wren")):
        rows["ssd_professionals"].append({"prof_professional_id": number, "prof_professional_name": name})
    rows["kith_post"].append(rows["kith_post"][0] | {"post_table_id": "PO2", "post_worker_id": "W2"})
    borough = Borough(
        dataset=dataset(rows),
        planted=(),
        personas={"social_worker": "W1", "barred": "W2", "data_officer": "W3"},
        barred=("W2", ("P1", "P2")),
        brothers=("P1", "P2"),
        own_duties=(
            OwnDuty("information_request", "FOI 0001", date(2026, 1, 5), date(2026, 1, 30)),
            OwnDuty("workforce_census", "", date(2025, 3, 31), None),
        ),
    )
    monkeypatch.setattr("kith.synthetic.borough.build", lambda **_: borough)
    monkeypatch.setattr(demo, "_read_controls", lambda on: None)
    return borough


def test_the_borough_is_stored_with_people_to_sign_in_as(small: Borough, tmp_path: Path) -> None:
    said = CliRunner().invoke(demo.demo, ["--on", "2026-03-31"])
    assert said.exit_code == 0, said.output
    assert "Asha Rahman" in said.output and demo.PASSWORD in said.output
    signed_in = authenticate(username="social_worker@riverside.example", password=demo.PASSWORD)
    assert signed_in is not None and Account.objects.count() == 4
    assert Account.objects.first().password.startswith("argon2")
    kept = json.loads((tmp_path / "planted.json").read_text())
    assert kept["personas"]["social_worker"] == "W1" and kept["brothers"] == ["P1", "P2"]
    assert list(standing().order_by("pk").values_list("reference", "done_on", "by__name")) == [
        ("FOI 0001", date(2026, 1, 30), "Sam Wren"),
        ("2024/25", None, "Sam Wren"),
    ]


def test_the_barred_worker_may_know_of_nobody_in_the_family(small: Borough) -> None:
    from kith.foundation.access.viewer import viewer_for

    demo.make()
    viewer = viewer_for(Account.objects.get(email="barred@riverside.example"))
    seen = set(known_to(viewer).values_list("ref", flat=True))
    assert not seen & {"person:P1", "person:P2"}
    assert not visible_to(viewer).filter(ref__in=("person:P1", "person:P2")).exists()
    assert "person:A1" in seen, "only the family is kept from him"


def test_it_is_never_mixed_into_a_record(small: Borough) -> None:
    demo.make()
    before = Person.objects.count()
    said = CliRunner().invoke(demo.demo, [])
    assert said.exit_code == 2 and "There is a record here already" in said.stderr
    assert Person.objects.count() == before


def test_it_is_never_built_in_production(small: Borough, settings: Any) -> None:
    settings.PRODUCTION = True
    with pytest.raises(KithError, match="never built in production"):
        demo.make()
    assert not Person.objects.exists()
    assert demo.who_can_sign_in() == ""


def test_it_says_when_nobody_can_sign_in_yet() -> None:
    assert "Nobody can sign in yet" in demo.who_can_sign_in()
