"""One more statement: `save.py TARGET`, started by `bench/save`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = ROOT / "bench/work"
BEFORE = [0, 1_000, 10_000, 100_000]


def measured(target):
    files = WORK / "country-100000-2026"
    if not (files / "truth.csv").exists():
        subprocess.run([target / "examples/generate", "100000", "2026", files], check=True, stdout=-3)
    db = WORK / "save.db"
    for old in WORK.glob("save.db*"):
        old.unlink()
    intake = [target / "satu", "intake", "--db", db, "--source", "pusat", "--source-kind", "central", files / "pusat.csv"]
    if subprocess.run(intake, stdout=-3, stderr=-3).returncode not in (0, 1):
        sys.exit("the file was not taken in")
    subprocess.run([target / "satu", "link", "--db", db], check=True, stdout=-3)
    load = os.getloadavg()[0]
    told = subprocess.run([target / "examples/saving", db, *map(str, BEFORE)], stdout=subprocess.PIPE, check=True)
    for old in WORK.glob("save.db*"):
        old.unlink()
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
