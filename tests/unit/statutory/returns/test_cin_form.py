"""The form of a census: the layout, the forms of the years, and what does not have them, by line and element."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from kith.statutory.returns.cin_census.elements import SPECS
from kith.statutory.returns.cin_census.layout import HEADER, WITHIN, parts_of
from kith.statutory.returns.cin_census.validity import FORMS, faults_of_form
from kith.synthetic.clean_census import clean_census

YEAR = 2026


def test_every_field_that_is_read_has_its_place_in_the_layout_and_the_other_way_round() -> None:
    placed = [part for parts in WITHIN.values() for part in parts if part not in WITHIN]
    assert len(placed) == len(set(placed)) + 1  # an initial conference is said in two places
    ids = re.compile(r"[a-z_0-9]+_id")
    read = {name for spec in SPECS.values() for name in spec.columns if not ids.fullmatch(name)}
    assert set(placed) == read


def _in_order(form: etree._ElementTree, name: str) -> list[str]:
    """The elements within an element of a form, in order, with its groups opened."""
    space = {"xs": "http://www.w3.org/2001/XMLSchema"}
    whole = [form.getroot(), etree.parse(FORMS / "census.xsd").getroot()]

    def opened(node: etree._Element) -> list[str]:
        found: list[str] = []
        for part in node.findall("xs:sequence/*", space):
            if part.tag.endswith("}element"):
                found.append(part.get("name", ""))
            else:
                found += next(
                    opened(g) for top in whole for g in top.findall(f"xs:group[@name='{part.get('ref')}']", space)
                )
        return found

    for top in whole:
        for element in top.iterfind(f".//xs:element[@name='{name}']", space):
            named = element.get("type")
            inner = (
                element.find("xs:complexType", space)
                if not named
                else top.find(f"xs:complexType[@name='{named}']", space)
            )
            if inner is not None:
                return opened(inner)
    return []


@pytest.mark.parametrize("year", [2018, 2022, 2024, 2025, 2026, 2027])
def test_the_form_of_each_year_has_the_elements_of_the_layout_in_its_order(year: int) -> None:
    form = etree.parse(max(path for path in FORMS.glob("2*.xsd") if int(path.stem) <= year))
    there = [name for name in WITHIN if all(name in parts_of(o, year=year) for o in WITHIN if name in WITHIN[o])]
    assert there
    for name in there:
        assert _in_order(form, name) == list(parts_of(name, year=year)), name
    for name, parts in HEADER.items():
        assert _in_order(form, name) == list(parts)


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (("<Sex>M</Sex>", "<Sex>X</Sex>"), "Sex does not hold what the census allows there"),
        (("<Ethnicity>WBRI</Ethnicity>", "<Shoe>4</Shoe>"), "Shoe is out of its place"),
        (("<ReferralNFA>0</ReferralNFA>", ""), "CINdetails is out of its place, or something is missing beside it"),
        (("2025-06-02", "2025-02-30"), "CINreferralDate does not hold what the census allows there"),
        (("</Message>", ""), "the XML is not sound"),
    ],
)
def test_what_does_not_have_the_form_is_named_by_line_and_element(
    edit: tuple[str, str], said: str, tmp_path: Path
) -> None:
    path = tmp_path / "clean.xml"
    etree.ElementTree(clean_census(year=YEAR)).write(path, encoding="utf-8", xml_declaration=True)
    assert faults_of_form(path, year=YEAR) == ()
    text = path.read_text(encoding="utf-8")
    assert edit[0] in text
    path.write_text(text.replace(*edit, 1), encoding="utf-8")
    faults = faults_of_form(path, year=YEAR)
    assert faults and re.fullmatch(rf"line \d+: {said}.*", faults[0])


def test_the_projects_own_files_have_the_form_but_for_what_they_were_made_to_show(fixtures: Path) -> None:
    """Small letters in codes, two wrappers of reviews and a short header are read, and are not of the form."""
    faulty = {}
    for name, year in (("every_module_2025.xml", 2027), ("older_2018.xml", 2018)):
        faults = faults_of_form(fixtures / "cin" / name, year=year)
        faulty[name] = {fault.split(": ")[1].split()[0] for fault in faults}
    assert faulty == {
        "every_module_2025.xml": {"Ethnicity", "AssessmentFactors"},
        "older_2018.xml": {"Source", "Reviews"},
    }


@pytest.mark.samples
def test_the_published_sample_has_the_form_of_its_year_and_the_two_made_with_faults_do_not(
    samples: Path,
) -> None:
    assert faults_of_form(samples / "cin" / "fake_CIN_data.xml", year=2022) == ()
    for name in ("CIN_Census_2024.xml", "CIN_Census_2026.xml"):
        named = " ".join(faults_of_form(samples / "cin" / name, year=2027))
        assert {what for what in ("ChildIdentifiers", "LAchildID", "Sex", "AssessmentFactors") if what in named} == {
            "ChildIdentifiers",  # text that stands beside elements
            "LAchildID",  # with underscores
            "Sex",  # said as 1
            "AssessmentFactors",  # RB, which is no factor
        }
