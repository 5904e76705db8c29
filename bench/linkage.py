"""How long the linkage takes over a million people and how much memory; and how often it is right, twins included.

python -m bench.linkage                    a million people, and the labelled set it was not trained on
python -m bench.linkage --people 100000
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import resource
import time
from datetime import date
from pathlib import Path

import polars as pl

from kith.analysis.linkage import same_person
from kith.synthetic.labelled import labelled, true_pairs, twin_pairs

ROOT = Path(__file__).resolve().parent.parent
RESULT = ROOT / "bench" / "results" / "linkage.json"
SEEDS = (12, 27, 41)  # tools/train_linkage.py trained on another
OF_EACH = 6000
COPIES = 50_000  # people made by hand; the million is these with their names kept and their days moved
SHARE_WRITTEN_TWICE = 0.4  # of the labelled set


def main() -> int:
    """Measure, write the result down, and say whether the gates hold."""
    parser = argparse.ArgumentParser(prog="bench.linkage", description=__doc__)
    parser.add_argument("--people", type=int, default=1_000_000)
    asked = parser.parse_args()
    found = {
        "day": f"{date.today()}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load": round(os.getloadavg()[0], 1),
        "right": [right(seed) for seed in SEEDS],
        "large": large(asked.people),
    }
    RESULT.write_text(json.dumps(found, indent=1) + "\n")
    print(json.dumps(found, indent=1))
    return 0 if all(each["f1"] >= 0.95 and not each["twins_shown"] for each in found["right"]) else 1


def right(seed: int) -> dict[str, object]:
    """Precision, recall and F1 on a labelled set, and how many pairs of twins were shown as one."""
    records = labelled(seed=seed, people=OF_EACH)
    pairs = set(same_person.likely(records).select("one", "other").iter_rows())
    true, twins = true_pairs(records), twin_pairs(records)
    good = len(pairs & true)
    return {
        "seed": seed,
        "records": records.height,
        "true_pairs": len(true),
        "twin_pairs": len(twins),
        "precision": round(good / len(pairs), 4),
        "recall": round(good / len(true), 4),
        "f1": round(2 * good / (len(pairs) + len(true)), 4),
        "twins_shown": len(pairs & twins),
    }


def large(people: int) -> dict[str, object]:
    """So many records at once: copies of a labelled set, each a year and a street of its own further on."""
    once = labelled(seed=SEEDS[0], people=COPIES)
    rounds = -(-people // once.height)
    records = pl.concat([_moved(once, number) for number in range(rounds)]).head(people)
    began, cpu = time.perf_counter(), time.process_time()
    found = same_person.likely(records).height
    return {
        "records": records.height,
        "pairs_found": found,
        "seconds": round(time.perf_counter() - began, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "peak_gb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2),
    }


def _moved(once: pl.DataFrame, number: int) -> pl.DataFrame:
    days = pl.duration(days=number * 367)
    return once.with_columns(
        person=pl.col("person") + number * once.height,
        born_on=pl.col("born_on") - days,
        numbers=pl.col("numbers").list.eval(pl.element() + pl.lit(f"/{number}")),
        homes=pl.col("homes").list.eval(pl.element() + pl.lit(f"{number}")),
    )


if __name__ == "__main__":
    raise SystemExit(main())
