"""T18: no archive, workbook, picture or PDF exhausts the server, and nothing exported runs as a formula."""

from __future__ import annotations

import csv
import io
import random
import re
import resource
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner
from lxml import etree

from kith.foundation.documents import archives, checking, pictures
from kith.foundation.documents.refusal import Refusal
from kith.statutory.returns.annex_a.writing import write_workbook
from kith.statutory.returns.results import Problem
from kith.statutory.returns.returned import Returned
from kith.statutory.returns.rule_issues import Issues
from kith.statutory.returns.rule_reports import Checked, write_xlsx
from kith.statutory.returns.rule_running import Outcome, Return
from tests.assurance.kit import ROOT, Measuring, Sized
from tests.factories import a_child, a_worker
from tests.unit.foundation.documents import files

MB = 1024**2
PREFIXES = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "\u00a0=", "\ufeff=")


def hostile(chance: random.Random) -> list[tuple[str, Callable[[], bytes]]]:
    """One file of every sort, its sizes by chance."""
    large, names = chance.randint(301, 450), chance.randint(11_000, 40_000)
    outside = chance.choice(["../../x", "/etc/x", "..\\..\\x", "C:\\x", "word/../../x"])
    side = chance.randint(20_001, 90_000)
    return [
        ("bomb.docx", lambda: files.bomb(large)),
        ("bomb.xlsx", lambda: files.bomb(large, entries=10)),
        ("ratio.docx", lambda: files.bomb(chance.randint(40, 200))),
        ("nested.docx", lambda: files.with_parts({f"word/{number}.bin": files.docx() for number in range(3)})),
        ("overlap.docx", lambda: files.overlapping(chance.randint(50, 400))),
        ("slip.docx", lambda: files.with_parts({outside: b"x"})),
        ("lying.docx", lambda: files.lying(bytes(chance.randint(20, 60) * 1_000_000))),
        ("names.docx", lambda: files.many_names(names)),
        ("wide.png", lambda: files.png_of(side, side)),
        ("long.png", lambda: files.png_of(100, chance.randint(30_000, 2_000_000))),
        ("frames.gif", lambda: files.many_frames(chance.randint(61, 130))),
        ("stream.pdf", lambda: files.pdf(stream=bytes(chance.randint(201, 500) * MB))),
        ("script.pdf", lambda: files.pdf(opens=chance.choice(["JavaScript", "Launch"]))),
        ("hidden.pdf", lambda: files.pdf(attached=b"MZ")),
        ("pages.pdf", lambda: files.pdf(pages=chance.randint(3_001, 4_000))),
    ]


def refused(path: Path, name: str, content: bytes) -> str:
    """Why it is not kept; nothing where it would be."""
    path.write_bytes(content)
    try:
        checking.check(path, name=name, size=len(content), largest=50 * MB)
    except Refusal as refusal:
        return refusal.sentence
    return ""


