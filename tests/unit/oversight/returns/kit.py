"""Small returns to check on a page, and somebody who uploads, reads and counts."""

from __future__ import annotations

import re
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from tests.factories import a_child, a_worker

from kith.oversight.returns import tasks
from kith.oversight.returns.models import Check
from kith.record.people.models import Person

HEAD = """<Message><Header><CollectionDetails><Collection>CIN</Collection><Year>{year}</Year>
<ReferenceDate>{year}-03-31</ReferenceDate></CollectionDetails></Header><Children>"""
CHILD = """
<Child><ChildIdentifiers><LAchildID>{id}</LAchildID><PersonBirthDate>{born}</PersonBirthDate></ChildIdentifiers></Child>"""
LATE = "8520"  # a child born after the census year
WHOLE = "2887Q"  # about the whole return


def census(children: dict[str, str], *, year: int = 2026) -> bytes:
    """A census with these children (id and day of birth), and nothing said of them."""
    rows = "".join(CHILD.format(id=each, born=born) for each, born in children.items())
    return (HEAD.format(year=year) + rows + "</Children></Message>").encode()


def officer(role: str = "data_officer") -> Client:
    """A client signed in as somebody new of this role."""
    client = Client()
    client.force_login(a_worker(f"A {role}", role=role).account)
    return client


def known_as(written: str, forename: str = "Imran", *, held: bool = False) -> Person:
    """A child of the record whom returns call by this id."""
    child = a_child(forename, held=held)
    child.ref = f"person:{written}"
    child.save()
    return child


def uploaded(client: Client, *files: tuple[str, bytes], kind: str = "cin", **beside: object) -> Check:
    """Upload a return: it waits for its job."""
    sent = [SimpleUploadedFile(name, content) for name, content in files]
    said = client.post("/returns/check/", {"kind": kind, "files": sent, **beside})
    assert said.status_code == 302, read(said.content)
    check = Check.objects.latest("pk")
    assert said["Location"] == f"/returns/checks/{check.pk}/"
    return check


def checked(client: Client, *files: tuple[str, bytes], kind: str = "cin", **beside: object) -> Check:
    """Upload a return and have it checked."""
    check = uploaded(client, *files, kind=kind, **beside)
    tasks.check_uploaded.func(check.pk)
    check.refresh_from_db()
    return check


def read(content: bytes) -> str:
    """A page in words and marks, its white space made single."""
    return re.sub(r"\s+", " ", unescape(content.decode()))


def words(client: Client, path: str) -> str:
    """What the page at `path` says."""
    said = client.get(path)
    assert said.status_code == 200, (path, said.status_code)
    return read(said.content)


def counts(page: str) -> list[tuple[str, int]]:
    """Every count on a page: the list it opens, and its number."""
    tiles = re.findall(r'kith-counts__link" href="([^"]+)"><span class="kith-counts__number">([\d,]+)', page)
    marked = re.findall(r'data-counted="(\d+)"><a class="govuk-link" href="([^"]+)"', page)
    more = re.findall(r'<a class="govuk-link" href="([^"]+)" data-counted="(\d+)"', page)
    found = [*tiles, *((url, number) for number, url in marked), *more]
    return [(url, int(number.replace(",", ""))) for url, number in found]


def listed(page: str) -> int:
    """How many a list says it has."""
    [number] = re.findall(r'data-count="(\d+)"', page)
    return int(number)


def issue_of(client: Client, check: Check, rule: str, child: str = "") -> str:
    """The address of the one issue of this rule (and child)."""
    page = words(client, f"/returns/checks/{check.pk}/issues/?rule={rule}" + (f"&child={child}" if child else ""))
    [path] = set(re.findall(rf"/returns/checks/{check.pk}/issues/\d+/", page))
    return path
