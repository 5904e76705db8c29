"""An OpenID Connect provider that answers over HTTP as it is told to: also as no honest one would."""

from __future__ import annotations

import base64
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "kith", "what Kith proves itself with"
TOKEN = "the-access-token-that-stays-on-the-server"


@dataclass
class UnsoundProvider:
    """A provider at `address`. `says` goes into its ID token over what is right; `signs_with` may be no key of its."""

    address: str
    key: rsa.RSAPrivateKey
    signs_with: Any
    algorithm: str = "RS256"
    says: dict[str, Any] = field(default_factory=dict)
    leads_on: str = ""  # where it sends whoever asks for a token, in place of an answer
    exchanged: list[dict[str, str]] = field(default_factory=list)  # what was sent for each token

    def id_token(self) -> str:
        """What it says about whoever signed in, signed."""
        now = int(time.time())
        claims = {"iss": self.address, "aud": CLIENT, "sub": "7", "iat": now, "exp": now + 60} | self.says
        return jwt.encode(claims, self.signs_with, algorithm=self.algorithm, headers={"kid": "one"})

    def answers(self, path: str) -> dict[str, Any]:
        """What is asked for there."""
        if path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token"}
            names |= {"userinfo_endpoint": "me", "jwks_uri": "keys"}
            return {"issuer": self.address} | {name: f"{self.address}/{end}" for name, end in names.items()}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": "one", "alg": "RS256", "use": "sig"}]}
        if path == "/token":
            return {"access_token": TOKEN, "token_type": "Bearer", "id_token": self.id_token()}
        return {"sub": self.says.get("sub", "7")}


@contextmanager
def unsound_provider() -> Iterator[UnsoundProvider]:
    """The provider, for as long as the block lasts; a sound one until it is told otherwise."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    key = a_key()
    made = UnsoundProvider(f"http://127.0.0.1:{server.server_port}", key=key, signs_with=key)
    server.RequestHandlerClass = _handler_of(made)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
        thread.join(timeout=10)


def a_key() -> rsa.RSAPrivateKey:
    """A new key to sign with."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def _handler_of(provider: UnsoundProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._send(provider.answers(self.path))

        def do_POST(self) -> None:
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            proved = base64.b64decode(self.headers.get("Authorization", "Basic ").split(" ")[1]).decode()
            provider.exchanged.append({name: value[0] for name, value in sent.items()} | {"proved": proved})
            if provider.leads_on:
                self.send_response(307)
                self.send_header("Location", provider.leads_on)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            self._send(provider.answers(self.path))

        def _send(self, answer: dict[str, Any]) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    return Handler
