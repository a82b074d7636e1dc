"""One more statement: `save.py TARGET`, started by `bench/save`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import made
import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = made.WORK
BEFORE = [0, 1_000, 10_000, 100_000]


def measured(target):
    db = WORK / "save.db"
    made.register(target, 100_000, db)
    load = os.getloadavg()[0]
    told = subprocess.run([target / "examples/saving", db, *map(str, BEFORE)], stdout=subprocess.PIPE, check=True)
    made.remove(db)
    return {"load_before": round(load, 1), "steps": json.loads(told.stdout)}


def table(result):
    rows = [[f"{step['before']:,}", f"{step['state_ms']:.2f}", f"{step['read_ms']:.2f}"] for step in result["steps"]]
    return page.table(["statements sent before", "send one more, ms", "read its person, ms"], rows)


def main():
    results = {"machine": machine([]), "result": measured(Path(sys.argv[1]))}
    (ROOT / "docs/benchmarks-save.json").write_text(json.dumps(results, indent=1) + "\n")
    page.put(ROOT / "docs/benchmarks.md", {"save-machine": page.about(results), "save": table(results["result"])})
    print(table(results["result"]))


main()
