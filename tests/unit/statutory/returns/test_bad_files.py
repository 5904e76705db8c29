"""Whatever bad file `kith check` is given, it ends with 2 and a sentence that names the file, in little memory."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.statutory.returns import bad_files, fuzzing

ROOT = Path(__file__).parents[4]
# What is said of each, after the file's name.
SAYS = {
    "cut.xml": ", line 1: the XML is not sound (it ends before its last element is closed).",
    "outside.xml": ", line 1: the file declares a document type",
    "entities.xml": ", line 1: the file declares a document type",
    "deep.xml": ", line 1: the XML is not sound (elements lie too deep within one another).",
    "root.xml": ", line 1: there is no child in this file.",
    "unknown-encoding.xml": ", line 1: the XML is not sound (a character is not in the encoding",
    "encoding.xml": ", line 2: the XML is not sound (a character is not in the encoding that the file declares).",
    "large.xml": ": this file is larger than 2 GB.",
    "quote.csv": ", line 3: a quotation mark that opens here is not closed properly.",
    "quote-then-much.csv": ", line 3: a quotation mark that opens here is not closed properly.",
    "one-line.csv": ", line 3: this line is far too long.",
    "binary.csv": ", line 3: this is not a text file.",
    "large.csv": ": this file is larger than 2 GB.",
    "encoding.csv": ", line 3: a character here belongs to no known encoding.",
    "cut-utf-16.csv": ", line 2: a character here belongs to no known encoding.",
    "bomb.xlsx": ": this workbook is far larger inside than it should be.",
    "lying.xlsx": ": this workbook is far larger inside than it should be.",
    "far-apart.xlsx": ": this workbook is far larger inside than it should be.",
    "far-unplaced.xlsx": ": this workbook is far larger inside than it should be.",
    "not-one.xlsx": ": this is not a workbook that can be opened.",
}


def ran(module: str, asked: str = "") -> tuple[list[dict[str, object]], float]:
    """What a script of these tests printed in a process of its own, and the most memory it took, in MB."""
    command = [sys.executable, "-m", module]
    process = subprocess.run(command, input=asked, capture_output=True, text=True, cwd=ROOT, check=False)
    assert process.returncode == 0, process.stderr[-4000:]
    *lines, last = [json.loads(line) for line in process.stdout.splitlines()]
    return lines, last["megabytes"]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What became of each bad file; none of them may take more than a small return would."""
    files = bad_files.made(tmp_path_factory.mktemp("bad"))
    more = {"ssda903": ["--year", "2026"]}
    words = [["check", kind, str(path), *more.get(kind, [])] for kind, path in files.values()]
    lines, megabytes = ran(bad_files.__name__, json.dumps(words))
    assert set(files) == set(SAYS)
    assert megabytes < 300
    return dict(zip(files, lines, strict=True))


@pytest.mark.parametrize("name", SAYS)
def test_a_bad_file_ends_with_2_and_a_sentence_that_says_what_to_do(
    name: str, outcomes: dict[str, dict[str, object]]
) -> None:
    told = outcomes[name]
    said = str(told["said"])
    assert (told["code"], told["fault"]) == (2, "SystemExit(2)"), told
    assert said.startswith(f"Error: {name}{SAYS[name]}")
    assert len(said.split(". ")) > 1 and len(said) < 400  # what is wrong, and what to do


def test_mutated_files_are_read_whole_or_refused_in_words() -> None:
    lines, megabytes = ran(fuzzing.__name__)
    assert [each["kind"] for each in lines] == list(fuzzing.EXAMPLES)
    for each in lines:
        tried = sum(int(str(many)) for name, many in each.items() if name in ("checked", "refused"))
        assert tried >= fuzzing.EXAMPLES[str(each["kind"])]
        assert min(int(str(each[name])) for name in ("loaded", "not loaded", "checked", "refused")) >= 15
    assert megabytes < 400
