"""Everything that CI runs, in order, saying at the end what was not run and why. `make test` calls this."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import bootstrap
import browser
import cluster

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
# Each process takes its share of the tests, in order, so that what a module stands on is built once; who is done helps.
# There is one more of them than cores: a journey waits for its browser more than it works.
SPREAD = ["-n", str((os.cpu_count() or 1) + 1), "--dist", "worksteal"]
not_run: list[str] = []
failed: list[str] = []


def main() -> int:
    """Run each stage; a failed stage does not hide the ones after it."""
    stage("style", [BIN / "ruff", "check", "."])
    stage("layout of the code", [BIN / "ruff", "format", "--check", "--quiet", "."])
    stage("types in the core", [BIN / "mypy"])
    stage("floors and shelves", [BIN / "lint-imports"])
    stage("migrations are complete", [BIN / "django-admin", "makemigrations", "--check", "--dry-run"])
    stage("generated documents are fresh", [BIN / "python", "tools/docs.py", "--check"])
    on_sqlite()
    on_postgresql()
    return report()


def on_sqlite() -> None:
    """The whole suite, journeys in a real browser included."""
    path, how = browser.find_or_install()
    words, without = list(SPREAD), ["not whole_borough"]
    not_run.append("sqlmap on thirty routes (make sqlmap)")
    not_run.append("the round trip of the whole borough (make assurance); that of some of its families ran")
    if path is None:
        not_run.append(f"journeys in a browser: {how}")
        without.append("not journey")
    if not has_spark():
        not_run.append("checking many authorities on Apache Spark: pyspark is not in this environment (make spark)")
        without.append("not spark")
    words += ["-m", " and ".join(without)]
    if not bootstrap.PROVIDER.joinpath(".kith").exists():
        not_run.append("journeys through the council's own sign-in: its provider could not be installed")
    stage("tests on SQLite", [BIN / "pytest", *words], KITH_BROWSER=path or "")


def has_spark() -> bool:
    """Whether the tests' own Python has Apache Spark, which is never among what `make test` installs."""
    ask = "import importlib.util as find, sys; sys.exit(find.find_spec('pyspark') is None)"
    return subprocess.run([str(BIN / "python"), "-c", ask], check=False).returncode == 0


def on_postgresql() -> None:
    """The same tests, but for the core (which has no database) and the browser, on a PostgreSQL of their own."""
    if cluster.binaries() is None:
        not_run.append("tests on PostgreSQL: PostgreSQL 15 or later is not installed here")
        return
    with cluster.running() as url:
        where = [f"tests/unit/{floor}" for floor in ("foundation", "record", "oversight", "nonprod", "config")]
        there = [path for path in [*where, "tests/assurance"] if (ROOT / path).exists()]
        words = [BIN / "pytest", *SPREAD, "-m", "not journey", *there]
        stage("tests on PostgreSQL", words, DATABASE_URL=url, KITH_POOL="0")


def stage(name: str, command: list[object], **env: str) -> None:
    """Run one stage and note how it ended."""
    print(f"\n== {name}", flush=True)
    started = time.monotonic()
    base = os.environ | {"DJANGO_SETTINGS_MODULE": "kith.config.settings"} | env
    code = subprocess.run([str(word) for word in command], cwd=ROOT, env=base, check=False).returncode
    print(f"-- {name}: {'ok' if code == 0 else f'failed ({code})'}, {time.monotonic() - started:.0f} s", flush=True)
    if code:
        failed.append(name)


def report() -> int:
    """Say what failed and what did not run."""
    print("\n== In the end")
    print("Not run: " + ("; ".join(not_run) if not_run else "nothing was left out, but for skips listed above."))
    print("Failed: " + ("; ".join(failed) if failed else "nothing."))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
