"""What is sent today: the records that are new, changed or no longer there, in arrays as long as the service takes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import fastjsonschema

from kith.statutory.returns.api_payload.payloads import Payload, payloads
from kith.statutory.returns.ssd.dataset import Dataset
from kith.vocabulary.errors import KithError

SCHEMA = Path(__file__).with_name("schema.json")
AT_ONCE = 100  # records in one array
SENT, KEPT_OUT = "sent.json", "kept-out.json"
_OURS = ("la_child_id", "mis_child_id")  # ids of systems: another id alone is no news


@dataclass(frozen=True)
class Sending:
    """What is to be sent, what was kept out and why, and what will have been sent: each child's digest."""

    records: tuple[Payload, ...]
    kept_out: tuple[Mapping[str, str], ...]
    sent: Mapping[str, str]


def sending(dataset: Dataset, *, on: date, last: Mapping[str, str], child: str = "") -> Sending:
    """What is to be sent on a day, given what was sent last: a digest by child.

    New and changed records are sent whole; of a child who is no longer among those sent it is said that the record is
    withdrawn. A record that the service would reject is kept out, and stays as it was sent last.
    """
    records, kept_out, sent = list[Payload](), list[Mapping[str, str]](), dict[str, str]()
    for each in payloads(dataset, on=on, child=child):
        key, digest = each["la_child_id"], digest_of(each)
        why = fault_of(each)
        if why:
            kept_out.append({"la_child_id": key, "why": why})
        sent |= {key: digest} if not why else {key: last[key]} if key in last else {}
        if not why and last.get(key) != digest:
            records.append(each)
    gone = sorted(set(last) - set(sent)) if not child else []
    records += [{"la_child_id": key, "purge": True} for key in gone]
    return Sending(tuple(records), tuple(kept_out), sent)


def digest_of(payload: Payload) -> str:
    """The SHA-256 of what a record says, without the ids that systems gave the child."""
    said = {name: value for name, value in payload.items() if name not in _OURS}
    return hashlib.sha256(json.dumps(said, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def fault_of(payload: Payload) -> str:
    """Why the service would reject a record: the first thing that its schema does not allow; empty where it is sound.

    No value is repeated, so that it may be shown: only where it is and what must hold there.
    """
    try:
        _check()(payload)
    except fastjsonschema.JsonSchemaValueException as fault:
        where = ".".join(str(each) for each in fault.path[1:])
        return (
            f"{where}: {fault.rule} is {json.dumps(fault.rule_definition)}" if where else f"{fault.rule} does not hold"
        )
    return ""


@cache
def _check() -> Any:
    return fastjsonschema.compile(json.loads(SCHEMA.read_text("utf-8")))


def last_sent(folder: Path | None) -> Mapping[str, str]:
    """What a folder that was built before says was sent; nothing, where none is named. Raises KithError."""
    if folder is None:
        return {}
    try:
        told = json.loads((folder / SENT).read_text("utf-8"))
        return {str(child): str(digest) for child, digest in told.items()}
    except (OSError, ValueError, AttributeError) as error:
        raise KithError(
            f"{folder.name} does not say what was sent.", mend="Name the folder built last time."
        ) from error


def write(found: Sending, to: Path, *, whole: bool = True) -> tuple[Path, ...]:
    """Arrays of a hundred records, what was kept out, and (of everybody, `whole`) what will have been sent."""
    to.mkdir(parents=True, exist_ok=True)
    files = {f"children-{number:04d}.json": part for number, part in enumerate(_parts(found.records), 1)}
    more = {KEPT_OUT: found.kept_out} if found.kept_out else {}
    state = {SENT: found.sent} if whole else {}
    return tuple(_written(to / name, what) for name, what in {**files, **more, **state}.items())


def _parts(records: Sequence[Payload]) -> Iterator[Sequence[Payload]]:
    return (records[at : at + AT_ONCE] for at in range(0, len(records), AT_ONCE))


def _written(path: Path, what: Any) -> Path:
    path.write_text(json.dumps(what, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return path
