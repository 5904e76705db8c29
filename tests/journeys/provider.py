"""A real OpenID Connect provider for a journey: the package Canaille, in its own environment and its own process."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CANAILLE = ROOT / ".venv-provider" / "bin" / "canaille"
CLIENT = "kith"
PASSWORD = "correct horse battery staple"


@dataclass
class Provider:
    """A provider that answers at `address`; `secret` is what Kith proves itself with."""

    address: str
    secret: str
    folder: Path
    env: dict[str, str]

    def knows(self, name: str, *, email: str) -> None:
        """Somebody who can sign in there, with PASSWORD."""
        self.run("create", "user", "--quiet", "--user-name", name, "--password", PASSWORD, "--emails", email,
                 "--family-name", name, "--formatted-name", name)  # fmt: skip

    def serves(self, back: str) -> None:
        """Let Kith, which is called back at this address, ask it who somebody is."""
        words = ["create", "client", "--quiet", "--client-id", CLIENT, "--client-secret", self.secret]
        words += ["--client-name", "Kith", "--client-uri", back, "--redirect-uris", back]
        words += ["--grant-types", "authorization_code", "--response-types", "code", "--scope", "openid"]
        words += ["--scope", "profile", "--scope", "email", "--token-endpoint-auth-method", "client_secret_basic"]
        self.run(*words)
        self.run("set", "client", "--quiet", CLIENT, "--audience", CLIENT)  # it must be there to be named

    def run(self, *words: str) -> None:
        """Run one of its commands; it must not fail."""
        said = subprocess.run([CANAILLE, *words], env=self.env, cwd=self.folder, capture_output=True, text=True)
        assert said.returncode == 0, said.stderr[-2000:] + said.stdout[-1000:]


@contextmanager
def provider_at(port: int, folder: Path) -> Iterator[Provider]:
    """The provider, for as long as the block lasts."""
    key = subprocess.run(
        [CANAILLE, "jwk", "create", "rsa"], cwd=folder, capture_output=True, text=True, check=True
    ).stdout
    settings = folder / "canaille.toml"
    settings.write_text(_settings(port, folder, key.strip()))
    env = os.environ | {"CANAILLE_CONFIG": str(settings)}
    made = Provider(f"http://127.0.0.1:{port}", secrets.token_urlsafe(24), folder, env)
    made.run("install")
    with (folder / "provider.log").open("w") as log:
        words = [CANAILLE, "run", "--bind", f"127.0.0.1:{port}"]
        server = subprocess.Popen(words, env=env, cwd=folder, stdout=log, stderr=log, start_new_session=True)
        try:
            _wait(made, server)
            yield made
        finally:
            os.killpg(server.pid, signal.SIGKILL)  # with its worker: nothing is kept, and it is slow to stop when asked
            server.wait(timeout=20)


def _settings(port: int, folder: Path, key: str) -> str:
    """What it needs to be told; the key it signs with is a new one."""
    database = f"sqlite:///{folder / 'provider.sqlite'}"
    parts = {"kty": "RSA", "alg": "RS256", "use": "sig"} | json.loads(key)
    kept = ", ".join(f"{name} = {json.dumps(value)}" for name, value in parts.items())
    lines = [
        f"SECRET_KEY = {json.dumps(secrets.token_urlsafe(32))}",
        f'SERVER_NAME = "127.0.0.1:{port}"',
        'PREFERRED_URL_SCHEME = "http"',
        "[CANAILLE]",
        'DATABASE = "sql"',
        "JAVASCRIPT = false",
        "[CANAILLE_SQL]",
        f"DATABASE_URI = {json.dumps(database)}",
        "[CANAILLE_OIDC]",
        f"ACTIVE_JWKS = [{{{kept}}}]",
    ]
    return "\n".join(lines) + "\n"


def _wait(provider: Provider, server: subprocess.Popen[bytes]) -> None:
    for _ in range(900):
        try:
            with urllib.request.urlopen(f"{provider.address}/.well-known/openid-configuration", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            assert server.poll() is None, (provider.folder / "provider.log").read_text()[-2000:]
            time.sleep(0.2)
    raise RuntimeError("The provider did not start.")
