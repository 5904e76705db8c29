"""T16: nothing that is sent becomes part of a question to the database.

Three signs that share nothing with the code they watch. The words of every statement are read as they reach the
database: a payload's token may be among its values and never in its words. A function that only payloads call is put
into the database (a sequence on PostgreSQL): it is never called. And no answer is an error or takes the time a payload
asked for.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest
from django.db import connection

from kith.foundation.screens import asked
from tests.assurance import payloads
from tests.assurance.kit import FULL, Measuring, Sized
from tests.assurance.payloads import NAP, TOKEN
from tests.assurance.sweep import Form, Sweep, begun, leafed_through, named, route_of, unreached

SEED = 16
ON_SQLITE = 100  # texts that each box is given there; all of them on PostgreSQL, which councils use
FEWEST = 40  # texts that every form is sent in all its boxes, whatever other forms of its route were sent
PARTS = 2 if FULL else 1  # the pages and forms in so many parts, each a result of its own
HEADERS = ("HTTP_USER_AGENT", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_FOR", "HTTP_HX_CURRENT_URL")
CALLING = f"' OR nextval('{TOKEN}')>0--"  # what the control must at least fall to
HEADERS += ("HTTP_ACCEPT", "HTTP_IF_MODIFIED_SINCE", "HTTP_HX_TARGET")


@dataclass
class Signs:
    """What was seen."""

    tried: int = 0
    statements: int = 0
    broken_out: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)
    called: list[str] = field(default_factory=list)


@contextmanager
def watching() -> Iterator[Signs]:
    """Read the words of every statement, and note every call of a function that only a payload would call."""
    signs = Signs()

    def read(execute: Any, words: str, values: Any, many: bool, context: Any) -> Any:
        signs.statements += 1
        if TOKEN in words.lower():
            signs.broken_out.append(words[-200:])
        return execute(words, values, many, context)

    trap(signs)
    with connection.execute_wrapper(read):
        yield signs
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT is_called FROM {TOKEN}")
            signs.called += ["nextval"] if cursor.fetchone()[0] else []


def trap(signs: Signs) -> None:
    """A sequence is not undone with a transaction; SQLite, which has none, gets functions of those names."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"CREATE SEQUENCE IF NOT EXISTS {TOKEN}; GRANT USAGE ON SEQUENCE {TOKEN} TO PUBLIC")
        return
    connection.ensure_connection()
    for name in ("nextval", "pg_sleep"):
        connection.connection.create_function(name, 1, lambda given, name=name: signs.called.append(name) or 1)


def tell(sweep: Sweep, signs: Signs, what: str, *words: Any, **more: Any) -> None:
    """Ask once, and note what came of it."""
    began = time.monotonic()
    try:
        status = sweep.ask(*words, **more).status_code
    except UnicodeEncodeError:
        return  # no browser can send it
    signs.tried += 1
    if status >= 500:
        signs.errors.append(f"{what}: {status}")
    if time.monotonic() - began >= NAP:
        signs.slow.append(what)


def with_values(path: str, values: dict[str, str]) -> str:
    """The address with these names and values after its own."""
    return path + ("&" if "?" in path else "?") + urlencode(values, errors="surrogatepass")


@dataclass
class Dealer:
    """Deals the texts in turn, so that even a few to each box bring every text somewhere."""

    texts: list[str]
    next: int = 0

    def some(self, many: int) -> list[str]:
        """The next `many`; each text once at most."""
        taken = [self.texts[(self.next + at) % len(self.texts)] for at in range(min(many, len(self.texts)))]
        self.next += len(taken)
        return taken


def addresses(sweep: Sweep, signs: Signs, dealer: Dealer, *, alone: int, together: int) -> int:
    """Every name that a page looks up in its address: alone, and with a different text in each; how many names."""
    found = 0
    for paths in sweep.pages.values():
        base, names = urlsplit(paths[0]).path, sweep.asked[paths[0]]
        found += len(names)
        for name in names:
            for text in dealer.some(alone):
                tell(
                    sweep, signs, f"{route_of(base)} ?{name}={text[:60]!r}", "get", with_values(paths[0], {name: text})
                )
        for _ in range(together if names else 0):
            values = dict(zip(names, dealer.some(len(names)), strict=True))
            tell(sweep, signs, f"{route_of(base)} {str(values)[:200]}", "get", with_values(base, values))
    return found


def forms(sweep: Sweep, signs: Signs, dealer: Dealer, *, alone: int, together: int) -> int:
    """Every field of every form, the rest filled in as a person would: alone, and all its boxes; how many fields.

    A route that shows many forms with the same boxes is given each text in each box once, and FEWEST in every form.
    """
    found, given = 0, Counter[tuple[str, str]]()
    for form in [each for each in sweep.forms.values() if each.method == "post"]:
        found += len(form.fields)
        route = route_of(form.action)
        for name in form.fields:
            for text in dealer.some(alone):
                tell(sweep, signs, f"{route} {name}={text[:60]!r}", "post", form.action, put(form, {name: text}))
        for turn in range(together):
            names = list(form.fields) if turn % 4 == 1 else form.texts  # at times what should be chosen, too
            if not names or (turn >= FEWEST and all(given[route, name] >= together for name in names)):
                continue
            given.update((route, name) for name in names)
            values = dict(zip(names, dealer.some(len(names)), strict=False))
            tell(sweep, signs, f"{route} {str(values)[:200]}", "post", form.action, put(form, values))
    return found


