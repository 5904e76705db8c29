"""T16, with sqlmap: the scanner that attackers use finds no way from what is sent into a question to the database.

It has a run and a word of its own (`make sqlmap`), beside the sweep of test_t16_sql_in_text.py: with that it would not
fit into the hour of `make assurance`. Each route is tried on a service of its own, on a fresh copy of one record.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.assurance.kit import FULL_ONLY, ROOT, Measuring
from tests.assurance.service import NOTES, TOKEN, Service, database

SQLMAP = ROOT / ".venv-sqlmap" / "bin" / "sqlmap"
ROUTES = 30
TOGETHER = 2  # at a time
NAMES = 4  # tried of one route: those that were tried least on the routes before it; the sweep tries them all
LONGEST = 45 * 60  # seconds given to one route
LOOKED_AT = re.compile(r"parameter '([^']+)' does not seem to be injectable")
FOUND = re.compile(r"^Parameter: (.+?) \(", re.MULTILINE)


@dataclass
class Scan:
    """What sqlmap said of one route, and how the service answered meanwhile."""

    route: str
    names: list[str]
    looked_at: set[str] = field(default_factory=set)
    injectable: set[str] = field(default_factory=set)
    answers: Counter[str] = field(default_factory=Counter)
    said: str = ""

    @property
    def errors(self) -> int:
        """Answers that were an error of the service."""
        return sum(many for status, many in self.answers.items() if status.startswith("5"))

    @property
    def shut_out(self) -> int:
        """Answers that sent the scanner to sign in: it would have scanned nothing."""
        return self.answers["302 /sign-in/"]

    @property
    def missed(self) -> set[str]:
        """The names that sqlmap came to no end with."""
        return set(self.names) - self.looked_at - self.injectable


@dataclass
class Record:
    """The record that each route's service begins with: a folder, and on PostgreSQL a database of that name."""

    home: Path
    url: str
    cookie: str = ""
    routes: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def served(self, number: str, *, broken: str = "") -> Iterator[Service]:
        """A service on a fresh copy of it, for as long as the block lasts."""
        home = self.home.with_name(f"{self.home.name}-{number}")
        shutil.copytree(self.home, home)
        (home / NOTES).touch()
        with database(f"kith_scanned_{number}", like=self.url.rpartition("/")[2]) as url:
            service = patient(Service(home, url, broken, "tests.assurance.watched:application"))
            service.start()
            try:
                yield service
            finally:
                service.kill()
                shutil.rmtree(home)


def patient(service: Service) -> Service:
    """A scanner opens more records than a person does; the pace of opening has tests of its own."""
    service.env["KITH_RECORDS_AN_HOUR"] = str(10**9)
    return service


def made(home: Path, url: str) -> Record:
    """The record, and the routes that are tried on it."""
    service = patient(Service(home, url))
    told = service.made_by("scanned.py", str(ROUTES))
    tried: Counter[str] = Counter()
    for route in told["routes"]:
        route["tried"] = fresh(route["names"], tried)
    return Record(home, url, told["cookie"], told["routes"])


def fresh(names: list[str], tried: Counter[str]) -> list[str]:
    """The names of a route to try: one of each shape, those tried least so far first; they are counted."""
    shapes = {re.sub(r"\d+|__prefix__", "N", name): name for name in reversed(names)}
    some = sorted(reversed(shapes), key=lambda shape: tried[shape])[:NAMES]
    tried.update(some)
    return [shapes[shape] for shape in some]


def scan(record: Record, number: int, *, broken: str = "") -> Scan:
    """Set sqlmap on one route, signed in as whoever may open it."""
    route = record.routes[number]
    found = Scan(f"{route['method']} {route['route'] or '/'}", route["tried"])
    with (
        tempfile.TemporaryDirectory() as folder,
        record.served(f"{number}{broken}", broken=broken) as service,
    ):
        words = command(record, route, service.port, Path(folder))
        env = os.environ | {"HOME": folder, "TERM": "dumb"}
        ran = subprocess.run(words, capture_output=True, text=True, timeout=LONGEST, env=env, check=False)
        found.answers = Counter((service.home / NOTES).read_text().splitlines())
    found.said = ran.stdout[-1500:]
    found.injectable = set(FOUND.findall(ran.stdout))
    found.looked_at = set(LOOKED_AT.findall(ran.stdout))
    return found


def command(record: Record, route: dict[str, Any], port: int, folder: Path) -> list[str]:
    """sqlmap's own words: level 3, risk 2, every technique; the token of the form goes with every request."""
    at = f"http://127.0.0.1:{port}"
    words = [str(SQLMAP), "--batch", "--disable-coloring", "--output-dir", str(folder), "--level", "3", "--risk", "2"]
    words += ["--dbms", "postgresql" if record.url else "sqlite", "--drop-set-cookie", "--url", at + route["path"]]
    words += ["--cookie", f"{record.cookie}={route['session']}; kith-form={TOKEN}", "-p", ",".join(route["tried"])]
    if route["method"] == "post":
        words += ["--data", f"{route['data']}&csrfmiddlewaretoken={TOKEN}", "--header", f"Origin: {at}"]
        words += ["--ignore-redirects"]
    return words


@pytest.mark.both
@FULL_ONLY
@pytest.mark.skipif(not SQLMAP.exists(), reason="sqlmap is not here: make sqlmap fetches and runs it")
def test_t16_sqlmap_finds_no_way_in(measuring: Measuring, tmp_path: Path) -> None:
    with measuring("T16", seed=0, part="sqlmap") as figure, database("kith_scanned") as url:
        record = made(tmp_path / "record", url)
        with ThreadPoolExecutor(TOGETHER) as lanes:
            scans = list(lanes.map(partial(scan, record), range(len(record.routes))))
        tell(figure, scans, sum(len(each["names"]) for each in record.routes))
        at = next(number for number, each in enumerate(record.routes) if each["route"] == "deadlines/")
        record.routes[at]["tried"] = ["child"]
        broken = scan(record, at, broken="text")
        said = f"sqlmap found {', '.join(sorted(broken.injectable)) or 'nothing'} of {broken.route} injectable"
        figure.control("one query put together with an f-string", failed=broken.injectable == {"child"}, said=said)


def tell(figure: Any, scans: list[Scan], names: int) -> None:
    """The numbers of all the routes, and which they were."""
    tried, answered = sum(len(each.names) for each in scans), sum(each.answers.total() for each in scans)
    for each in scans:
        if each.injectable or each.missed or each.errors or each.shut_out:
            print(each.route, each.injectable, each.missed, dict(each.answers), each.said)
    figure.all("routes on which sqlmap came to an end", found=sum(not each.missed for each in scans), of=ROUTES)
    figure.none("injectable parameters", found=sum(len(each.injectable) for each in scans), of=tried)
    figure.none("answers that were an error (500)", found=sum(each.errors for each in scans), of=answered)
    figure.none("answers that sent it to sign in", found=sum(each.shut_out for each in scans), of=answered)
    figure.note(f"level 3, risk 2, every technique; {tried} of these routes' {names} names, {NAMES} of each at most")
    figure.note("the cookies and headers that level 3 adds are left to the sweep; so are the names not tried")
    figure.note(f"routes: {', '.join(each.route for each in scans)}")
