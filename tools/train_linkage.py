"""Trains the linkage on the training half of the labelled set, and writes m and u into its table."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))


from kith.analysis.linkage import same_person, settings
from kith.analysis.linkage.features import features
from kith.synthetic.labelled import labelled

SEED = 11  # the other half is drawn from another seed, and shares nobody
PEOPLE = 6000
LEAST = 0.0002  # no level is impossible: the labelled set is only a sample


def main() -> None:
    """Train, and write."""
    records = labelled(seed=SEED, people=PEOPLE)
    compared = features(records).join(records.select("truth", unique_id="person"), on="unique_id")
    linker = same_person.linker_for(compared, threads=1, label="truth")
    linker.training.estimate_u_using_random_sampling(max_pairs=4e6, seed=SEED)
    linker.training.estimate_m_from_label_column("truth")
    found = {}
    for comparison in linker._settings_obj.comparisons:
        levels = [each for each in comparison.comparison_levels if not each.is_null_level]
        found[comparison.output_column_name] = [_shares(each) for each in levels]
    settings.TABLE.write_text(_written(settings.TABLE.read_text(encoding="utf-8"), found), encoding="utf-8")
    for name, rows in found.items():
        print(name, rows)


def _shares(level: object) -> tuple[float, float]:
    def of(kind: str) -> float:
        try:
            value = float(getattr(level, f"{kind}_probability") or 0)
        except (TypeError, ValueError):
            value = 0.0
        return min(max(value, LEAST if kind == "m" else LEAST / 100), 0.9999)

    return of("m"), of("u")


def _written(text: str, found: dict[str, list[tuple[float, float]]]) -> str:
    """The table with each level's m and u after its own lines."""
    text = re.sub(r"^(m|u) = .*\n", "", text, flags=re.MULTILINE)
    blocks = re.split(r"(?=^\[\[comparisons(?:\.levels)?\]\]$)", text, flags=re.MULTILINE)
    name, place, made = "", 0, []
    for block in blocks:
        if block.startswith("[[comparisons]]"):
            name, place = re.search(r'name = "(\w+)"', block)[1], 0
        elif block.startswith("[[comparisons.levels]]"):
            m, u = found[name][place]
            place += 1
            block = f"{block.rstrip()}\nm = {m:.6f}\nu = {u:.6f}\n" + ("\n" if block.endswith("\n\n") else "")
        made.append(block)
    return "".join(made)


if __name__ == "__main__":
    main()
