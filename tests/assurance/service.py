"""A small service to race, kill and look into: its own home and database, served as `kith serve` serves it."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
TOKEN = "c" * 32  # of the form, as a browser carries it: in a cookie and in the form
NOTES = "answers"  # of a service that is scanned: the file of its home with the status of each answer
PATIENCE = 240  # seconds, on a machine that does much else


@dataclass
class Service:
    """One service: where it lies, which database, and who works in it."""

    home: Path
    url: str = ""  # DATABASE_URL; nothing for SQLite
    broken: str = ""
    served: str = "tests.assurance.broken_on_purpose:application"
    who: dict[str, Any] = field(default_factory=dict)
    server: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.env = {name: value for name, value in os.environ.items() if not name.startswith(("KITH", "DATABASE"))}
        self.env |= {"KITH_HOME": str(self.home), "DJANGO_SETTINGS_MODULE": "kith.config.settings"}
        self.env |= {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "KITH_BROKEN": self.broken, "PYTHONWARNINGS": "ignore"}
        self.env |= {"DATABASE_URL": self.url} if self.url else {}
        (self.home / "static").mkdir(parents=True, exist_ok=True)

    def fill(self, *, workers: int, children: int) -> None:
        """Make the record and the people who work in it."""
        self.who = self.made_by("people_at_work.py", str(workers), str(children))

    def made_by(self, script: str, *words: str) -> dict[str, Any]:
        """What a script of this folder says last, as JSON, when it is run in this service's environment."""
        command = [sys.executable, str(Path(__file__).with_name(script)), *words]
        ran = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr[-3000:]
        told: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
        return told

    def start(self) -> float:
        """Serve; gives how many seconds it took until it answered."""
        words = [
            "--interface",
            "wsgi",
            "--port",
            str(self.port),
            "--workers",
            "2",
            "--blocking-threads",
            "4",
            "--no-ws",
        ]
        with (self.home / "log").open("ab") as log:
            self.server = subprocess.Popen(
                [sys.executable, "-m", "granian", *words, "--no-ws", self.served],
                env=self.env,
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            try:
                if self.ask(0, "GET", "/about/accessibility/")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                assert self.server.poll() is None, (self.home / "log").read_text()[-3000:]
        raise AssertionError("The service did not start.")

    def kill(self) -> None:
        """As a power cut does, for its processes: nothing is told beforehand."""
        assert self.server
        os.killpg(self.server.pid, signal.SIGKILL)
        self.server.wait()

    def again(self, *, broken: str) -> Service:
        """The same service and record, with one of its promises taken out."""
        self.kill()
        self.env["KITH_BROKEN"] = broken
        self.start()
        return self

    def ask(self, who: int, method: str, path: str, form: dict[str, Any] | None = None) -> tuple[int, str, str]:
        """One request as the worker of that number: status, where it leads, and the page."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            session = self.who["sessions"][who] if self.who else ""
            headers = {"Cookie": f"{self.who.get('cookie', 'kith')}={session}; kith-form={TOKEN}"}
            headers |= {"Origin": f"http://127.0.0.1:{self.port}"}
            body = urllib.parse.urlencode({"csrfmiddlewaretoken": TOKEN} | form) if form is not None else None
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            line.request(method, path, body, headers)
            answer = line.getresponse()
            return answer.status, answer.headers.get("Location", ""), answer.read().decode("utf-8", "replace")
        except http.client.HTTPException as cut:
            raise OSError("cut off") from cut
        finally:
            line.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Read the database itself, past the application."""
        if self.url:
            import psycopg

            with psycopg.connect(self.url) as connection:
                return connection.execute(query).fetchall()  # type: ignore[call-overload,no-any-return]
        from kith.foundation.database import use_sound_sqlite

        use_sound_sqlite()
        import sqlite3

        connection = sqlite3.connect(self.home / "kith.sqlite3", timeout=30)
        try:
            return connection.execute(query).fetchall()
        finally:
            connection.close()


@contextmanager
def serving(home: Path, *, workers: int, children: int, broken: str = "", url: str = "") -> Iterator[Service]:
    """A service for as long as the block lasts."""
    home.mkdir(parents=True, exist_ok=True)
    service = Service(home, url, broken)
    service.fill(workers=workers, children=children)
    service.start()
    try:
        yield service
    finally:
        service.kill()


@contextmanager
def database(name: str, *, like: str = "") -> Iterator[str]:
    """A database of this figure's own on the PostgreSQL that the tests run on; nothing on SQLite.

    `like`: the database that it is a copy of.
    """
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        yield ""
        return
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{like}"' if like else ""))
    try:
        yield re.sub(r"/[^/]*$", f"/{name}", url)
    finally:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def hidden(page: str, to: str = "") -> dict[str, str]:
    """The hidden boxes of a page's form that is sent to `to`, or of its only one in the main part."""
    main = page.partition("<main")[2]
    forms = re.findall(r"<form[^>]*method=\"post\"[^>]*>.*?</form>", main, flags=re.DOTALL)
    found = next((each for each in forms if not to or f'action="{to}"' in each), "")
    boxes = re.findall(r"<input[^>]*type=\"hidden\"[^>]*>", found)
    named = {re.search(r'name="([^"]*)"', each): re.search(r'value="([^"]*)"', each) for each in boxes}
    return {name.group(1): value.group(1) if value else "" for name, value in named.items() if name}
