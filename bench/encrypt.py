"""What sealing costs: `encrypt.py TARGET BEFORE PERSONS RUNS`, started by `bench/encrypt`."""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from pathlib import Path

import made
import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = made.WORK
KINDS = {"pusat": "central", "gaji": "payroll"}


def spent(commands):
    """Runs commands one after the other, none of which may fail (1: rows were rejected): CPU and clock seconds."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    for command in commands:
        done = subprocess.run([*map(str, command)], stdout=-3, stderr=-3)
        if done.returncode not in (0, 1):
            sys.exit(f"{command} ended with {done.returncode}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"cpu_s": cpu, "wall_s": time.monotonic() - began}


def road(satu, files):
    """Everything taken in and linked in a fresh SQLite file."""
    db = WORK / "encrypt.db"
    made.remove(db)

    def intake(path):
        kind = KINDS.get(path.stem, "agency")
        return [satu, "intake", "--db", db, "--source", path.stem, "--source-kind", kind, path]

    taken = spent(intake(path) for path in files)
    linked = spent([[satu, "link", "--db", db]])
    return {"intake": taken, "link": linked, "database_bytes": db.stat().st_size}


def median(runs, part, unit):
    return statistics.median(run[part][unit] for run in runs)


def table(result):
    rows = []
    for part, title in [("intake", "intake"), ("link", "link, golden records, search")]:
        for unit, name in [("cpu_s", "CPU s"), ("wall_s", "clock s")]:
            before, now = (median(result[side], part, unit) for side in ("before", "now"))
            ratios = [b[part][unit] / a[part][unit] for a, b in zip(result["before"], result["now"])]
            spread = f"{min(ratios) - 1:+.1%} to {max(ratios) - 1:+.1%}"
            rows.append([f"{title}, {name}", f"{before:.1f}", f"{now:.1f}", f"{now / before - 1:+.1%}", spread])
    before, now = (result[side][0]["database_bytes"] / 1e6 for side in ("before", "now"))
    rows.append(["database, MB", f"{before:,.0f}", f"{now:,.0f}", f"{now / before - 1:+.1%}", "–"])
    return page.table(["median of the runs", "plain", "sealed", "cost", "cost in single runs"], rows)


def main():
    target, before, persons, runs = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    os.environ["SATU_KEY_FILE"] = str(WORK / "encrypt.key")
    there = machine([])
    files = made.files(target, persons)
    result = {"persons": persons, "files": len(files), "bytes": sum(path.stat().st_size for path in files)}
    result |= {"load_before": os.getloadavg()[0], "before": [], "now": []}
    for run in range(runs):
        # Each comes first as often as the other.
        sides = [("before", before), ("now", target / "satu")]
        for side, satu in sides if run % 2 == 0 else sides[::-1]:
            result[side].append(road(satu, files))
            print(run, side, result[side][-1], flush=True)
    made.remove(db)
    results = {"machine": there, "result": result}
    (ROOT / "docs/benchmarks-encrypt.json").write_text(json.dumps(results, indent=1) + "\n")
    page.put(ROOT / "docs/benchmarks.md", {"encrypt-machine": page.about(results), "encrypt": table(result)})
    print(table(result))


main()
