"""Reads files one at a time, each in a child with little memory and time, and says what each cost and gave.

Run as a script: `limited.py kith|stock CANARY`, with paths as JSON on its standard input; one line of JSON for each.
`stock` reads with the parser as it comes and everything switched on: the control.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable

MEMORY, SECONDS = 256 * 1024 * 1024, 5


def main() -> None:
    """Fork a child for each file."""
    reader = {"kith": kith, "stock": stock}[sys.argv[1]]
    read, canary = reader(), sys.argv[2]
    nothing = in_child(lambda: "", canary)
    for path in json.load(sys.stdin):
        told = in_child(lambda path=path: read(path), canary)
        told["megabytes"] = max(0, told["kilobytes"] - nothing["kilobytes"]) / 1024
        print(json.dumps({"path": path} | told), flush=True)


def in_child(work: Callable[[], str], canary: str) -> dict[str, object]:
    """What became of it: read, refused, broken (an error of ours), or dead."""
    ours, theirs = os.pipe()
    started = time.monotonic()
    child = os.fork()
    if child == 0:
        os.close(ours)
        limit()
        os.write(theirs, json.dumps(outcome(work, canary)).encode())
        os._exit(0)
    os.close(theirs)
    with os.fdopen(ours, "rb") as line:
        said = line.read()
    _, status, cost = os.wait4(child, 0)
    told = json.loads(said) if said else {"outcome": "dead", "canary": False, "why": f"status {status}"}
    spent = {"seconds": cost.ru_utime + cost.ru_stime, "kilobytes": cost.ru_maxrss}
    return told | spent | {"clock": time.monotonic() - started}


def limit() -> None:
    """The memory it has now and so much more; so much time."""
    with open("/proc/self/statm") as file:
        now = int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    resource.setrlimit(resource.RLIMIT_AS, (now + MEMORY, now + MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))


def outcome(work: Callable[[], str], canary: str) -> dict[str, object]:
    """Read, and look for the canary in what came of it."""
    try:
        text = work()
    except MemoryError:
        return {"outcome": "dead", "canary": False, "why": "memory"}
    except Exception as fault:
        plain = type(fault).__mro__[1].__name__ == "KithError" or type(fault).__name__ == "RefusedFile"
        said = f"{type(fault).__name__}: {fault}"
        return {"outcome": "refused" if plain else "broken", "canary": canary in said, "why": said[:160]}
    return {"outcome": "read", "canary": canary in text, "why": ""}


def kith() -> Callable[[str], str]:
    """As Kith reads what is loaded."""
    from pathlib import Path

    from kith.statutory.returns.reading import read

    def one(path: str) -> str:
        found = read([Path(path)])
        return repr([frame.rows() for frame in found.dataset.tables.values()]) + repr(found.problems)

    return one


def stock() -> Callable[[str], str]:
    """As nobody should."""
    import zipfile

    from lxml import etree

    def one(path: str) -> str:
        parser = etree.XMLParser(resolve_entities=True, load_dtd=True, no_network=False, huge_tree=True)
        if path.endswith(".xlsx"):
            with zipfile.ZipFile(path) as book:
                tree = etree.ElementTree(etree.fromstring(book.read("xl/sharedStrings.xml"), parser))
        else:
            tree = etree.parse(path, parser)
        tree.xinclude()
        return "".join(tree.getroot().itertext())

    return one


if __name__ == "__main__":
    main()
