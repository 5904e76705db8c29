"""An invented directory of postcodes and list of providers, for the rules that need them."""

from __future__ import annotations

from pathlib import Path

OURS, THEIRS, OTHERS = "E09000999", "E09000998", "E09000997"
# Each postcode: its authority, and its grid reference in metres.
POSTCODES = {
    "AA1 1AA": (OURS, "530000", "180000"),
    "AA1 1AB": (OURS, "531000", "181000"),
    "AA1 1AC": (OURS, "532000", "182000"),
    "AA1 1AD": (OURS, "533000", "183000"),
    "AA1 1AE": (OURS, "540000", "190000"),
    "BB1 1BB": (THEIRS, "531000", "181000"),  # where AA1 1AB is, and yet in another authority
    "CC1 1CC": (OTHERS, "531000", "181000"),
    "SC1 1SC": ("S12000999", "325000", "673000"),
    "ZZ1 1ZZ": (THEIRS, "530000", "780000"),  # some 370 miles away
    "ZZ2 2ZZ": (THEIRS, "530000", "9180000"),  # farther than England is long
    "NL1 1NL": ("", "531000", "181000"),  # no authority
    "NG1 1NG": (OURS, "", ""),  # no grid reference
}
# Each provider: kinds, placements, the day it closed, and where it is.
PROVIDERS = (
    ("1234567", "PR1", "U1;U2;U3;U4;U5;U6", "", "AA1 1AB"),
    ("7654321", "PR4", "K2", "", "AA1 1AC"),
    ("2222222", "PR4", "U1;U6", "", "AA1 1AC"),
    ("3333333", "PR4", "K2", "01/01/2025", "AA1 1AC"),
    ("4444444", "PR4", "K2", "01/12/2025", "AA1 1AC"),
    ("6666666", "PR2", "K2", "", "AA1 1AC"),
    ("7777777", "PR4", "K3", "", "AA1 1AC"),
)


def write_postcodes(path: Path) -> Path:
    """The directory, with the headings of the national one."""
    rows = [f"{post},{authority},E99999999,{east},{north}" for post, (authority, east, north) in POSTCODES.items()]
    path.write_text("\n".join(["pcds,oslaua,oscty,oseast1m,osnrth1m", *rows]) + "\n")
    return path


def write_providers(path: Path) -> Path:
    """The list, with the headings of the published one."""
    head = "URN,Provider Code,Provider Placement Code,Closed Date,Setting Postcode"
    path.write_text("\n".join([head, *(",".join(each) for each in PROVIDERS)]) + "\n")
    return path
