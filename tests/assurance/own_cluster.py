"""A PostgreSQL of a figure's own, that can be killed as a power cut kills it and started again on the same data."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tools"))
import cluster


@dataclass
class Cluster:
    """The server's folder and programs; `options` beside the port."""

    folder: Path
    home: Path
    user: dict[str, Any]
    port: int

    @property
    def url(self) -> str:
        """DATABASE_URL of its one database."""
        return f"postgresql://kith@127.0.0.1:{self.port}/kith"

    def start(self) -> None:
        """Start, recovering what was cut off."""
        options = f"-p {self.port} -k {self.home} -c listen_addresses=127.0.0.1 -c max_connections=60"
        # As README asks: after a crash it otherwise waits for the disk once for each of its files.
        options += " -c recovery_init_sync_method=syncfs"
        words = [
            self.folder / "pg_ctl",
            "-D",
            self.home / "data",
            "-w",
            "-t",
            "60",
            "-l",
            self.home / "log",
            "-o",
            options,
        ]
        self._run(*words, "start")

    def kill(self) -> None:
        """kill -9, every process of it: nothing is written out beforehand."""
        lock = self.home / "data" / "postmaster.pid"
        first = int(lock.read_text().split()[0])
        os.kill(first, signal.SIGSTOP)  # or it would start others in place of those that die
        dying = [first, *children_of(first)]
        for each in reversed(dying):
            os.kill(each, signal.SIGKILL)
        while not all(is_dead(each) for each in dying):
            continue
        # As after a power cut, when nobody has its number any more; here its parent may not have noticed yet.
        for each in (lock, *self.home.glob(".s.PGSQL.*.lock")):
            each.unlink()

    def _run(self, *words: object) -> None:
        subprocess.run([str(each) for each in words], check=True, stdout=subprocess.DEVNULL, cwd=self.home, **self.user)


def children_of(parent: int) -> list[int]:
    """The processes that this one started."""
    found = []
    for each in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            if int(each.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(int(each.parent.name))
    return found


def is_dead(process: int) -> bool:
    """Whether it is gone, or waits only for its parent to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except OSError:
        return True


@contextmanager
def own_cluster() -> Iterator[Cluster]:
    """A cluster that waits for the disk, for as long as the block lasts."""
    folder = cluster.binaries()
    assert folder, "PostgreSQL 15 or later is not installed here"
    home = Path(tempfile.mkdtemp(prefix="kith-crash-"))
    user = cluster._unprivileged(home)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        made = Cluster(folder, home, user, int(probe.getsockname()[1]))
    made._run(folder / "initdb", "-D", home / "data", "-U", "kith", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    made.start()
    made._run(folder / "createdb", "-h", "127.0.0.1", "-p", made.port, "-U", "kith", "kith")
    try:
        yield made
    finally:
        with suppress(OSError):
            made.kill()
        shutil.rmtree(home, ignore_errors=True)
