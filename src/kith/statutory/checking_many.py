"""`kith check … --authorities`: the returns of many authorities, checked here or on Apache Spark."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

import click

from kith.vocabulary.errors import KithError

if TYPE_CHECKING:
    from kith.statutory.returns.authorities import AskedOfAll

HERE = "local[*]"  # on this machine, a task to each of its cores
STDOUT = "-"
WAYS = {name: f"--{name.replace('_', '-')}" for name in ("last_year", "postcodes", "providers", "authority")}
_OF_ONE = {"to_html": "--html", "to_xlsx": "--xlsx", "to_csv": "--csv", "authority": "--authority"}
_Command = TypeVar("_Command", bound=Callable[..., Any])


def of_many(command: _Command) -> _Command:
    """The options that check the returns of many authorities."""
    words = "Check them on Apache Spark: on this machine, or at the address of a MASTER. Goes with --authorities."
    command = click.option("--spark", is_flag=False, flag_value=HERE, metavar="MASTER", help=words)(command)
    words = "Check every authority's return: each is a sub-folder of FOLDER, or a file in it."
    folder = click.Path(exists=True, file_okay=False, path_type=Path)
    return click.option("--authorities", type=folder, metavar="FOLDER", help=words)(command)


def folder_of_many(files: Sequence[Path], authorities: Path | None, spark: str | None) -> Path | None:
    """The folder of authorities, where many returns are to be checked. Raises UsageError where it is not said which."""
    if authorities is None and spark is not None:
        raise click.UsageError("--spark checks many authorities: give their folder with --authorities FOLDER.")
    if authorities is None and not files:
        raise click.UsageError("Give the return, or a folder of many with --authorities FOLDER.")
    if authorities is not None and files:
        raise click.UsageError("Give one return, or a folder of many with --authorities: not both.")
    return authorities


def check_many(
    kind: str, authorities: Path, spark: str | None, outputs: Mapping[str, str | None], **beside: Any
) -> NoReturn:
    """Checks every authority's return, prints what was found, and ends with 0, 1 or 2.

    `beside` is what was given beside the returns, by the names of the options.
    """
    from kith.statutory.returns.authorities import check_each
    from kith.statutory.returns.authorities_told import summary, write_json

    asked = _asked(kind, outputs, beside)
    to_json = json_to(outputs)
    try:
        _check_spark(spark)
        found = check_each(asked, authorities, spark=spark or "")
        if to_json == STDOUT:
            write_json(kind, found, sys.stdout)
        elif to_json:
            with Path(to_json).open("w", encoding="utf-8") as out:
                write_json(kind, found, out)
    except (KithError, OSError) as error:
        end_unread(error)
    click.echo("\n".join(summary(kind, found, ways=WAYS)), err=to_json == STDOUT)
    for each in found:
        notes = [each.refused] if each.refused else each.notes
        faults = [f"Rule {rule.code}: {rule.why}" for rule in each.not_run if rule.failed]
        for note in (*notes, *faults):
            click.echo(f"{each.name}: {note}", err=True)
    raise SystemExit(2 if any(each.refused for each in found) else 0 if all(each.clean for each in found) else 1)


def _check_spark(master: str | None) -> None:
    from kith.statutory.returns.on_spark import is_master

    if master is not None and not is_master(master):
        mend = "Write it as local[*], spark://host:7077, k8s://… or yarn; alone, --spark is this machine."
        raise KithError(f"“{master}” is not the address of a Spark master.", mend=mend)


def _asked(kind: str, outputs: Mapping[str, str | None], beside: Mapping[str, Any]) -> AskedOfAll:
    from kith.statutory.returns.authorities import AskedOfAll

    for name, option in _OF_ONE.items():
        if outputs.get(name) or beside.get(name):
            others = "with --authorities give --json, --json-lines or --parquet"
            raise click.UsageError(f"{option} is for one return: {others}.")
    last_year = beside.get("last_year", ())
    if len(last_year) > 1:
        raise click.UsageError("With --authorities, --last-year is one folder of authorities.")
    parquet, lines = (Path(to) if (to := outputs[name]) else None for name in ("to_parquet", "to_json_lines"))
    return AskedOfAll(
        kind=kind,
        year=beside.get("year"),
        last_year=last_year[0] if last_year else None,
        earlier=tuple(beside.get("earlier", ())),
        postcodes=beside.get("postcodes"),
        providers=tuple(beside.get("providers", ())),
        parquet=parquet,
        json_lines=lines,
    )


def json_to(outputs: Mapping[str, str | None]) -> str | None:
    """Where the JSON goes. Raises UsageError where a return would be written over."""
    to = outputs["to_json"]
    if to and to != STDOUT and not to.endswith(".json"):
        raise click.UsageError("--json stands after the return, or before a FILE that ends in .json.")
    return to


def end_unread(error: KithError | OSError) -> NoReturn:
    """Says what could not be read, and ends with 2."""
    words = str(error)
    if isinstance(error, OSError):
        words = f"{Path(error.filename).name if error.filename else 'a file'}: {error.strerror}."
    click.echo(f"Error: {words}", err=True)
    raise SystemExit(2) from error
