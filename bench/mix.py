"""What the workers of the load do, for Locust: read, search, save and list, in the shares that bench/load.py names."""

from __future__ import annotations

import json
import os
import random
import sys
from itertools import cycle
from pathlib import Path

from locust import FastHttpUser, constant_throughput, task

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from bench.filling import filled

PEOPLE = cycle(json.loads(Path(os.environ["KITH_PEOPLE"]).read_text()))
LISTS = ("/deadlines/?state=overdue", "/work/", "/promises/", "/team/")
BY_REQUEST = 100 / 85  # a save asks twice: for the form and with it; that a search is sent first is not counted


class AtWork(FastHttpUser):
    """One worker, who asks for a page about every second."""

    wait_time = constant_throughput(1 / BY_REQUEST)

    def on_start(self) -> None:
        """Become somebody who is signed in."""
        self.me = next(PEOPLE)
        self.cookies = "; ".join(f"{name}={value}" for name, value in self.me["cookie"].items())
        self.token = filled(self.ask("/people/", "the search page")).get("csrfmiddlewaretoken", "")

    def ask(self, path: str, name: str) -> bytes:
        """Open a page; to be sent to sign in is a failure."""
        with self.client.get(
            path, name=name, headers={"Cookie": self.cookies}, catch_response=True, allow_redirects=False
        ) as answer:
            if answer.status_code != 200:
                answer.failure(f"answered {answer.status_code}")
            return answer.content or b""

    @task(30)
    def child(self) -> None:
        """A child's page."""
        self.ask(f"/children/{random.choice(self.me['children'])}/", "child page")

    @task(15)
    def today(self) -> None:
        """The first page."""
        self.ask("/", "Today")

    @task(15)
    def search(self) -> None:
        """Find a person, every other time by a name typed wrong."""
        name = random.choice(self.me["names"])
        place = random.randrange(1, len(name))
        wrong = name[:place] + name[place + 1 :]
        words = {"csrfmiddlewaretoken": self.token, "q": random.choice([name, wrong])}
        found = self.send("/people/", words, "search, sent")
        if found:
            self.ask(found, "search")

    @task(10)
    def lists(self) -> None:
        """One of the lists."""
        self.ask(random.choice(LISTS), "lists")

    @task(15)
    def visit(self) -> None:
        """Open the form of a visit, fill it and save it."""
        path = f"/visits/new/?child={random.choice(self.me['children'])}&chosen=yes"
        page = self.ask(path, "form of a visit")
        if not page:
            return
        self.send(path, filled(page), "save visit")

    def send(self, path: str, values: dict[str, str], name: str) -> str:
        """Send a form; the address it leads to, empty where it was not taken."""
        with self.client.post(
            path,
            data=values,
            name=name,
            headers={"Cookie": f"{self.cookies}; kith-form={values.get('csrfmiddlewaretoken', '')}"},
            catch_response=True,
            allow_redirects=False,
        ) as answer:
            if answer.status_code != 302:
                answer.failure(f"answered {answer.status_code}")
                return ""
            return str(answer.headers["Location"])
