"""`kith check`: a statutory return, checked by every rule of its year."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kith.statutory.checking_many import STDOUT, WAYS, check_many, end_unread, folder_of_many, json_to, of_many
from kith.vocabulary.errors import KithError

if TYPE_CHECKING:
    from kith.statutory.returns.rule_reports import Checked

_EXAMPLES = """
\b
Examples:
  kith check cin CIN_2026.xml
  kith check ssda903 ssda903/ --year 2026 --last-year ssda903-2025/
  kith check annex-a "Annex A.xlsx"
"""
_EXAMPLES_CIN = """
\b
Examples:
  kith check cin CIN_2026.xml
  kith check cin CIN_2026.xml --json issues.json --xlsx issues.xlsx
  kith check cin --authorities region/ --json region.json --spark
"""
_EXAMPLES_903 = """
\b
Examples:
  kith check ssda903 ssda903/ --year 2026
  kith check ssda903 header.csv episodes.csv --year 2026 --csv issues.csv
  kith check ssda903 ssda903/ --year 2026 --last-year ssda903-2025/ --postcodes ONSPD.csv --providers providers.csv
  kith check ssda903 ssda903/ --year 2026 --last-year ssda903-2025/ --earlier ssda903-2024/ --earlier ssda903-2023/
  kith check ssda903 --authorities region/ --year 2026 --parquet issues/
  kith check ssda903 --authorities nation/ --year 2026 --parquet issues/ --spark spark://cluster:7077
"""
_EXAMPLES_ANNEX_A = """
\b
Examples:
  kith check annex-a "Annex A.xlsx"
  kith check annex-a "Annex A.xlsx" --html found.html
"""
_EXAMPLES_ACROSS = """
\b
Examples:
  kith check across --cin CIN_2026.xml --ssda903 ssda903/
  kith check across --cin CIN_2026.xml --ssda903 ssda903/ --annex-a "Annex A.xlsx" --json across.json
  kith check across --authorities region/ --json region.json --spark
