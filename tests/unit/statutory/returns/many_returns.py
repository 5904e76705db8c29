"""Folders of authorities' returns: one clean, one with a fault, one that cannot be read; as XML, or several each."""

from __future__ import annotations

from pathlib import Path

from lxml import etree
from tests.unit.statutory.returns.test_across_rules import Three

from kith.synthetic.clean_care import as_xml, clean_return, write_tables

YEAR = 2026
CLEAN, FAULTY, BROKEN, XML = "E10000901", "E10000902", "E10000903", "E10000904"


def authorities(folder: Path) -> Path:
    """The folder of this year's returns; last year's are beside it, in one called "last"."""
    for name in (CLEAN, FAULTY):
        write_tables(clean_return(year=YEAR - 1, seen_from=YEAR), folder / "last" / name)
    now = folder / "now"
    write_tables(clean_return(year=YEAR), now / CLEAN)
    faulty = clean_return(year=YEAR)
    for row in faulty["Header"]:
        row["ETHNIC"] = "NOT-A-CODE"
    write_tables(faulty, now / FAULTY)
    (now / BROKEN).mkdir()
    (now / BROKEN / "episodes.csv").write_text('CHILD,DECOM,RNE,LS,CIN,PLACE,DEC,REC\nA1,"never closed,S,C2\n')
    (now / f"{XML}.xml").write_bytes(etree.tostring(as_xml(clean_return(year=YEAR))))
    return now


def regions(folder: Path) -> Path:
    """Authorities with several returns each: three that agree, three of which two differ, and one alone."""
    for name in (CLEAN, FAULTY, BROKEN):
        (folder / name).mkdir(parents=True)
    Three().written(folder / CLEAN)
    differing = Three()
    differing.said("STEADY", "ChildIdentifiers/Sex", "F")
    differing.written(folder / FAULTY)
    (folder / BROKEN / "census.xml").write_bytes((folder / CLEAN / "census.xml").read_bytes())
    return folder
