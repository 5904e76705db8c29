"""The layout, the parts, the fields and the error pages, as somebody meets them."""

from __future__ import annotations

import pytest
from django.conf import settings
from django.template import engines
from django.test import Client
from tests.factories import a_child, a_worker, bar
from tests.unit.foundation.screens import gallery, reading

from kith.foundation.access.policy import policy
from kith.foundation.access.viewer import NOBODY, Viewer
from kith.foundation.screens import navigation
from kith.foundation.screens.navigation import places

pytestmark = pytest.mark.urls(gallery.__name__)


@pytest.fixture
def client() -> Client:
    return Client(raise_request_exception=False)


def signed_in(client: Client, role: str = "social_worker") -> Client:
    client.force_login(a_worker(role=role).account)
    return client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/gallery/parts/", 200),
        ("/gallery/visit/", 200),
        ("/about/accessibility/", 200),
        ("/about/what-kith-records/", 200),
        ("/drafts/", 200),
        ("/nothing/at/all/", 404),
        ("/gallery/closed/", 403),
        ("/gallery/breaks/", 500),
    ],
)
def test_every_page_can_be_heard_and_needs_no_inline_style_or_script(
    record: None, client: Client, path: str, status: int
) -> None:
    answer = signed_in(client).get(path)
    assert answer.status_code == status
    assert reading.faults(answer.content) == []


def test_a_form_with_errors_links_each_error_to_its_box(record: None, client: Client) -> None:
    answer = signed_in(client).post("/gallery/visit/", {"promises-TOTAL_FORMS": 1, "promises-INITIAL_FORMS": 0})
    assert reading.faults(answer.content) == []
    tree = reading.page(answer.content)
    links = tree.xpath("//div[contains(@class, 'error-summary')]//a")
    assert [(each.get("href"), each.text_content()) for each in links] == [
        ("#id_on-day", "Enter date of visit"),
        ("#id_seen", "Say whether the child was seen"),
        ("#id_where", "Choose where"),
        ("#id_themes", "Choose what it was about"),
        ("#id_said", "Enter what the child said"),
    ]
    for each in links:
        assert tree.xpath(f"//*[@id='{each.get('href')[1:]}']")[0].tag in {"input", "select", "textarea"}


def test_the_reading_finds_faults_where_there_are_some() -> None:
    bad = "<html><h1>A</h1><h3 id='a' style='x'>B</h3><input id='a'><button></button><script>1</script></html>"
    said = " ".join(reading.faults(bad))
    for part in (
        "no language",
        "no title",
        "h1 then h3",
        "id a is there twice",
        "has no label",
        "says nothing",
        "inline",
    ):
        assert part in said


@pytest.mark.parametrize("role", sorted(policy().roles))
def test_the_bar_shows_what_the_role_opens_and_nothing_else(
    record: None, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(navigation, "_answers", lambda path: True)
    navigation._served.cache_clear()
    shown = {place.capability for place in places(viewer=Viewer(1, "A", role), path="/")}
    navigation._served.cache_clear()
    known = {"see_today", "find_people", "see_team", "see_controls", "load_data", "keep_drafts", "open_adoptions"}
    known |= {"manage_posts", "see_returns"}
    assert shown == known & policy().roles[role].may
    assert ("load_data" in shown) == (role == "data_officer")
    assert ("open_adoptions" in shown) == (role == "adoption_officer")
    assert ("manage_posts" in shown) == (role in ("system_administrator", "divisional_director"))


def test_the_bar_marks_where_one_is_and_is_empty_for_nobody() -> None:
    here = [place.words for place in places(viewer=Viewer(1, "A", "social_worker"), path="/drafts/") if place.here]
    assert here == ["My drafts"]
    assert places(viewer=NOBODY, path="/") == [] and places(viewer=Viewer(1, "A", ""), path="/") == []


def test_every_place_of_the_bar_names_a_capability_of_the_policy() -> None:
    assert {place.capability for place in navigation._served()} <= set(policy().capabilities)


def test_a_hidden_child_and_no_child_look_alike(record: None, client: Client) -> None:
    worker, child = a_worker(), a_child(forename="Zebedee")
    bar(worker, child)
    client.force_login(worker.account)
    hidden, absent = client.get(f"/gallery/child/{child.pk}/"), client.get("/gallery/child/999999/")
    nowhere = client.get("/gallery/never/such/")
    assert {hidden.status_code, absent.status_code, nowhere.status_code} == {404}
    assert reading.text_of(hidden.content) == reading.text_of(absent.content) == reading.text_of(nowhere.content)
    assert b"Zebedee" not in hidden.content
    client.force_login(a_worker().account)
    assert b"Zebedee" in client.get(f"/gallery/child/{child.pk}/").content


def test_when_the_service_breaks_the_page_asks_nothing_of_the_database(client: Client) -> None:
    """No database is open to this test, so a page that asked it anything would raise."""
    answer = client.get("/gallery/breaks/")
    assert answer.status_code == 500
    assert "our fault" in reading.text_of(answer.content) and b"on purpose" not in answer.content


def test_a_form_that_expired_says_where_the_text_is(record: None) -> None:
    strict = signed_in(Client(enforce_csrf_checks=True))
    answer = strict.post("/gallery/visit/", {"said": "words"})
    assert answer.status_code == 403 and "kept as a draft" in reading.text_of(answer.content)
    assert reading.faults(answer.content) == []


def test_nobody_signed_in_is_shown_no_bar_and_no_way_out(record: None, client: Client) -> None:
    tree = reading.page(client.get("/about/accessibility/").content)
    assert tree.xpath("//header//nav") == [] and tree.xpath("//header//form") == []
    tree = reading.page(signed_in(client).get("/about/accessibility/").content)
    assert "Asha Rahman, Social worker" in tree.xpath("//header")[0].text_content()
    assert tree.xpath("//header//form/@method") == ["post"]


def test_the_banner_says_that_nobody_is_real(record: None, client: Client) -> None:
    assert b"Invented borough: nobody here is real" in client.get("/sign-in/").content


def test_words_on_a_page_are_always_escaped() -> None:
    template = engines.all()[0].from_string(
        "{% from 'screens/parts.html' import tag, empty %}{{ x }}{{ tag(x) }}{{ empty(x) }}"
    )
    shown = template.render({"x": "<script>alert(1)</script>"})
    assert "<script>" not in shown and shown.count("&lt;script&gt;") == 3


def test_the_policy_for_content_lets_nothing_inline_run(record: None, client: Client) -> None:
    policy_sent = client.get("/sign-in/").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy_sent and "unsafe" not in policy_sent
    assert not settings.DEBUG
