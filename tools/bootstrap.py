"""Makes .venv and puts in it exactly what the lock says: the standard library only, so that any Python can run it."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROVIDER = ROOT / ".venv-provider"  # the tests' OpenID Connect provider, whose libraries never meet Kith's
SQLMAP = ROOT / ".venv-sqlmap"  # the scanner of `make sqlmap`, a program that is run and never imported
SPARK = ROOT / ".venv-spark"  # Kith with Apache Spark, which is as large as all else together
UV = "uv==0.13.9"
OLDEST = (3, 11)


def main(kind: str) -> None:
    """Prepare for `service` (to run Kith), `dev` (to test it), `sqlmap` or `spark`; nothing when that is so already."""
    if sys.version_info < OLDEST:
        sys.exit(f"Kith needs Python 3.11 or later; this is {sys.version.split()[0]}. Try: make PYTHON=python3.12 …")
    if kind == "spark":
        _main("dev", ROOT / "requirements" / "dev.txt")  # its uv makes the other
        _spark()
        return
    whole = "dev" if kind == "sqlmap" else kind
    _main(whole, ROOT / "requirements" / f"{whole}.txt")
    if kind == "dev":
        _apart(PROVIDER, "provider", "a sign-in service for the tests: the journeys through it are")
    if kind == "sqlmap":
        _apart(SQLMAP, "sqlmap", "a scanner: its figure is")


def _main(kind: str, lock: Path) -> None:
    if any(_stamp(each) == wanted_for(each) for each in ("dev", kind)):
        return
    print(f"Preparing .venv for {kind} (once; about a minute with packages to download) …", flush=True)
    if not (VENV / "bin" / "python").exists():
        _make_venv()
    _run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", UV)
    _uv("pip", "install", "--quiet", "--require-hashes", "-r", str(lock))
    _uv("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    (VENV / f".kith-{kind}").write_text(wanted_for(kind))


def _apart(where: Path, name: str, what: str) -> None:
    """A tool in an environment of its own, from a lock of its own. Kith's own uv installs it."""
    stamp, lock = where / ".kith", ROOT / "requirements" / f"{name}.txt"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    said, _, lost = what.partition(": ")
    print(f"Preparing {where.name}, {said} (once) …", flush=True)
    try:
        _uv("venv", "--quiet", "--allow-existing", str(where))
        _uv("pip", "install", "--quiet", "--require-hashes", "--python", str(where / "bin" / "python"), "-r", str(lock))
    except subprocess.CalledProcessError:
        print(f"… it could not be made: {lost} left out, and said to be.", flush=True)
        return
    stamp.write_text(wanted)


def _spark() -> None:
    """Kith with Apache Spark in an environment of its own, all of it from one lock: what builds Spark too."""
    stamp, lock = SPARK / ".kith-spark", str(ROOT / "requirements" / "spark.txt")
    wanted = wanted_for("spark")
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("Preparing .venv-spark (once; Apache Spark is some 450 MB to download) …", flush=True)
    into = ("--quiet", "--python", str(SPARK / "bin" / "python"))
    _uv("venv", "--quiet", "--allow-existing", str(SPARK))
    _uv("pip", "install", *into, "--require-hashes", "--build-constraint", lock, "-r", lock)
    _uv("pip", "install", *into, "--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    stamp.write_text(wanted)


def wanted_for(kind: str) -> str:
    """The digest of the lock and the project file for one kind of set-up."""
    lock = ROOT / "requirements" / f"{kind}.txt"
    return hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()


def _stamp(kind: str) -> str:
    path = VENV / f".kith-{kind}"
    return path.read_text() if path.exists() else ""


def _make_venv() -> None:
    try:
        venv.create(VENV, with_pip=True)
    except (subprocess.CalledProcessError, ImportError):
        sys.exit("This Python cannot make a virtual environment. On Debian: apt-get install python3-venv")


def _run(*words: str) -> None:
    subprocess.run([str(VENV / "bin" / "python"), *words], check=True, cwd=ROOT)


def _uv(*words: str) -> None:
    env = os.environ | {"UV_PYTHON_DOWNLOADS": "never", "VIRTUAL_ENV": str(VENV)}
    subprocess.run([str(VENV / "bin" / "uv"), *words], check=True, cwd=ROOT, env=env)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "service")
