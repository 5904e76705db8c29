"""Files that no reader should choke on: large, deep, cut, unclosed, wrongly encoded, or small until they are opened.

Run as a script with commands as JSON on its standard input: each is tried in one process, of which the parent measures
the memory; one line of JSON for each, with what it ended with and what it said.
"""

from __future__ import annotations

import json
import struct
import sys
import zipfile
from pathlib import Path

from click.testing import CliRunner

CHILD = "<Child><ChildIdentifiers><LAchildID>A1</LAchildID></ChildIdentifiers></Child>"
HEADER = "CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\n"
ROW = "A1,01/04/2025,S,C2,N1,U6,,\n"
MB = 1_000_000
_TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>"""  # noqa: E501
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_RELS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
_BOOK = f"""<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="{_RELATED}"><sheets>
<sheet name="List 1" sheetId="1" r:id="r1"/></sheets></workbook>"""


def made(folder: Path) -> dict[str, tuple[str, Path]]:
    """Each bad file by name, with the return that it is given as."""
    return {
        **_xml(folder),
        **_csv(folder),
        **{name: ("annex-a", path) for name, path in _books(folder).items()},
    }


def _text(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def _grown(path: Path) -> Path:
    """The file, which says it is more than 2 GB: what was never written of it takes no room."""
    with path.open("r+b") as file:
        file.truncate(2**31)
    return path


def _xml(folder: Path) -> dict[str, tuple[str, Path]]:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    whole = f"<Message><Children>{CHILD}</Children></Message>"
    texts = {
        "cut.xml": whole[:-10],
        "outside.xml": f'<!DOCTYPE Message [<!ENTITY x SYSTEM "file:///etc/hostname">]>{whole.replace("A1", "&x;")}',
        "entities.xml": f'<!DOCTYPE Message [<!ENTITY e0 "a">{entities}]>{whole.replace("A1", "&e9;")}',
        "deep.xml": "<Message>" + "<Child>" * (2 * MB),
        "root.xml": "<Register><Pupil/></Register>",
        "unknown-encoding.xml": f'<?xml version="1.0" encoding="nonsense"?>\n{whole}',
    }
    found = {name: ("cin", _text(folder, name, text)) for name, text in texts.items()}
    wrong = f'<?xml version="1.0" encoding="UTF-8"?>\n{whole.replace("A1", "Zoë")}'
    found["encoding.xml"] = ("cin", _text(folder, "encoding.xml", wrong, "cp1252"))
    found["large.xml"] = ("cin", _grown(_text(folder, "large.xml", whole)))
    return found


def _csv(folder: Path) -> dict[str, tuple[str, Path]]:
    many = ROW * (60 * MB // len(ROW))
    texts = {
        "quote.csv": f'{HEADER}{ROW}A2,"01/04/2025,S,C2\n',
        "quote-then-much.csv": f'{HEADER}{ROW}A2,"01/04/2025,S,C2\n{many}',
        "one-line.csv": HEADER + ROW + many.replace("\n", " "),
        "binary.csv": f"{HEADER}{ROW}A2,\x00\n",
        "large.csv": HEADER + ROW * 20_000,
    }
    found = {name: ("ssda903", _text(folder, name, text)) for name, text in texts.items()}
    _grown(folder / "large.csv")
    (folder / "encoding.csv").write_bytes(f"{HEADER}{ROW}".encode() + b"A\x812,01/04/2025,S,C2,N1,U6,,\n")
    (folder / "cut-utf-16.csv").write_bytes(f"{HEADER}{ROW}".encode("utf-16")[:-1])
    return found | {name: ("ssda903", folder / name) for name in ("encoding.csv", "cut-utf-16.csv")}


def _books(folder: Path) -> dict[str, Path]:
    cell = '<c r="{}"><v>1</v></c>'
    far = f'<row r="1">{cell.format("A1")}</row><row r="1048576">{cell.format("XFD1048576")}</row>'
    unplaced = '<row r="1"><c r="XFD1"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>'
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
    found = {
        "bomb.xlsx": _book(folder / "bomb.xlsx", bytes(500 * MB)),
        "far-apart.xlsx": _book(folder / "far-apart.xlsx", sheet.format(far).encode()),
        "far-unplaced.xlsx": _book(folder / "far-unplaced.xlsx", sheet.format(unplaced).encode()),
        "not-one.xlsx": folder / "not-one.xlsx",
        "lying.xlsx": folder / "lying.xlsx",
    }
    found["not-one.xlsx"].write_bytes(b"PK\x03\x04 not really")
    content = bytearray(found["bomb.xlsx"].read_bytes())
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = 0
        while (where := content.find(mark, start)) >= 0:
            if struct.unpack_from("<L", content, where + at)[0] == 500 * MB:
                struct.pack_into("<L", content, where + at, 10)
            start = where + 4
    found["lying.xlsx"].write_bytes(content)
    return found


def _book(path: Path, sheet: bytes) -> Path:
    """A workbook with one sheet, of this content."""
    to_book = f'<Relationship Id="r1" Type="{_RELATED}/officeDocument" Target="xl/workbook.xml"/>'
    to_sheet = f'<Relationship Id="r1" Type="{_RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as book:
        book.writestr("[Content_Types].xml", _TYPES)
        book.writestr("_rels/.rels", _RELS.format(to_book))
        book.writestr("xl/workbook.xml", _BOOK)
        book.writestr("xl/_rels/workbook.xml.rels", _RELS.format(to_sheet))
        book.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def megabytes() -> float:
    """The most memory that this process has had, by the machine's own count."""
    said = Path("/proc/self/status").read_text()
    return int(said.split("VmHWM:")[1].split()[0]) / 1024


def main() -> None:
    """Each command, tried."""
    from kith.cli import main as kith

    for words in json.load(sys.stdin):
        result = CliRunner().invoke(kith, words)
        told = {"code": result.exit_code, "said": result.stderr, "fault": repr(result.exception)}
        print(json.dumps(told), flush=True)
    print(json.dumps({"megabytes": megabytes()}))


if __name__ == "__main__":
    main()
