"""One more record, one more file: `match.py TARGET PERSONS`, started by `bench/match`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = ROOT / "bench/work"
LATE_ROWS = 10_000


def files_of(target, persons):
    """The files of a made-up country, without the histories; made once. Last the agency's file nearest to LATE_ROWS rows."""
    folder = WORK / f"country-{persons}-2026"
    if not (folder / "truth.csv").exists():
        subprocess.run([target / "examples/generate", str(persons), "2026", folder], check=True, stdout=-3)
    files = sorted(path for path in folder.iterdir() if path.name != "truth.csv" and not path.name.startswith("pusat-"))
    counts = {path: path.read_bytes().count(b"\n") for path in files if path.name.startswith("simpeg") and path.suffix == ".csv"}
    late = min(counts, key=lambda path: abs(counts[path] - LATE_ROWS))
    return [path for path in files if path != late] + [late]


def measured(target, persons):
    files = files_of(target, persons)
    db = WORK / "match.db"
    for old in WORK.glob("match.db*"):
        old.unlink()
    load = os.getloadavg()[0]
    told = subprocess.run([target / "examples/adding", db, *files], stdout=subprocess.PIPE, check=True)
    result = json.loads(told.stdout) | {"persons": persons, "load_before": round(load, 1), "database_bytes": db.stat().st_size}
    for old in WORK.glob("match.db*"):
        old.unlink()
    return result


def table(one):
    asked, added = one["match"], one["added"]
    def took(name):
        return f"{one[name]['cpu_s']:.1f} s CPU, {one[name]['wall_s']:.1f} s on the clock"

    rows = [
        ["load on the 2 cores when it began", f"{one['load_before']:.0f}"],
        [f"one record, {asked['asked']:,} asked one after the other", f"p50 {asked['p50_ms']:.2f} ms, p99 {asked['p99_ms']:.2f} ms, most {asked['most_ms']:.1f} ms; {asked['together']['cpu_s'] / asked['asked'] * 1e3:.2f} ms CPU each"],
        [f"link one more file: {asked['asked']:,} rows, {added['records']:,} rows settled anew", took("link_new")],
        [f"link all {one['again']['records']:,} rows by the same weights", took("link_all_again")],
        ["what that run still had to say", "nothing" if one["same"] else f"**{one['again']['moved']:,} rows**"],
    ]
    return page.table(["", "seen"], rows)


def main():
    there = machine([])
    results = {"machine": there, "result": measured(Path(sys.argv[1]), int(sys.argv[2]))}
    (ROOT / "docs/benchmarks-match.json").write_text(json.dumps(results, indent=1) + "\n")
    page.put(ROOT / "docs/benchmarks.md", {"match-machine": page.about(results), "match": table(results["result"])})
    print(table(results["result"]))


main()