def test_t18_no_file_exhausts_the_server(measuring: Measuring, sized: Sized, tmp_path: Path, db: None) -> None:
    rounds = sized(short=1, full=10)
    with measuring("T18", part="files", seed=18) as figure:
        chance, kept, slowest, tried = random.Random(figure.seed), [], 0.0, 0
        for _ in range(rounds):
            for name, make in hostile(chance):
                content, before = make(), resource.getrusage(resource.RUSAGE_CHILDREN)
                tried += 1
                if not refused(tmp_path / "sent", name, content):
                    kept.append(name)
                after = resource.getrusage(resource.RUSAGE_CHILDREN)
                slowest = max(slowest, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        figure.all("hostile files refused", found=tried - len(kept), of=tried)
        figure.at_most("seconds of work for the slowest", slowest, gate=20)
        well = ["a.pdf", "a.docx", "a.png", "a.gif"]
        good = [files.pdf(pages=40), files.docx(), files.picture("PNG", (3_000, 2_000)), files.many_frames(9)]
        sound = [not refused(tmp_path / "sent", name, each) for name, each in zip(well, good, strict=True)]
        figure.all("ordinary files kept", found=sum(sound), of=len(sound))
        figure.note(
            f"Kept though hostile: {', '.join(kept) or 'none'}. Each is examined in a child of 768 MB and 20 s."
        )
        figure.note("The times of other people's requests meanwhile are not measured here.")
        through = without_size(tmp_path)
        figure.control("the checks of size turned off", failed=len(through) == 2, said=f"kept: {', '.join(through)}")


def without_size(folder: Path) -> list[str]:
    """What is kept when nothing is too large."""
    kept = []
    none = archives.Limits(unpacked=10**12, entries=10**9, directory=10**9, times=10**9, small=10**12)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("MOST_PIXELS", "MOST_SIDE", "MOST_FRAMES"):
            patch.setattr(pictures, name, 10**12)
        tries: dict[str, tuple[bytes, Callable[[Path], Any]]] = {
            "bomb.docx": (files.bomb(310), lambda path: archives.examine(path, limits=none)),
            "frames.gif": (
                files.many_frames(70),
                lambda path: pictures.examine(path, format="GIF", out=folder / "out"),
            ),
        }
        for name, (content, examine) in tries.items():
            path = folder / name
            path.write_bytes(content)
            try:
                examine(path)
                kept.append(name)
            except Refusal:
                continue
    return kept


def formulas(chance: random.Random, count: int) -> list[str]:
    """Texts that a spreadsheet would run, or that look so."""
    tails = ["1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x.example","see")', "SUM(A1:A9)", "2+3", "Ayla", "'x"]
    return [chance.choice(PREFIXES) + chance.choice(tails) for _ in range(count)]


def runs(cell: str) -> bool:
    """Whether a spreadsheet would take this cell for a formula, by its own rules and not by Kith's."""
    plain = cell.lstrip(" \u00a0\ufeff\t\r\n").translate(str.maketrans("＝＋－＠", "=+-@"))
    hidden = cell[:1] in "\t\r\n" and cell != ""
    return (plain[:1] in ("=", "+", "-", "@") and not re.fullmatch(r"[+-]?[\d.]+", plain)) or hidden


def deadlines_written(texts: list[str], folder: Path) -> str:
    """`kith deadlines` writes this table."""
    from kith.statutory import commands

    frame, out = pl.DataFrame({"person": texts, "why": texts}), folder / "deadlines.csv"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(commands, "read", lambda paths: NothingRead())
        patch.setattr(commands, "deadlines_of", lambda dataset, on: (frame, ()))
        patch.setattr(commands, "_reported", lambda *_: [])
        patch.setattr(commands, "untold", lambda dataset: None)
        ran = CliRunner().invoke(commands.deadlines, [str(folder), "--on", "2026-03-31", "--out", str(out)])
    assert ran.exit_code == 0, ran.output
    return out.read_bytes().decode()


class NothingRead:
    dataset, rows_in, rows_read = None, 0, 0


def problems_written(texts: list[str], folder: Path) -> str:
    """`kith load --problems` writes these."""
    from kith.record.loading import commands
    from kith.statutory.returns.results import Problem

    problems = tuple(Problem(table=each, file=each, line=1, field=each, message=each) for each in texts)
    commands._keep(folder / "problems.csv", problems)
    return (folder / "problems.csv").read_bytes().decode("utf-8-sig")


def history_written(texts: list[str], folder: Path) -> str:
    """`kith history between` writes these."""
    from kith.config import history
    from kith.foundation.history.actions import opened
    from kith.foundation.history.actor import Actor, acting

    child = a_child()
    for each in texts:
        worker = a_worker(each)
        with acting(Actor(worker=worker.pk, role=each[:40], purpose=each[:200])):
            opened(person=child.pk, relationship=each[:40], page=each[:80])
    ran = CliRunner().invoke(history.history, ["between", "2000-01-01", "2100-01-01"])
    assert ran.exit_code == 0, ran.output
    return ran.output


def workbook_written(texts: list[str], folder: Path) -> zipfile.ZipFile:
    """`kith check` writes this workbook."""
    problems = tuple(Problem(table=each, file=each, line=1, field=each, message=each) for each in texts)
    returned = Returned(Return("cin", 2026, {}, {}), len(texts), 0, problems)
    write_xlsx(Checked(returned, Outcome((), (), Issues())), folder / "checked.xlsx")
    return zipfile.ZipFile(folder / "checked.xlsx")


def lists_written(texts: list[str], folder: Path) -> zipfile.ZipFile:
    """`kith build annex-a` writes this workbook."""
    write_workbook({"List 1": pl.DataFrame({"Name": texts, "Why": texts})}, folder / "lists.xlsx")
    return zipfile.ZipFile(folder / "lists.xlsx")


def inside(book: zipfile.ZipFile, part: str, tag: str) -> list[Any]:
    """Every element of this name in the parts of a workbook whose names begin so."""
    return [
        each
        for name in book.namelist()
        if name.startswith(part)
        for each in etree.fromstring(book.read(name)).iter(f"{{*}}{tag}")
    ]


def unescaped(text: str) -> str:
    """What a spreadsheet shows of a cell's text: its writer escapes what XML has no way to say."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda found: chr(int(found[1], 16)), text)


def cells_of(text: str) -> list[str]:
    return [cell for row in csv.reader(io.StringIO(text, newline="")) for cell in row]


def test_t18_nothing_exported_runs(measuring: Measuring, sized: Sized, tmp_path: Path, record: None) -> None:
    count = sized(short=40, full=300)
    with measuring("T18", part="formulas", seed=181) as figure:
        texts, started = formulas(random.Random(figure.seed), count), time.monotonic()
        writers = (deadlines_written, problems_written, history_written)
        written = {make.__name__: make(texts, tmp_path) for make in writers}
        cells = {name: cells_of(text) for name, text in written.items()}
        every = [cell for each in cells.values() for cell in each]
        figure.none("cells that run", found=sum(map(runs, every)), of=len(every))
        back = {name: {cell.removeprefix("'") for cell in each} for name, each in cells.items()}
        came = sum(text in each for name, each in back.items() if name != "history_written" for text in texts)
        figure.all("values that came back", found=came, of=2 * count)
        figure.none("writers of tables beside the safe one", found=len(other_writers()), of=len(python_files()))
        books = [workbook_written(texts, tmp_path), lists_written(texts, tmp_path)]
        sheets = [each for book in books for each in inside(book, "xl/workbook.xml", "sheet")]
        held, formulas_in = ([each for book in books for each in inside(book, "xl/worksheets/", tag)] for tag in "cf")
        figure.none("cells of a workbook that are formulas", found=len(formulas_in), of=len(held))
        figure.none("hidden sheets", found=sum(bool(each.get("state")) for each in sheets), of=len(sheets))
        kept = [{unescaped(each.text or "").removeprefix("'") for each in inside(book, "xl/", "t")} for book in books]
        came = sum(text in each for each in kept for text in texts)
        figure.all("values that came back of a workbook", found=came, of=len(books) * count)
        figure.note("What loads write for a machine to read (an SSD folder, PostgreSQL's COPY) is as it was held.")
        raw = io.StringIO()
        csv.writer(raw).writerows([each] for each in texts)
        ran = sum(map(runs, cells_of(raw.getvalue())))
        figure.control("the escaping turned off", failed=ran > 0, said=f"{ran} of {count} cells run")
        assert time.monotonic() - started < 600


MACHINES = {"record/loading/bulk.py", "statutory/returns/ssd/writing.py", "synthetic/clean_care.py"}
MACHINES |= {"vocabulary/spreadsheets.py", "synthetic/directories.py"}
TRIED = {"statutory/returns/rule_reports.py", "statutory/returns/annex_a/writing.py"}  # their workbooks are read back


def python_files() -> list[Path]:
    return sorted((ROOT / "src" / "kith").rglob("*.py"))


def other_writers() -> list[str]:
    """Modules that write a table without the safe writer, beside those that write for machines."""
    wrong = []
    for path in python_files():
        text, name = path.read_text(), str(path.relative_to(ROOT / "src" / "kith"))
        raw = re.search(r"csv\.(?:writer|DictWriter)\(|xlsxwriter|(?<!safe_table\(rows\))\.write_(?:csv|excel)\(", text)
        if raw and name not in MACHINES | TRIED:
            wrong.append(name)
    return wrong
