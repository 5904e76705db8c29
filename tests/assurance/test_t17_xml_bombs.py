"""T17: no XML file makes Kith read another file, call another machine, or use more time or memory than it may."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.assurance import limited, xml_attacks
from tests.assurance.kit import Measuring, Sized

CANARY = "CANARY-IN-A-FILE-THAT-NOBODY-MAY-READ"


class Listener:
    """Something that answers on this machine, and counts who calls."""

    def __init__(self) -> None:
        self.calls = 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.socket.getsockname()[1]}"
        threading.Thread(target=self._answer, daemon=True).start()

    def _answer(self) -> None:
        while True:
            try:
                caller, _ = self.socket.accept()
            except OSError:
                return
            self.calls += 1
            caller.close()


@contextmanager
def listening() -> Iterator[Listener]:
    """A listener for as long as the block lasts, which hears when it is called."""
    listener = Listener()
    try:
        socket.create_connection(listener.socket.getsockname()).close()
        while listener.calls == 0:
            pass
        listener.calls = 0
        yield listener
    finally:
        listener.socket.close()


def each_read(how: str, paths: list[Path]) -> list[dict[str, Any]]:
    """What became of each file."""
    script, asked = Path(limited.__file__), json.dumps([str(path) for path in paths])
    ran = subprocess.run(
        [sys.executable, script, how, CANARY], input=asked, capture_output=True, text=True, env=dict(os.environ)
    )
    told = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(told) == len(paths), ran.stderr[-2000:]
    return told


def test_t17_no_xml_reads_calls_or_exhausts(measuring: Measuring, sized: Sized, tmp_path: Path, db: None) -> None:
    count = sized(short=42, full=200)
    secret = tmp_path / "secret"
    secret.write_text(CANARY)
    with measuring("T17", seed=17) as figure, listening() as listener:
        aim = xml_attacks.Aim(file=secret, address=listener.address)
        paths = list(xml_attacks.made(tmp_path, count, aim=aim, seed=figure.seed))
        told = each_read("kith", paths)
        figure.none("calls to another machine", found=listener.calls, of=count)
        figure.none("files that gave away another", found=sum(each["canary"] for each in told), of=count)
        lost = [each for each in told if each["outcome"] not in ("read", "refused")]
        figure.none("files that broke or exhausted the reader", found=len(lost), of=count)
        figure.at_most("seconds for the slowest", max(each["seconds"] for each in told), gate=limited.SECONDS)
        figure.at_most("MB for the largest", max(each["megabytes"] for each in told), gate=256)
        figure.note(f"Refused in plain words: {sum(each['outcome'] == 'refused' for each in told)} of {count}.")
        stock = each_read("stock", paths[:42])
        harmed = [each for each in stock if each["canary"] or each["outcome"] == "dead"]
        words = f"{sum(each['canary'] for each in stock)} files given away, {len(harmed)} of {len(stock)} harmed"
        figure.control("the parser as it comes, with everything on", failed=bool(harmed), said=words)
