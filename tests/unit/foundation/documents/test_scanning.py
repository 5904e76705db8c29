"""The scanner hook, against the real ClamAV where it is installed, with one signature of our own."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from tests.unit.foundation.documents import files

from kith.foundation.documents import scanning

CLAMD = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin")
CONF = """
DatabaseDirectory {folder}
LocalSocket {socket}
Foreground yes
LogFile {folder}/log
PidFile {folder}/pid
User {user}
"""


@pytest.fixture(scope="module")
def daemon() -> Iterator[str]:
    """ClamAV's own daemon, with a database that knows one file: the one made to test scanners with."""
    if not CLAMD:
        pytest.skip("ClamAV's daemon is not installed here (Debian: clamav-daemon)")
    import getpass

    with TemporaryDirectory(prefix="kith-clam-") as name:
        folder = Path(name)
        (folder / "own.ndb").write_text(f"Kith.Test:0:*:{files.EICAR.hex()}\n")
        conf, path = folder / "clamd.conf", folder / "socket"
        conf.write_text(CONF.format(folder=folder, socket=path, user=getpass.getuser()))
        with (folder / "said").open("wb") as said:
            started = subprocess.Popen([CLAMD, "-c", str(conf)], stdout=said, stderr=said)
            try:
                _wait_for(path, started, folder)
                yield str(path)
            finally:
                started.terminate()
                started.wait(timeout=20)


def _wait_for(path: Path, started: subprocess.Popen[bytes], folder: Path) -> None:
    for _ in range(300):
        with socket.socket(socket.AF_UNIX) as line:
            if path.exists() and line.connect_ex(str(path)) == 0:
                return
        assert started.poll() is None, (folder / "said").read_text()
        time.sleep(0.1)
    raise AssertionError("ClamAV's daemon did not answer")


def sent(folder: Path, content: bytes) -> Path:
    path = folder / "sent"
    path.write_bytes(content)
    return path


def test_the_scanner_lets_a_clean_file_pass(daemon: str, settings: Any, tmp_path: Path) -> None:
    settings.CLAMD = daemon
    assert scanning.answers()
    assert scanning.scan(sent(tmp_path, b"clean" * 200_000)) == scanning.CLEAN


def test_the_scanner_knows_what_it_must_refuse(daemon: str, settings: Any, tmp_path: Path) -> None:
    settings.CLAMD = daemon
    with pytest.raises(scanning.Malware, match="refuses"):
        scanning.scan(sent(tmp_path, files.EICAR))
    with pytest.raises(scanning.Malware):
        scanning.scan(sent(tmp_path, files.with_parts({"word/evil.txt": files.EICAR})))


def test_without_a_scanner_a_file_is_not_called_clean(settings: Any, tmp_path: Path) -> None:
    settings.CLAMD = ""
    assert scanning.scan(sent(tmp_path, files.EICAR)) == scanning.NOT_SCANNED


@pytest.mark.parametrize("where", ["/nowhere/clamd.ctl", "127.0.0.1:1"])
def test_a_scanner_that_does_not_answer_calls_nothing_clean(settings: Any, tmp_path: Path, where: str) -> None:
    settings.CLAMD = where
    assert scanning.scan(sent(tmp_path, b"x")) == scanning.NOT_SCANNED
    assert not scanning.answers()


def test_an_answer_that_is_neither_is_not_clean(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CLAMD = "somewhere"
    monkeypatch.setattr(scanning, "_ask", lambda path: "INSTREAM size limit exceeded. ERROR")
    assert scanning.scan(sent(tmp_path, b"x")) == scanning.NOT_SCANNED
