"""One child across returns: three that agree pass every comparison, and one change breaks one of them and no other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from lxml import etree
from tests.unit.statutory.returns.test_annex_a_rules import Workbook, clean, write

from kith.cli import main
from kith.statutory.returns.across.rules import BOOK
from kith.statutory.returns.checking_returns import check_across
from kith.synthetic.clean_care import Tables, clean_return, write_tables

_DAYS = "<CPPstartDate>2025-04-20</CPPstartDate><CPPendDate>2025-05-05</CPPendDate>"
PLAN = f"<ChildProtectionPlans>{_DAYS}</ChildProtectionPlans>"
ENQUIRY = "<Section47><S47ActualStartDate>2025-04-15</S47ActualStartDate></Section47>"
ASSESSMENT = (
    "<Assessments><AssessmentActualStartDate>2025-04-12</AssessmentActualStartDate>"
    "<AssessmentAuthorisationDate>2025-05-01</AssessmentAuthorisationDate><FactorsIdentifiedAtAssessment>"
    "<AssessmentFactors>{}</AssessmentFactors></FactorsIdentifiedAtAssessment></Assessments>"
)


class Three:
    """A census, a return and a workbook about the same invented children."""

    def __init__(self) -> None:
        self.care: Tables = clean_return(year=2026)
        self.census = {row["CHILD"]: _child(row, self.care) for row in self.care["Header"] if row["CHILD"] != "LEAVER"}
        self.annex: Workbook = clean()
        for name, rows in self.annex.items():
            for field in rows[0]:
                rows[0][field] = "" if field != "child" else f"NOBODY{name[-1]}"
        self.listed("3", child="GIRL", referral_date="10/04/2025")
        self.listed("4", child="GIRL", start_date="12/04/2025")
        self.listed("5", child="GIRL", start_date="15/04/2025")
        self.listed("7", child="GIRL", start_date="20/04/2025", end_date="05/05/2025")
        self.listed("8", child="GIRL", start_date="05/05/2025", birth_date="20/06/2010")
        self.listed("9", child="LEAVER", in_touch="YES")
        self.listed("10", child="ADOPT", decision_date="01/07/2023")
        self.annex["List 8"].append(self.annex["List 8"][0] | {"child": "AWAY", "start_date": "", "birth_date": ""})
        self.annex["List 8"].append(self.annex["List 8"][1] | {"child": "SEEK", "uasc": "a) Yes"})
        self.annex["List 8"].append(
            self.annex["List 8"][1] | {"child": "LEFT", "start_date": "", "end_date": "01/12/2025"}
        )
        self.listed("11", adopter="A")

    def listed(self, number: str, at: int = 0, **fields: str) -> None:
        self.annex[f"List {number}"][at].update(fields)

    def said(self, child: str, path: str, text: str) -> None:
        found = self.census[child].find(path)
        if found is None:
            parent, _, name = path.rpartition("/")
            found = etree.SubElement(self.census[child].find(parent), name)
        found.text = text

    def adds(self, child: str, path: str, xml: str) -> None:
        self.census[child].find(path).append(etree.fromstring(xml))

    def returned(self, table: str, child: str, **fields: str) -> None:
        next(row for row in self.care[table] if row["CHILD"] == child).update(fields)

    def written(self, folder: Path) -> tuple[Path, Path, Path]:
        root = etree.fromstring(
            "<Message><Header><CollectionDetails><Year>2026</Year><ReferenceDate>2026-03-31</ReferenceDate>"
            "</CollectionDetails></Header><Children/></Message>"
        )
        root.find("Children").extend(self.census.values())
        etree.ElementTree(root).write(folder / "census.xml")
        write_tables(self.care, folder / "care")
        return folder / "census.xml", folder / "care", write(self.annex, folder / "annex.xlsx")

    def broken(self, folder: Path) -> set[str]:
        cin, care, annex = self.written(folder)
        checked = check_across(cin=cin, ssda903=care, annex_a=annex, year=2026)
        assert not checked.outcome.not_run
        return set(checked.outcome.issues["rule"])


def _child(who: dict[str, str], care: Tables) -> etree._Element:
    day, month, year = who["DOB"].split("/")
    adopted = who["CHILD"] == "ADOPT"
    closed = "<CINclosureDate>2025-12-15</CINclosureDate><ReasonForClosure>RC1</ReasonForClosure>" if adopted else ""
    began = "2025-04-10" if who["CHILD"] in ("GIRL", "SEEK", "SHORT") else "2021-01-04"
    more = (PLAN + ENQUIRY) if who["CHILD"] == "GIRL" else ""
    seeking = who["CHILD"] in {row["CHILD"] for row in care["UASC"]}
    factor = ASSESSMENT.format("9A" if seeking else "3B")
    needs = [row["CIN"] for row in care["Episodes"] if row["CHILD"] == who["CHILD"]]
    disability = "AUT" if "N2" in needs else "NONE"
    return etree.fromstring(
        f"<Child><ChildIdentifiers><LAchildID>{who['CHILD']}</LAchildID>"
        f"<PersonBirthDate>{year}-{month}-{day}</PersonBirthDate><UPN>{who['UPN']}</UPN><Sex>{who['SEX']}</Sex>"
        f"</ChildIdentifiers><ChildCharacteristics><Ethnicity>{who['ETHNIC']}</Ethnicity>"
        f"<Disabilities><Disability>{disability}</Disability></Disabilities></ChildCharacteristics>"
        f"<CINdetails><CINreferralDate>{began}</CINreferralDate>{closed}{factor}{more}</CINdetails></Child>"
    )


ID, C = "ChildIdentifiers", "CINdetails"
CHANGES: dict[str, tuple[Callable[[Three], object], set[str]]] = {
    "X01": (lambda three: three.said("STEADY", f"{ID}/PersonBirthDate", "2015-05-11"), set()),
    "X02": (lambda three: three.said("STEADY", f"{ID}/Sex", "F"), set()),
    "X03": (lambda three: three.said("STEADY", f"{ID}/UPN", "A001000012345"), set()),
    "X04": (lambda three: three.said("STEADY", "ChildCharacteristics/Ethnicity", "WIRI"), set()),
    "X05": (lambda three: three.returned("Episodes", "LEFT", REC="E2"), set()),
    "X06": (lambda three: three.said("STEADY", f"{ID}/PersonDeathDate", "2026-03-01"), set()),
    "X07": (lambda three: three.census.pop("STEADY"), set()),
    "X08": (lambda three: three.said("GIRL", f"{C}/CINreferralDate", "2025-05-06"), {"X20"}),  # list 3 has its old day
    "X09": (lambda three: three.said("LEFT", f"{C}/ReasonForClosure", "RC1"), set()),
    "X10": (lambda three: three.said("ADOPT", f"{C}/ReasonForClosure", "RC7"), set()),
    "X11": (lambda three: three.said("LEFT", f"{C}/ReasonForClosure", "RC4"), set()),
    "X12": (lambda three: three.said("STEADY", f"{C}/CINclosureDate", "2025-12-01"), set()),
    "X13": (lambda three: three.returned("Episodes", "STEADY", CIN="N2"), set()),
    "X14": (lambda three: three.said("SEEK", f"{C}/Assessments//AssessmentFactors", "3B"), set()),
    "X15": (
        lambda three: three.adds(
            "STEADY", C, "<CINPlanDates><CINPlanStartDate>2022-01-01</CINPlanStartDate></CINPlanDates>"
        ),
        set(),
    ),
    "X20": (lambda three: three.listed("3", referral_date="11/04/2025"), set()),
    "X21": (lambda three: three.listed("4", start_date="13/04/2025"), set()),
    "X22": (lambda three: three.listed("5", start_date="16/04/2025"), set()),
    "X23": (lambda three: three.listed("7", start_date="21/04/2025"), set()),
    "X24": (lambda three: three.listed("7", end_date="06/05/2025"), set()),
    "X30": (lambda three: three.listed("8", start_date="06/05/2025"), set()),
    "X31": (lambda three: three.listed("8", 3, end_date="02/12/2025"), set()),
    "X32": (lambda three: three.listed("8", birth_date="21/06/2010"), set()),
    "X33": (lambda three: three.listed("8", missing_in_year="2"), set()),
    "X34": (lambda three: three.listed("8", uasc="a) Yes"), set()),
    "X35": (lambda three: three.listed("9", in_touch="NO"), set()),
    "X36": (lambda three: three.listed("10", decision_date="02/07/2023"), set()),
}


def test_returns_that_agree_pass_every_comparison(tmp_path: Path) -> None:
    assert Three().broken(tmp_path) == set()
    assert set(CHANGES) == set(BOOK.codes())
    assert len(CHANGES) >= 15


@pytest.mark.parametrize("code", CHANGES)
def test_one_change_breaks_the_comparison_and_no_other(code: str, tmp_path: Path) -> None:
    change, also = CHANGES[code]
    three = Three()
    change(three)
    assert three.broken(tmp_path) == {code} | also


def test_the_command_compares_two_returns_and_asks_for_two(tmp_path: Path) -> None:
    cin, care, _ = Three().written(tmp_path)
    said = CliRunner().invoke(main, ["check", "across", "--cin", str(cin), "--ssda903", str(care), "--year", "2026"])
    assert said.exit_code == 0, said.output
    assert "no table Annex A List 3 was given" in said.stdout
    assert CliRunner().invoke(main, ["check", "across", "--cin", str(cin)]).exit_code == 2
