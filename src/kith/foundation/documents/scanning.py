"""The malware scanner: ClamAV's daemon over its socket, where one is set up (KITH_CLAMD)."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

from django.conf import settings

from .refusal import TAKE_CARE, Refusal

CHUNK = 1 << 18
PATIENCE = 60  # seconds
CLEAN, NOT_SCANNED = "clean", ""


class Malware(Refusal):
    """The scanner knows this file."""


def scanner() -> str:
    """Where the scanner is; nothing where none is set up."""
    return str(settings.CLAMD)


def scan(path: Path) -> str:
    """Ask the scanner: "clean", or "" where there is no scanner or it does not answer. Raises Malware."""
    if not scanner():
        return NOT_SCANNED
    try:
        answer = _ask(path)
    except OSError:
        return NOT_SCANNED
    if answer.endswith("OK"):
        return CLEAN
    if answer.endswith("FOUND"):
        raise Malware("The malware scanner refuses this file.", mend=TAKE_CARE)
    return NOT_SCANNED


def answers() -> bool:
    """Whether the scanner is there and well."""
    try:
        with _connected() as line:
            line.sendall(b"zPING\0")
            return line.recv(64).startswith(b"PONG")
    except OSError:
        return False


def _ask(path: Path) -> str:
    with _connected() as line, path.open("rb") as file:
        line.sendall(b"zINSTREAM\0")
        while chunk := file.read(CHUNK):
            line.sendall(struct.pack("!L", len(chunk)) + chunk)
        line.sendall(struct.pack("!L", 0))
        answer = b""
        while not answer.endswith(b"\0") and (more := line.recv(4096)):
            answer += more
    return answer.rstrip(b"\0").decode("ascii", "replace").strip()


def _connected() -> socket.socket:
    where = scanner()
    host, colon, port = where.rpartition(":")
    if colon and port.isdigit():
        return socket.create_connection((host, int(port)), timeout=PATIENCE)
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    line.settimeout(PATIENCE)
    try:
        line.connect(where)
    except OSError:
        line.close()
        raise
    return line