"""
_READABLE = click.Path(exists=True, path_type=Path)
_Command = TypeVar("_Command", bound=Callable[..., Any])


@click.group("check", epilog=_EXAMPLES)
def check() -> None:
    """Check a statutory return by every rule of its year.

    Ends with 0 when there is nothing to put right, 1 when there are issues, 2 when the return could not be read.
    """


def _outputs(command: _Command) -> _Command:
    """The options that say where the outcome is written, beside the summary."""
    for name, what in (("html", "a page"), ("xlsx", "a workbook"), ("csv", "CSV")):
        words = f"Write the issues to FILE as {what}."
        command = click.option(f"--{name}", f"to_{name}", metavar="FILE", help=words)(command)
    for name, what in (("parquet", "Parquet"), ("json-lines", "JSON, one to a line")):
        words = f"Write the issues to FILE as {what}: for millions. With --authorities, a folder with a file for each."
        command = click.option(f"--{name}", f"to_{name.replace('-', '_')}", metavar="FILE", help=words)(command)
    words = "Print everything found as JSON, or write it to FILE, which ends in .json."
    return click.option("--json", "to_json", is_flag=False, flag_value=STDOUT, metavar="FILE", help=words)(command)


@check.command("cin", epilog=_EXAMPLES_CIN)
@click.argument("files", metavar="FILE", nargs=-1, type=_READABLE)
@of_many
@_outputs
def cin(files: Sequence[Path], authorities: Path | None, spark: str | None, **outputs: str | None) -> None:
    """Check a children in need census: FILE is its XML. The census says which year it is of."""
    if folder := folder_of_many(files, authorities, spark):
        check_many("cin", folder, spark, outputs)

    def checked() -> Checked:
        from kith.statutory.returns.checking_returns import check_cin

        return check_cin(files)

    _run(checked, outputs)


@check.command("ssda903", epilog=_EXAMPLES_903)
@click.argument("paths", metavar="FOLDER-OR-FILES", nargs=-1, type=_READABLE)
@click.option("--year", type=click.IntRange(2016, 2100), help="The year whose 31 March ends the collection.")
@click.option("--last-year", "last_year", type=_READABLE, multiple=True, help="Last year's return: a folder or files.")
@click.option("--earlier", type=_READABLE, multiple=True, help="A return before last year's: a folder or files.")
@click.option("--postcodes", type=_READABLE, help="The directory of postcodes, as CSV.")
@click.option("--providers", type=_READABLE, multiple=True, help="The list of providers, as CSV.")
@click.option("--authority", help="The returning authority's code, as the directory of postcodes has it.")
@of_many
@_outputs
def ssda903(
    paths: Sequence[Path],
    year: int | None,
    last_year: Sequence[Path],
    earlier: Sequence[Path],
    postcodes: Path | None,
    providers: Sequence[Path],
    authority: str | None,
    authorities: Path | None,
    spark: str | None,
    **outputs: str | None,
) -> None:
    """Check a looked-after children return (SSDA903): a folder of its tables, some of them, or its XML.

    Without --year the year is worked out from the latest day on which an episode began or ended. With --authorities,
    --last-year and --earlier are folders of authorities too, and a sub-folder named by a code, such as E10000016, is
    the authority of that code.
    """
    beside: dict[str, Any] = {
        "year": year,
        "last_year": last_year,
        "earlier": earlier,
        "postcodes": postcodes,
        "providers": providers,
        "authority": authority,
    }
    if folder := folder_of_many(paths, authorities, spark):
        check_many("ssda903", folder, spark, outputs, **beside)

    def checked() -> Checked:
        from kith.statutory.returns.checking_returns import check_ssda903

        return check_ssda903(paths, **beside)

    _run(checked, outputs)


@check.command("annex-a", epilog=_EXAMPLES_ANNEX_A)
@click.argument("files", metavar="FILE", nargs=-1, type=_READABLE)
@of_many
@_outputs
def annex_a(files: Sequence[Path], authorities: Path | None, spark: str | None, **outputs: str | None) -> None:
    """Check an Annex A workbook: FILE has the lists of an inspection, each on a sheet."""
    if folder := folder_of_many(files, authorities, spark):
        check_many("annex_a", folder, spark, outputs)

    def checked() -> Checked:
        from kith.statutory.returns.checking_returns import check_annex_a

        return check_annex_a(files)

    _run(checked, outputs)


@check.command("across", epilog=_EXAMPLES_ACROSS)
@click.option("--cin", type=_READABLE, help="The children in need census.")
@click.option("--ssda903", type=_READABLE, help="The looked-after children return: its folder or its XML.")
@click.option("--annex-a", "annex_a", type=_READABLE, help="The Annex A workbook.")
@click.option("--year", type=click.IntRange(2016, 2100), help="The year whose 31 March ends the SSDA903.")
@of_many
@_outputs
def across(
    cin: Path | None,
    ssda903: Path | None,
    annex_a: Path | None,
    year: int | None,
    authorities: Path | None,
    spark: str | None,
    **outputs: str | None,
) -> None:
    """Compare what two or three returns of one authority say of the same child.

    With --authorities, each sub-folder of FOLDER holds the returns of one authority: the census, the Annex A workbook,
    and the SSDA903 as XML or in a folder of its own. Which is which is told by what they hold.
    """
    given = [each for each in (cin, ssda903, annex_a) if each is not None]
    if (authorities or spark) and (folder := folder_of_many(given, authorities, spark)):
        check_many("across", folder, spark, outputs, year=year)
    if len(given) < 2:
        words = "Give two returns or three: --cin FILE, --ssda903 FOLDER, --annex-a FILE"
        raise click.UsageError(f"{words}; or a folder of many with --authorities FOLDER.")

    def checked() -> Checked:
        from kith.statutory.returns.checking_returns import check_across

        return check_across(cin=cin, ssda903=ssda903, annex_a=annex_a, year=year)

    _run(checked, outputs)


def _run(checked: Callable[[], Checked], outputs: dict[str, str | None]) -> None:
    from kith.statutory.returns.rule_reports import summary

    json_to(outputs)
    try:
        found = checked()
        printed = _write(found, outputs)
    except (KithError, OSError) as error:
        end_unread(error)
    click.echo("\n".join(summary(found, ways=WAYS)), err=printed)
    for note in found.returned.notes:
        click.echo(note, err=True)
    for fault in found.outcome.failed:
        click.echo(f"Rule {fault.code}: {fault.why}", err=True)
    raise SystemExit(0 if found.clean else 1)


def _write(found: Checked, outputs: dict[str, str | None]) -> bool:
    """Writes what was asked for; says whether any of it went to the terminal."""
    from kith.statutory.returns import rule_reports as reports

    if outputs["to_json"] == STDOUT:
        reports.write_json(found, sys.stdout)
    for name, write in (("json", reports.write_json), ("csv", reports.write_csv)):
        to = outputs[f"to_{name}"]
        if to and to != STDOUT:
            with Path(to).open("w", encoding="utf-8", newline="") as out:
                write(found, out)
    if outputs["to_json_lines"]:
        with Path(outputs["to_json_lines"]).open("wb") as lines:
            reports.write_json_lines(found, lines)
    if outputs["to_parquet"]:
        reports.write_parquet(found, Path(outputs["to_parquet"]))
    if outputs["to_xlsx"]:
        reports.write_xlsx(found, Path(outputs["to_xlsx"]))
    if outputs["to_html"]:
        from kith.statutory.returns.rule_page import write_html

        write_html(found, Path(outputs["to_html"]))
    return outputs["to_json"] == STDOUT
