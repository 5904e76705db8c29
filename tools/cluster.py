"""A throw-away PostgreSQL of the tests' own: made in a temporary folder, on a free port, and stopped afterwards."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

OLDEST = 15


def binaries() -> Path | None:
    """The folder that holds initdb and pg_ctl of the newest PostgreSQL here, if there is one of 15 or later."""
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").exists()]
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).resolve().parent)
    good = [path for path in found if _version(path) >= OLDEST]
    return max(good, key=_version) if good else None


def _version(folder: Path) -> int:
    words = subprocess.run([folder / "initdb", "--version"], capture_output=True, text=True, check=False).stdout.split()
    return int(words[2].split(".")[0]) if len(words) > 2 and words[2][0].isdigit() else 0


@contextmanager
def running(*, durable: bool = False) -> Iterator[str]:
    """Start a cluster; give the DATABASE_URL of an empty database in it; stop it and take the folder away.

    Unless `durable`, it does not wait for the disk: what the tests write, nobody needs after a power cut.
    """
    folder = binaries()
    if folder is None:
        raise RuntimeError("PostgreSQL 15 or later is not installed here.")
    home = Path(tempfile.mkdtemp(prefix="kith-postgres-"))
    user = _unprivileged(home)
    port = _free_port()
    data = home / "data"
    run = {"check": True, "stdout": subprocess.DEVNULL, "cwd": home, **user}
    subprocess.run(
        [folder / "initdb", "-D", data, "-U", "kith", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"], **run
    )
    quick = "" if durable else "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
    quick += " -c max_connections=60 -c shared_buffers=256MB"
    options = f"-p {port} -k {home} -c listen_addresses=127.0.0.1 {quick}"
    subprocess.run([folder / "pg_ctl", "-D", data, "-w", "-l", home / "log", "-o", options, "start"], **run)
    try:
        subprocess.run([folder / "createdb", "-h", "127.0.0.1", "-p", str(port), "-U", "kith", "kith"], **run)
        yield f"postgresql://kith@127.0.0.1:{port}/kith"
    finally:
        subprocess.run([folder / "pg_ctl", "-D", data, "-m", "immediate", "stop"], **run)
        shutil.rmtree(home, ignore_errors=True)


def _unprivileged(home: Path) -> dict[str, object]:
    """PostgreSQL will not run as root: hand its folder to an ordinary account of this machine."""
    if os.geteuid() != 0:
        return {}
    names = {each.pw_name for each in pwd.getpwall()}
    name = "postgres" if "postgres" in names else "nobody"
    shutil.chown(home, name)
    home.chmod(0o755)
    return {"user": name}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
