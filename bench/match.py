"""One more record, one more file: `match.py TARGET PERSONS`, started by `bench/match`."""

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
LATE_ROWS = 10_000


def files_of(target, persons):
    """The files of a made-up country, without the histories; made once. Last the agency's file nearest to LATE_ROWS rows."""
    files = [path for path in made.files(target, persons) if not path.name.startswith("pusat-")]
    counts = {path: path.read_bytes().count(b"\n") for path in files if path.name.startswith("simpeg") and path.suffix == ".csv"}
    late = min(counts, key=lambda path: abs(counts[path] - LATE_ROWS))
    return [path for path in files if path != late] + [late]


def measured(target, persons):
    files = files_of(target, persons)
    db = WORK / "match.db"
    made.remove(db)
    load = os.getloadavg()[0]
    told = subprocess.run([target / "examples/adding", db, *files], stdout=subprocess.PIPE, check=True)
    result = json.loads(told.stdout) | {"persons": persons, "load_before": round(load, 1), "database_bytes": db.stat().st_size}
    made.remove(db)
    return result


def took(one):
    return f"{one['cpu_s']:.1f} s CPU, {one['wall_s']:.1f} s on the clock"


def asked(one):
    cpu = one["together"]["cpu_s"] / one["asked"] * 1e3
    return f"p50 {one['p50_ms']:.2f} ms, p99 {one['p99_ms']:.2f} ms, most {one['most_ms']:.1f} ms; {cpu:.2f} ms CPU"


LINES = {
    "load on the 2 cores when it began": lambda one: f"{one['load_before']:.0f}",
    "rows in the register": lambda one: f"{one['base']['records']:,}",
    "one record, each row of the file asked one after the other": lambda one: asked(one["match"]),
    "all of them once more": lambda one: asked(one["match_again"]),
    "link the file": lambda one: f"{one['match']['asked']:,} rows, {one['added']['records']:,} rows settled anew: {took(one['link_new'])}",
    "link everything by the same weights": lambda one: took(one["link_all_again"]),
    "what that run still had to say": lambda one: "nothing" if one["same"] else f"**{one['again']['moved']:,} rows**",
}


def table(results):
    sizes = sorted(results, key=int)
    rows = [[name, *(line(results[size]["result"]) for size in sizes)] for name, line in LINES.items()]
    return page.table(["", *(f"{int(size):,} persons" for size in sizes)], rows)


def main():
    out, persons = ROOT / "docs/benchmarks-match.json", sys.argv[2]
    results = json.loads(out.read_text())
    results[persons] = {"machine": machine([]), "result": measured(Path(sys.argv[1]), int(persons))}
    out.write_text(json.dumps(results, indent=1) + "\n")
    about = "\n".join(f"- {int(size):,} persons: {page.about(results[size])}" for size in sorted(results, key=int))
    page.put(ROOT / "docs/benchmarks.md", {"match-machine": about, "match": table(results)})
    print(table(results))


main()