def put(form: Form, values: dict[str, str]) -> dict[str, Any]:
    """What the form sends with these texts in their fields; of a file, as its name."""
    sent = dict(form.fields)
    for name in form.files:
        sent[name] = named(values.get(name, "ssd_person.csv"))
    return sent | {name: each for name, each in values.items() if name not in form.files}


def names(sweep: Sweep, signs: Signs, dealer: Dealer, *, alone: int) -> None:
    """Names that no page looks up, in every address and form; and what a browser says of itself."""
    for paths in sweep.pages.values():
        for word in dealer.some(alone):
            tell(sweep, signs, f"{paths[0]} ?{word!r}", "get", with_values(paths[0], {word: f"-{TOKEN}"}))
    for form in sweep.forms.values():
        for word in dealer.some(alone):
            tell(sweep, signs, f"{form.action} {word!r}", form.method, form.action, put(form, {word: TOKEN}))
    for header in HEADERS:
        for word in dealer.some(4 * alone):
            said = word.encode("ascii", "ignore").decode().replace("\x00", "")
            tell(sweep, signs, f"/ {header}", "get", "/", **{header: said})


def words_in_paths(sweep: Sweep, signs: Signs, dealer: Dealer, *, alone: int) -> None:
    """Each part of each path."""
    for paths in sweep.pages.values():
        parts = [each for each in urlsplit(paths[0]).path.split("/") if each]
        for number in range(len(parts)):
            for text in dealer.some(alone):
                word = quote(text, safe="", errors="surrogatepass")
                path = "/" + "/".join([*parts[:number], word, *parts[number + 1 :]]) + "/"
                tell(sweep, signs, f"{path[:80]}", "get", path)


def swept(sweep: Sweep, signs: Signs, texts: list[str], sized: Sized) -> str:
    """All of it; what was tried, in words."""
    dealer = Dealer(texts)
    together = sized(short=2, full=len(texts) if connection.vendor == "postgresql" else ON_SQLITE)
    asked_for = addresses(sweep, signs, dealer, alone=sized(short=1, full=4), together=together)
    fields = forms(sweep, signs, dealer, alone=sized(short=0, full=2), together=together)
    words_in_paths(sweep, signs, dealer, alone=sized(short=1, full=4))
    names(sweep, signs, Dealer(payloads.names(seed=SEED)), alone=sized(short=1, full=16))
    boxes = (
        f"{asked_for} names in the addresses of {len(sweep.pages)} routes, {fields} fields in {len(sweep.forms)} forms"
    )
    return f"{len(texts)} payloads, {together} of them into each box, dealt in turn; {boxes}"


def share(sweep: Sweep, part: int) -> Sweep:
    """The pages and the forms of this part."""
    pages, forms = (dict(list(each.items())[part::PARTS]) for each in (sweep.pages, sweep.forms))
    return replace(sweep, pages=pages, forms=forms)


@contextmanager
def one_query_from_text() -> Iterator[None]:
    """The control: a number that an address asks for is written into a statement, as a hurried hand might."""
    kept = asked.number

    def number(query: Any, name: str) -> int | None:
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT 1 FROM people_person WHERE surname = '{query.get(name, '')}'")
        return kept(query, name)

    asked.number = number
    try:
        yield
    finally:
        asked.number = kept


@pytest.mark.both
@pytest.mark.parametrize("part", range(PARTS))
def test_t16_nothing_sent_becomes_part_of_a_statement(
    measuring: Measuring, sized: Sized, record: None, quiet: None, cheap_passwords: None, part: int
) -> None:
    texts = payloads.sql(seed=SEED, many=500)
    with measuring("T16", seed=SEED, part=f"pages {part + 1} of {PARTS}" if PARTS > 1 else "") as figure:
        sweep = leafed_through(begun())
        with watching() as signs:
            figure.note(swept(share(sweep, part), signs, texts, sized))
            assert sweep.is_signed_in()
        figure.note(f"routes not reached: {', '.join(unreached(sweep))}")
        print("\n".join(sorted(set(signs.errors))[:60]))
        figure.none("statements a payload got into", found=len(signs.broken_out), of=signs.statements)
        figure.none("answers that were an error (500)", found=len(set(signs.errors)), of=signs.tried)
        figure.none("calls of a function that only payloads call", found=len(signs.called), of=signs.tried)
        figure.none(f"answers that took the {NAP} s a payload asked for", found=len(signs.slow), of=signs.tried)
        with one_query_from_text(), watching() as broken:
            for text in [CALLING, *texts[:40]]:
                tell(sweep, broken, "/deadlines/", "get", with_values("/deadlines/", {"child": text}))
        said = (
            f"{len(broken.broken_out)} statements broken into, {len(broken.errors)} errors, {len(broken.called)} calls"
        )
        noticed = bool(broken.broken_out and broken.errors and broken.called)
        figure.control("one query put together with an f-string", failed=noticed, said=said)
