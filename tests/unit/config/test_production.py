"""As it is installed live, Kith is set up safely; without what it must be told, it does not start."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LIVE = """
import io, json
import django
django.setup()
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from kith.foundation.access.checks import routes

said = io.StringIO()
call_command("check", deploy=True, stdout=said, stderr=said)
client = Client(headers={"host": "kith.example"})
plain = client.get("/sign-in/")
answer = client.get("/sign-in/", headers={"x-forwarded-proto": "https"})
names = ("DEBUG", "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY")
names += ("CSRF_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_SAMESITE", "SESSION_COOKIE_DOMAIN")
names += ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME", "PASSWORD_HASHERS")
print(json.dumps({
    "settings": {name: getattr(settings, name) for name in names},
    "nonprod": [each.name for each in apps.get_app_configs() if "nonprod" in each.name],
    "personas": [pattern for pattern, _ in routes() if "persona" in pattern],
    "plain": [plain.status_code, plain.headers.get("Location")],
    "status": answer.status_code,
    "hsts": answer.headers.get("Strict-Transport-Security"),
    "cookies": [each.OutputString() for each in answer.cookies.values()],
    "elsewhere": Client(headers={"host": "other.example"}).get("/sign-in/", secure=True).status_code,
    "checks": said.getvalue(),
}))
"""


def environment(home: Path) -> dict[str, str]:
    """What whoever installs Kith says."""
    ours = ("KITH_", "DATABASE_", "DJANGO_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    said = {"KITH_PRODUCTION": "1", "KITH_HOME": str(home), "KITH_KEYS": str(home / "keys"), "KITH_PROXIES": "1"}
    said |= {"KITH_SECRET_KEY": "".join(chr(97 + (7 * at) % 26) for at in range(60)), "KITH_HOSTS": "kith.example"}
    return kept | said | {"DJANGO_SETTINGS_MODULE": "kith.config.settings"}


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A process of its own, set up for production, and what it says of itself."""
    env = environment(tmp_path_factory.mktemp("live"))
    ran = subprocess.run([sys.executable, "-c", LIVE], env=env, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr[-3000:]
    said: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return said


def test_the_set_up_of_production_is_safe(live: dict[str, Any]) -> None:
    said = live["settings"]
    assert said["DEBUG"] is False and said["ALLOWED_HOSTS"] == ["kith.example"]
    secure = ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "CSRF_COOKIE_HTTPONLY")
    assert [name for name in secure if said[name] is not True] == []
    assert (said["SESSION_COOKIE_SAMESITE"], said["CSRF_COOKIE_SAMESITE"]) == ("Lax", "Lax")
    assert said["SESSION_COOKIE_DOMAIN"] is None
    cookies = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "DEVICE_COOKIE_NAME")
    assert [name for name in cookies if not said[name].startswith("__Host-")] == []
    assert said["PASSWORD_HASHERS"] == ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def test_in_production_djangos_own_checks_find_nothing_but_the_list_that_browsers_ship(live: dict[str, Any]) -> None:
    """W021 asks for the list of addresses that browsers ship with: an authority's own choice for its whole domain."""
    warned = [line for line in live["checks"].splitlines() if "(security." in line or "ERROR" in line]
    assert [line for line in warned if "security.W021" not in line] == []


def test_production_answers_over_tls_alone_and_to_its_own_name(live: dict[str, Any]) -> None:
    assert live["plain"] == [301, "https://kith.example/sign-in/"]
    assert live["status"] == 200 and live["elsewhere"] == 400
    assert live["hsts"] == "max-age=63072000; includeSubDomains"
    assert live["cookies"] and all("__Host-" in each and "Secure" in each for each in live["cookies"])
    assert all("HttpOnly" in each and "SameSite=Lax" in each and "Path=/" in each for each in live["cookies"])


def test_nothing_for_trying_out_is_installed_live(live: dict[str, Any]) -> None:
    assert (live["nonprod"], live["personas"]) == ([], [])


FAR = "postgresql://kith@db.example/kith"


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"DATABASE_URL": FAR}, "sslmode=verify-full"),
        ({"DATABASE_URL": f"{FAR}?sslmode=require"}, "sslmode=verify-full"),
        ({"KITH_OIDC_ISSUER": "http://council.example"}, "https://"),
        ({"KITH_CLAMD": "scanner.example:3310"}, "ClamAV has no TLS"),
        ({"DATABASE_URL": "postgresql://kith@127.0.0.1/kith", "KITH_CLAMD": "/run/clamd.ctl"}, ""),
        ({"DATABASE_URL": f"{FAR}?sslmode=verify-full", "KITH_OIDC_ISSUER": "https://council.example"}, ""),
    ],
)
def test_production_talks_to_no_other_machine_in_the_open(told: dict[str, str], says: str, tmp_path: Path) -> None:
    env = environment(tmp_path) | told
    ran = subprocess.run([sys.executable, "-c", "import kith.config.settings"], env=env, capture_output=True, text=True)
    assert (ran.returncode != 0, says in ran.stderr) == (bool(says), True), ran.stderr[-500:]


def test_production_does_not_start_without_a_secret_of_its_own(tmp_path: Path) -> None:
    env = {name: value for name, value in environment(tmp_path).items() if name != "KITH_SECRET_KEY"}
    ran = subprocess.run([sys.executable, "-c", "import kith.config.settings"], env=env, capture_output=True, text=True)
    assert ran.returncode != 0 and "KITH_SECRET_KEY is not set" in ran.stderr
