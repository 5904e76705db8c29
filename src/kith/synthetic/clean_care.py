"""A small SSDA903 return that passes every rule: what each rule is tried on, one change at a time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path

from lxml import etree

from kith.statutory.returns.ssda903.tables import SPECS
from kith.synthetic.clean_census import pupil_number

Row = dict[str, str]
Tables = dict[str, list[Row]]

AUTHORITY = "E09000999"  # no authority has this code
_BASE = 2026  # the lives below are told for the year that ends on 31 March of this one, and moved to others
_FOSTER, _CHILDRENS_HOME = "1234567", "7654321"
# Each child: sex, date of birth, pupil number unless it has a true one, ethnicity.
_CHILDREN: Mapping[str, tuple[str, str, str]] = {
    "STEADY": ("M", "10/05/2015", ""),
    "GIRL": ("F", "20/06/2010", ""),
    "LEFT": ("M", "14/02/2017", ""),
    "ADOPT": ("M", "01/06/2022", "UN1"),
    "LEAVER": ("M", "10/08/2006", ""),
    "SEEK": ("M", "15/09/2009", "UN2"),
    "SHORT": ("M", "05/03/2016", ""),
    "AWAY": ("M", "12/12/2011", ""),
    "BABY": ("M", "10/01/2023", "UN1"),
    "MUM": ("F", "02/06/2009", ""),
    "HOLIDAY": ("M", "01/07/2013", ""),
}
_MOTHERS = {"GIRL": "", "MUM": "01/05/2025"}
# Each episode: child, from, new because, status, need, home, provider, to, because, change of home because, home, URN.
_EPISODES: Sequence[tuple[str, ...]] = (
    ("STEADY", "01/03/2023", "S", "C2", "N1", "U6", "PR1", "", "", "", "AA1 1AB", _FOSTER),
    ("GIRL", "05/05/2025", "S", "V2", "N1", "U6", "PR1", "10/09/2025", "X1", "CARPL", "AA1 1AB", _FOSTER),
    ("GIRL", "10/09/2025", "P", "V2", "N1", "K2", "PR4", "", "", "", "AA1 1AC", _CHILDRENS_HOME),
    ("LEFT", "01/02/2024", "S", "C2", "N1", "U6", "PR1", "01/12/2025", "E4A", "", "AA1 1AB", _FOSTER),
    ("ADOPT", "01/07/2023", "S", "E1", "N1", "U6", "PR1", "01/06/2025", "X1", "CARPL", "AA1 1AB", _FOSTER),
    ("ADOPT", "01/06/2025", "P", "E1", "N1", "A6", "PR1", "15/12/2025", "E12", "", "AA1 1AD", "XXXXXXX"),
    ("LEAVER", "01/01/2020", "S", "C2", "N1", "U4", "PR1", "10/08/2024", "E6", "", "AA1 1AB", _FOSTER),
    ("SEEK", "01/06/2025", "S", "V2", "N8", "U6", "PR1", "", "", "", "AA1 1AB", _FOSTER),
    ("SHORT", "01/07/2025", "S", "V4", "N2", "R1", "PR4", "", "", "", "", ""),
    ("AWAY", "01/02/2022", "S", "C2", "N1", "U4", "PR1", "", "", "", "AA1 1AB", _FOSTER),
    ("BABY", "01/02/2023", "S", "C2", "N1", "U6", "PR1", "", "", "", "AA1 1AB", _FOSTER),
    ("MUM", "15/01/2024", "S", "C2", "N1", "U4", "PR1", "", "", "", "AA1 1AB", _FOSTER),
    ("HOLIDAY", "01/01/2024", "S", "C2", "N1", "U4", "PR1", "01/08/2025", "X1", "", "AA1 1AB", _FOSTER),
    ("HOLIDAY", "01/08/2025", "P", "C2", "N1", "T3", "", "10/08/2025", "X1", "", "AA1 1AD", ""),
    ("HOLIDAY", "10/08/2025", "P", "C2", "N1", "U4", "PR1", "", "", "", "AA1 1AB", _FOSTER),
)
# The answers about twelve months: score, convicted, health checks, misuse, help received.
_OC2: Mapping[str, tuple[str, ...]] = {
    "STEADY": ("12", "0", "", "0", ""),
    "AWAY": ("20", "0", "", "1", "1"),
    "BABY": ("", "", "1", "0", ""),
    "MUM": ("15", "0", "", "0", ""),
    "HOLIDAY": ("9", "0", "", "0", ""),
}
_YOUNG = ("BABY", "ADOPT")  # under four at each of their reviews
_NOT_REVIEWED = ("LEAVER", "SHORT")
_GROUPS = {
    "Reviews": "AREVIEW",
    "Missing": "AMISSING",
    "PlacedAdoption": "AD_PLACED",
    "PrevPerm": "PERMANENCE",
    "OC2": "OC2",
    "Episodes": "EPISODE",
}


def moved(day: str, years: int) -> str:
    """A day written DD/MM/YYYY, that many years later; anything else as it is."""
    return f"{day[:6]}{int(day[6:]) + years}" if len(day) == 10 and day[2] == day[5] == "/" else day


def clean_return(*, year: int, seen_from: int | None = None) -> Tables:
    """The tables of the year that ends on 31 March of `year`, which pass every rule of that year.

    `seen_from` tells the lives of another year's return: `clean_return(year=2025, seen_from=2026)` is what was returned
    the year before `clean_return(year=2026)`.
    """
    shift = (seen_from or year) - _BASE
    lives = [tuple(moved(cell, shift) for cell in episode) for episode in _EPISODES]
    episodes = [row for each in lives if (row := _episode(each, year))]
    made: Tables = {name: [] for name in SPECS if name != "DoLO" or year >= _BASE + 1}
    made["Episodes"] = episodes
    here = {row["CHILD"] for row in episodes}
    for serial, (name, (sex, born, unknown)) in enumerate(_CHILDREN.items()):
        _about(made, name, sex, moved(born, shift), unknown, serial, year, in_care=name in here, first=not seen_from)
    return made


def _day(text: str) -> date:
    return date(int(text[6:]), int(text[3:5]), int(text[:2]))


def _episode(life: Sequence[str], year: int) -> Row | None:
    """The episode as the return of the year has it; none where it had ended before, or had not begun."""
    child, began, why, status, need, place, provider, ended, reason, change, post, urn = life
    starts, ends = date(year - 1, 4, 1), date(year, 3, 31)
    if _day(began) > ends or (ended and _day(ended) < starts):
        return None
    if ended and _day(ended) > ends:
        ended = reason = change = ""
    home = "" if child in ("SEEK", "SHORT") else "AA1 1AA"
    values = (child, began, why, status, need, place, provider, ended, reason, change, home, post, urn)
    return dict(zip(SPECS["Episodes"].columns, values, strict=True))


def _about(
    made: Tables, name: str, sex: str, born: str, unknown: str, serial: int, year: int, *, in_care: bool, first: bool
) -> None:
    """Adds what the return of the year says of one child beside their episodes. `first`: not the year before."""
    who: Row = {"CHILD": name, "DOB": born}
    if not in_care and not (name == "LEAVER" and first):
        return
    mother = name in _MOTHERS and in_care
    child_born = moved(_MOTHERS.get(name, ""), year - _BASE) if first else ""
    coded = sex if year >= 2025 else {"M": "1", "F": "2"}[sex]
    number = unknown or pupil_number(serial + 500, born=_day(born))
    mark = "1" if child_born else "0"
    about = {"SEX": coded, "ETHNIC": "WBRI", "UPN": number, "MOTHER": mark if mother else "", "MC_DOB": child_born}
    made["Header"].append(who | about)
    if name == "SEEK":
        made["UASC"].append(who | {"SEX": coded, "DUC": ""})
    if not in_care:
        made["OC3"].append(who | {"IN_TOUCH": "YES", "ACTIV": "F2", "ACCOM": "U1"})
        return
    made["PrevPerm"].append(who | {"PREV_PERM": "Z1", "LA_PERM": "", "DATE_PERM": ""})
    if name not in _NOT_REVIEWED:
        code = "PN0" if name in _YOUNG else "PN1"
        made["Reviews"].append(who | {"REVIEW": f"15/08/{year - 1}", "REVIEW_CODE": code})
    _more(made, name, who, year, first=first)


def _more(made: Tables, name: str, who: Row, year: int, *, first: bool) -> None:
    began = next(row["DECOM"] for row in made["Episodes"] if row["CHILD"] == name)
    if name != "SHORT":
        worker = {"SW_ID": "SW12345", "SW_DECOM": began, "SW_DEC": "", "SW_REASON": "FCONTA"}
        made["SWEpisodes"].append(who | worker)
    if name in _OC2 and first:
        score, convicted, checks, misuse, received = _OC2[name]
        health = dict.fromkeys(("IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"), "1")
        answers = {"SDQ_SCORE": score, "CONVICTED": convicted, "HEALTH_CHECK": checks, "SUBSTANCE_MISUSE": misuse}
        made["OC2"].append(who | health | answers | {"INTERVENTION_RECEIVED": received})
    if name == "ADOPT":
        made["PlacedAdoption"].append(who | {"DATE_PLACED": began})
        adopted = {"DATE_INT": began, "DATE_MATCH": f"20/05/{year - 1}", "FOSTER_CARE": "0", "NB_ADOPTR": "2"}
        if first:
            made["AD1"].append(who | adopted | {"SEX_ADOPTR": "MF", "LS_ADOPTR": "L11"})
    if name == "AWAY" and first:
        made["Missing"].append(who | {"MISSING": "M", "MIS_START": f"05/07/{year - 1}", "MIS_END": f"08/07/{year - 1}"})
    if name == "GIRL" and "DoLO" in made:
        made["DoLO"].append(who | {"DOLO_START": f"01/10/{year - 1}", "DOLO_END": f"01/12/{year - 1}"})


def write_tables(tables: Tables, folder: Path) -> None:
    """The tables as CSV files, as a council would upload them."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, rows in tables.items():
        columns = [each for each in SPECS[name].columns if each not in SPECS[name].derived]
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(rows)


def as_xml(tables: Tables, *, more: Callable[[str], Mapping[str, str]] = lambda child: {}) -> etree._Element:
    """The tables in the form of XML, which has no social workers; `more` gives further fields of a child's header."""
    root = etree.Element("EXPSSDA903")
    for who in tables["Header"]:
        child = etree.SubElement(root, "CHILD")
        header = etree.SubElement(child, "HEADER")
        seeking = [row for row in tables["UASC"] if row["CHILD"] == who["CHILD"]]
        said = {**who, "UASC": "1" if seeking else "0", **(seeking[0] if seeking else {})}
        for name in ("OC3", "AD1"):
            said |= next((row for row in tables[name] if row["CHILD"] == who["CHILD"]), {})
        said |= more(who["CHILD"])
        for field, value in said.items():
            etree.SubElement(header, "CHILDID" if field == "CHILD" else field).text = value
        for name, tag in _GROUPS.items():
            for row in (each for each in tables[name] if each["CHILD"] == who["CHILD"]):
                group = etree.SubElement(child if tag == "EPISODE" else header, tag)
                for field, value in row.items():
                    if field not in ("CHILD", "DOB"):
                        etree.SubElement(group, "PL" if field == "PLACE" else field).text = value
    return root
