"""Signing in with the council's own account, at a real OpenID Connect provider that the test starts."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.journeys.kit import Somebody, World
from tests.journeys.provider import CANAILLE, CLIENT, PASSWORD, Provider, provider_at

EMAIL = "auditor@riverside.example"
LINKED = """
from kith.foundation.accounts.models import CouncilIdentity
print(json.dumps(list(CouncilIdentity.objects.values_list("account__email", "subject"))))
"""


@pytest.fixture(scope="module")
def provider(world: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    """The provider, and Kith served again with it as the council's own sign-in."""
    if not (CANAILLE.parents[1] / ".kith").exists():
        pytest.skip("the provider is not installed: tools/bootstrap.py dev does it")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    folder: Path = tmp_path_factory.mktemp("provider")
    with provider_at(port, folder) as served:
        served.knows("effie", email=EMAIL)
        served.knows("stranger", email="stranger@elsewhere.example")
        served.serves(f"{world.address}/sign-in/council/council/")
        before = dict(world.env)
        world.stop()
        world.env |= {"KITH_OIDC_ISSUER": served.address, "KITH_OIDC_CLIENT": CLIENT}
        world.env |= {"KITH_OIDC_SECRET": served.secret, "KITH_OIDC_VOUCHES": "1"}
        world.start()
        yield served
        world.stop()
        world.env = before
        world.start()


def signs_in_there(somebody: Somebody, name: str) -> None:
    """Type name and password on the provider's own pages."""
    somebody.opens("/sign-in/?next=/drafts/").follows("Sign in with your council account")
    somebody.page.fill("input[name=login]", name)
    somebody.page.locator("input[name=login]").press("Enter")
    somebody.page.fill("input[name=password]", PASSWORD)
    somebody.page.locator("input[name=password]").press("Enter")


def test_the_councils_sign_in_says_who_and_kith_asks_for_its_second_proof(
    somebody: Somebody, provider: Provider
) -> None:
    asked: list[str] = []
    somebody.page.on("request", lambda sent: asked.append(sent.url) if "/oauth/authorize" in sent.url else None)
    signs_in_there(somebody, "effie")
    somebody.sees("Choose a second proof").follows("Use an app")
    somebody.world.apps[EMAIL] = somebody.page.locator("main code").inner_text()
    somebody.gives_code(EMAIL).sees("Write these codes down").follows("I have written them down")
    somebody.sees("Effie Laurent, Auditor", "My drafts")
    sent = parse_qs(urlsplit(asked[0]).query)
    assert sent["code_challenge_method"] == ["S256"] and sent["nonce"] and sent["state"] and sent["code_challenge"]
    assert somebody.world.ask(LINKED) == [[EMAIL, "effie"]]
    somebody.presses("Sign out").opens("/drafts/")
    assert "/sign-in/" in somebody.page.url


def test_who_has_no_account_here_is_refused_and_so_is_an_answer_to_no_question(
    somebody: Somebody, another: Somebody, provider: Provider
) -> None:
    signs_in_there(somebody, "stranger")
    somebody.sees("Nobody here has this address").opens("/drafts/")
    assert "/sign-in/" in somebody.page.url
    another.opens("/sign-in/council/council/?code=abc&state=planted")
    another.sees("The council's sign-in did not answer as it should").opens("/drafts/")
    assert "/sign-in/" in another.page.url
    assert len(somebody.world.ask(LINKED)) <= 1
