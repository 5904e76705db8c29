"""Walks an XML file one record at a time, with entities, network and large trees off; refuses what is not sound."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from lxml import etree

from kith.statutory.returns.file_sizes import refuse_large
from kith.statutory.returns.results import RefusedFile

_GET_AGAIN = "Produce the file again from the system it came from: it may have been cut short or edited by hand."


def local(element: etree._Element) -> str:
    """The name of an element without its namespace; empty for comments and the like."""
    tag = element.tag
    return _without_namespace(tag) if isinstance(tag, str) else ""


@lru_cache(maxsize=4096)
def _without_namespace(tag: str) -> str:
    return tag.rpartition("}")[2]


def line_of(element: etree._Element) -> int | None:
    """The line on which the element begins."""
    line: object = element.sourceline
    return line if isinstance(line, int) else None


def looks_like_xml(path: Path) -> bool:
    """True when the file begins as XML does, whatever its name."""
    with path.open("rb") as stream:
        start = stream.read(512)
    return start.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").startswith(b"<")


def root_of(path: Path) -> str:
    """The name of the root element. Raises RefusedFile when the file does not begin as sound XML, or is too large."""
    refuse_large(path)
    with path.open("rb") as stream:
        for _, element in _events(stream, path.name, events=("start",)):
            return local(element)
    raise RefusedFile("this file holds no XML.", mend=_GET_AGAIN, file=path.name, line=1)


def records(path: Path, *, names: frozenset[str]) -> Iterator[tuple[etree._Element, float]]:
    """Each element of these names, whole, with the share of the file read so far; its memory is freed after use.

    Raises RefusedFile, naming the line, when the XML is cut short, badly formed, wrongly encoded or declares entities.
    """
    size = path.stat().st_size or 1
    root_of(path)  # refuses what the file declares, before anything in it is read
    with path.open("rb") as stream:
        for _, element in _events(stream, path.name, events=("end",), names=names):
            yield element, min(stream.tell() / size, 1.0)
            free(element)


def free(element: etree._Element) -> None:
    """Lets go of an element that has been read, and of what came before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _events(
    stream: BinaryIO, file: str, *, events: tuple[str, ...], names: frozenset[str] = frozenset()
) -> Iterator[tuple[str, etree._Element]]:
    tags = [f"{{*}}{name}" for name in names] or None  # told apart by the parser: Python would look at every element
    walk = etree.iterparse(
        stream, events=events, tag=tags, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    first = True
    try:
        for event, element in walk:
            if first:
                _refuse_declarations(element, file)
                first = False
            yield event, element
    except etree.XMLSyntaxError as fault:
        raise RefusedFile(
            f"the XML is not sound ({_said(fault)}).", mend=_GET_AGAIN, file=file, line=fault.lineno or 1
        ) from None


def _refuse_declarations(root: etree._Element, file: str) -> None:
    if root.getroottree().docinfo.internalDTD is not None:
        raise RefusedFile(
            "the file declares a document type, which a return never needs and which can hide an attack.",
            mend="Produce the file again without its DOCTYPE line.",
            file=file,
            line=1,
        )


_WORDS = (
    ("encod", "a character is not in the encoding that the file declares"),
    ("invalid char", "a character is not allowed in XML"),
    ("invalid byte", "a character is not in the encoding that the file declares"),
    ("mismatch", "an element is closed that was not the last opened"),
    ("depth", "elements lie too deep within one another"),
    ("start tag expected", "it does not begin with an element"),
    ("document is empty", "it is empty"),
    ("couldn't find end", "it ends, or is broken, within a tag"),
    ("expected '>'", "it ends, or is broken, within a tag"),
    ("premature end", "it ends before its last element is closed"),
    ("end of data", "it ends before its last element is closed"),
)


def _said(fault: etree.XMLSyntaxError) -> str:
    """The fault in plain words. The parser's own words are not passed on: they can quote what the file holds."""
    text = (fault.msg or "").lower()
    return next((words for sign, words in _WORDS if sign in text), "it is badly formed")
