"""What is too big is refused with a sentence before it is read; nonsense numbers in an address break no page."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import a_child, a_worker

from kith.record.loading.models import Load


@pytest.fixture
def officer(record: None) -> Client:
    client = Client()
    client.force_login(a_worker("Dan Ito", role="data_officer").account)
    return client


@pytest.mark.parametrize("address", ["/loads/upload/", "/sign-in/"])
def test_more_than_the_limit_is_refused_in_words(officer: Client, settings: object, address: str) -> None:
    settings.UPLOAD_LIMIT = 1024 * 1024  # type: ignore[attr-defined]
    big = SimpleUploadedFile("ssd_person.csv", b"x" * (1024 * 1024 + 1))
    answer = officer.post(address, {"files": big})
    assert answer.status_code == 400
    assert "Kith takes up to 1 MB of files at once" in answer.content.decode()
    assert not Load.objects.exists()


def test_the_limit_is_said_before_anything_is_sent(officer: Client) -> None:
    assert "Up to 500 MB at once" in officer.get("/loads/").content.decode()


def test_a_file_within_the_limit_is_taken(officer: Client, settings: object, tmp_path: object) -> None:
    settings.UPLOADS = tmp_path  # type: ignore[attr-defined]
    answer = officer.post("/loads/upload/", {"files": SimpleUploadedFile("../../evil.csv", b"a,b\n1,2\n")})
    assert answer.status_code == 302
    assert Load.objects.get().files[0]["name"] == "evil.csv"


@pytest.mark.parametrize("typed", ["9" * 25, "9" * 5000, "²", "٣", "-1", "x\x00", "1e9"])
def test_nonsense_in_an_address_breaks_no_page(record: None, typed: str) -> None:
    client = Client()
    client.force_login(a_worker("Grace Owusu", role="team_manager").account)
    child = a_child()
    for path in ("/", "/work/", "/work/visit/", "/deadlines/", "/promises/", "/visits/new/", "/promises/new/"):
        names = ("child", "team", "worker", "owner", "page", "involved", "about_team", "made_in", "kind", "due_until")
        for name in names:
            assert client.get(path, {name: typed}).status_code in (200, 404), (path, name)
    for path in ("/strategy-meetings/new/", f"/children/{child.pk}/record/", "/people/", "/controls/", "/team/"):
        for name in ("child", "page", "kind", "name", "from"):
            assert client.get(path, {name: typed}).status_code in (200, 404), (path, name)
    assert client.post(f"/people/{child.pk}/barred/", {"end": typed}).status_code == 302
    assert client.post("/drafts/", {"draft_form": "visit", "draft_about": f"new:{typed[:70]}"}).status_code == 302
    assert client.get("/drafts/").status_code == 200
