"""`kith serve` and `kith migrate`: the web server and the worker that does jobs, started and stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from types import FrameType

import click

from kith.foundation.jobs.console import plainly
from kith.vocabulary.errors import KithError

THREADS = 4  # for each of the web server's processes
# A page asks Polars about few rows while other pages wait for the other cores: to share such work out among threads
# takes longer than to do it. Jobs, which work on many rows, have them all.
OF_PAGES = {"POLARS_MAX_THREADS": "1"}
PATIENCE = 10  # seconds given to stop in
SERVE_EXAMPLES = """
Examples:

\b
  kith serve                       at http://127.0.0.1:8000
  kith serve --demo --port 8080    with the invented borough, built when there is no record yet
  kith serve --host 0.0.0.0        for other machines too, behind a proxy
"""


@click.command(epilog=SERVE_EXAMPLES)
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that serve pages.")
@click.option("--demo", is_flag=True, help="Build the invented borough first, when there is no record yet.")
@plainly
def serve(port: int, host: str, workers: int, demo: bool) -> None:
    """Serve Kith, with the worker that does its jobs. Stop with Ctrl-C."""
    _check_port(host, port)
    _prepare(demo)
    _every_night()
    _stop_left_over()
    web, jobs = _web(host, port, workers), _jobs()
    _say(host, port)
    sys.exit(_watch(web, jobs))


@click.command(epilog="\b\nExample:\n  kith migrate")
@plainly
def migrate() -> None:
    """Bring the database up to date, and put the history's triggers in place."""
    import django

    django.setup()
    _bring_up_to_date()
    click.echo("The database is up to date.")


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as refused:
            raise KithError(
                f"Kith cannot be served at {host}:{port}: {(refused.strerror or 'it is not free').lower()}.",
                mend=f"Choose another port, for example: kith serve --port {port + 1 if port < 65535 else 8000}",
            ) from refused


def _prepare(demo: bool) -> None:
    """Everything that must be so before the first page: a database that is up to date, its triggers, sound routes."""
    import django
    from django.conf import settings
    from django.core.checks import ERROR, run_checks
    from django.db import connections

    from kith.config import demo as borough
    from kith.foundation.sealing.keyring import keyring

    django.setup()
    if demo and not borough.there_is_a_record():
        borough.make()
    if demo and _behind():
        _bring_up_to_date()  # nothing real is in it, so that needs no asking
    if demo:
        borough.keep_rostered()
    _check_database()
    _check_wall()
    keyring()  # which refuses, in plain words, where the keys are not as they must be
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    wrong = [each for each in run_checks() if each.level >= ERROR]
    if wrong:
        raise KithError("\n".join(each.msg for each in wrong), mend="Kith is not served until these are put right.")
    connections.close_all()


def _bring_up_to_date() -> None:
    from django.core.management import call_command

    from kith.foundation.database import take_stock

    call_command("migrate", verbosity=0)
    take_stock()


def _behind() -> bool:
    """Whether the database lacks something that this version of Kith needs."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _check_database() -> None:
    from kith.foundation.history.triggers import missing

    if _behind():
        raise KithError("The database is not up to date with this version of Kith.", mend="Run: kith migrate")
    if without := missing():
        raise KithError(
            f"The triggers that keep the history are missing from {', '.join(without)}: changes would leave no trace.",
            mend="Run kith migrate, which puts them back, and find out who took them away.",
        )


def _check_wall() -> None:
    from kith.record.people.wall import missing

    if without := missing():
        raise KithError(
            f"The second wall is missing from {', '.join(without)}: what is hidden would come out if a page forgot.",
            mend="Run kith migrate, which puts it back, and find out who took it away.",
        )


def _web(host: str, port: int, workers: int) -> subprocess.Popen[bytes]:
    options = ["--interface", "wsgi", "--host", host, "--port", str(port), "--workers", str(workers)]
    options += ["--blocking-threads", str(THREADS), "--no-ws", "--log-level", "warning"]
    return _start("granian", *options, "kith.config.wsgi:application", **OF_PAGES)


def _jobs() -> subprocess.Popen[bytes]:
    return _start("django", "db_worker", "--no-startup-delay", "--interval", "1", "--verbosity", "0")


def _every_night() -> None:
    """What is done each night is asked for once; from then on each night asks for the next."""
    from kith.foundation.nights import ask_for_tonight

    ask_for_tonight()


def _stop_left_over() -> None:
    """What was under way in a worker that is no more says so, before another begins. Trouble is said, not swallowed."""
    from django.db import Error, close_old_connections

    from kith.foundation.jobs.lives import stop_left_over

    try:
        close_old_connections()
        stop_left_over()
    except (Error, OSError) as wrong:
        click.echo(f"What was left under way was not looked for: {type(wrong).__name__}. A night does so.", err=True)


def _start(module: str, *words: str, **settings: str) -> subprocess.Popen[bytes]:
    env = {"DJANGO_SETTINGS_MODULE": "kith.config.settings"} | settings | dict(os.environ)
    # A group of its own: Ctrl-C reaches this process only, which then stops the others in order.
    return subprocess.Popen([sys.executable, "-m", module, *words], env=env, start_new_session=True)  # noqa: S603


def _say(host: str, port: int) -> None:
    from kith.config.demo import who_can_sign_in

    if told := who_can_sign_in():
        click.echo(f"\n{told}")
    click.echo(f"\nKith is served at http://{f'[{host}]' if ':' in host else host}:{port} (Ctrl-C stops it)")


def _watch(web: subprocess.Popen[bytes], jobs: subprocess.Popen[bytes]) -> int:
    """Wait until told to stop, or until the web server ends by itself; then end both. Gives the exit code.

    The worker that does jobs is started again when it ends, after a second, then two, then four, to a minute: pages
    never stop because a job did, and one that cannot run does not keep the machine busy with trying.
    """
    told: list[int] = []

    def stop(number: int, frame: FrameType | None) -> None:
        told.append(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    signed, wait, ended = 0.0, 1, 0.0
    while not told and web.poll() is None:
        time.sleep(0.2)
        signed = _sign_heads(signed)
        if jobs.poll() is None:
            continue
        if not ended:
            click.echo("The worker that does jobs ended by itself, as said above. It is started again.", err=True)
            ended = time.monotonic()
        elif time.monotonic() - ended >= wait:
            _stop_left_over()
            jobs, ended, wait = _jobs(), 0.0, min(60, wait * 2)
    for each in (web, jobs):
        _end(each)
    if not told:
        click.echo("Kith has stopped: the web server ended by itself, as said above.", err=True)
    return 0 if told else 1


def _sign_heads(last: float) -> float:
    """Sign the heads of the history's chains, when it is time; gives when that was. Trouble is said, not swallowed."""
    from django.db import Error, close_old_connections
    from django.utils import timezone

    from kith.foundation.history import anchors

    if last and time.monotonic() - last < anchors.OFTEN:
        return last
    try:
        close_old_connections()
        anchors.anchor(at=timezone.now())
    except KithError as wrong:
        click.echo(f"{wrong.sentence}\n{wrong.mend}", err=True)
    except (Error, OSError) as wrong:
        click.echo(f"The history's heads were not signed, which is tried again: {type(wrong).__name__}.", err=True)
    return time.monotonic()


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and all it started to stop; make them when they do not."""
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            process.wait(timeout=PATIENCE)
        except ProcessLookupError:
            return
        except subprocess.TimeoutExpired:
            continue
        return


commands: list[click.Command] = [serve, migrate]
