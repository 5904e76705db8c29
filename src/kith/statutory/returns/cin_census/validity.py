"""Whether a census file has the form of its year: what lies where, how often, and of what kind."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from kith.statutory.returns.cin_census.layout import ROOT
from kith.statutory.returns.xml_files import free, root_of

FORMS = Path(__file__).parent / "schema"
_NAMED = re.compile(r"^Element '(?:\{[^}]*\})?(\w+)'")
_VALUE = ("DATATYPE", "FACET", "PATTERN", "ENUMERATION", "LENGTH")


def faults_of_form(path: Path, *, year: int, most: int = 20) -> tuple[str, ...]:
    """Where the file is not as the census of `year` has it, by line and element, `most` at most; none if sound.

    What a faulty element holds is not said: it may be about a child. `year` is from 2017 on. Raises RefusedFile where
    the file declares a document type, and OSError.
    """
    root_of(path)  # refuses what declares entities; the parser must not be told to leave them, or it loses its errors
    form = _form(year)
    try:
        if _holds(path, form):
            return ()
        # The parser that goes through in little memory does not say where: only a faulty file is read whole.
        form.validate(etree.parse(path))
    except etree.XMLSyntaxError as fault:
        return (f"line {fault.lineno or 1}: the XML is not sound.",)
    log: Any = form.error_log
    return tuple(dict.fromkeys(_said(each) for each in log))[:most]


def _holds(path: Path, form: etree.XMLSchema) -> bool:
    walk = etree.iterparse(path, events=("end",), tag=("Child", ROOT), schema=form)
    try:
        for _, element in walk:
            free(element)
    except etree.XMLSyntaxError:
        return False
    return True


@cache
def _form(year: int) -> etree.XMLSchema:
    """The form in force in a year: the latest that had begun."""
    begun = max(int(path.stem) for path in FORMS.glob("2*.xsd") if int(path.stem) <= year)
    return etree.XMLSchema(etree.parse(FORMS / f"{begun}.xsd"))


def _said(fault: etree._LogEntry) -> str:
    named = _NAMED.match(fault.message)
    what = named.group(1) if named else "something"
    if any(sign in fault.type_name for sign in _VALUE):
        return f"line {fault.line}: {what} does not hold what the census allows there."
    return f"line {fault.line}: {what} is out of its place, or something is missing beside it."
