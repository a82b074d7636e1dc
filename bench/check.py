"""satu check beside DuckDB and pandera: `check.py TARGET`, started by `bench/check`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = ROOT / "bench/work"
ROWS = 1_000_000
# Each runs as often, in turn; the run that took least CPU counts.
RUNS = 3


def table_of_rows(target):
    """The first million rows of the central file of a made-up country; made once."""
    path = WORK / f"check-{ROWS}.csv"
    if not path.exists():
        folder = WORK / "check-country"
        subprocess.run([target / "examples/generate", "1100000", "7", folder], check=True, stdout=-3)
        with open(folder / "pusat.csv", "rb") as whole, open(path.with_suffix(".part"), "wb") as part:
            for _ in range(ROWS + 1):
                part.write(next(whole))
        subprocess.run(["rm", "-r", folder], check=True)
        path.with_suffix(".part").rename(path)
    return path


def measured(command):
    """Runs a command that may find faults: what it prints, CPU and clock seconds, peak memory."""
    notes = WORK / "check.time"
    timed = ["/usr/bin/time", "-q", "-f", "%U %S %e %M", "-o", notes, *command]
    told = subprocess.run([str(word) for word in timed], stdout=subprocess.PIPE)
    if told.returncode > 1:
        raise SystemExit(f"{command[0]} failed")
    user, system, wall, kilobytes = map(float, notes.read_text().split())
    took = {"cpu_s": round(user + system, 2), "wall_s": wall, "peak_mb": round(kilobytes / 1024)}
    return took, json.loads(told.stdout)


def compared(target):
    file = table_of_rows(target)
    scripts = {name: [sys.executable, ROOT / f"bench/check_{name}.py", file] for name in ["duckdb", "pandera"]}
    commands = {"satu": [target / "satu", "check", "--json", file]} | scripts
    runs = {name: [] for name in commands}
    load = os.getloadavg()[0]
    for _ in range(RUNS):
        for name, command in commands.items():
            runs[name].append(measured(command))
    result = {"load_before": round(load, 1)}
    ours = runs["satu"][0][1]["files"][0]
    for name, made in runs.items():
        took, told = min(made, key=lambda run: run[0]["cpu_s"])
        rules = {rule: count for rule, count in told.items() if rule.startswith("DU-")}
        result[name] = took | {"rows_per_core_s": round(ROWS / took["cpu_s"])}
        if rules:
            same = [rule for rule, count in rules.items() if count == ours["by_rule"].get(rule, 0)]
            result[name] |= {"rules": len(rules), "same": len(same), "other": sorted(set(rules) - set(same))}
    standard = subprocess.run([target / "satu", "standard", "--json"], stdout=subprocess.PIPE, check=True)
    of_kind = {rule for rule in re.findall(r'"(DU-\d+)"', standard.stdout.decode())}
    result["satu"] |= {"rules": len(of_kind), "findings": ours["errors"] + ours["warnings"]}
    return result


def table(result):
    rows = []
    for name, title in [("satu", "`satu check`"), ("duckdb", "DuckDB, one query"), ("pandera", "pandera on polars")]:
        one = result[name]
        same = "–" if name == "satu" else f"{one['same']} of {one['rules']}"
        rows.append([
            title, f"{one['rules']}", same, f"{one['cpu_s']:.1f}", f"{one['wall_s']:.1f}",
            f"{one['rows_per_core_s']:,}", f"{one['peak_mb']:,}",
        ])
    head = ["checker", "rules", "same count as satu", "CPU s", "clock s", "rows a second and core", "peak MB"]
    return page.table(head, rows)


def main():
    there = machine(["duckdb", "pandera", "polars"])
    result = compared(Path(sys.argv[1]))
    results = {"machine": there, "result": result}
    (ROOT / "docs/benchmarks-check.json").write_text(json.dumps(results, indent=1) + "\n")
    page.put(ROOT / "docs/benchmarks.md", {"check-machine": page.about(results), "check": table(result)})
    print(table(result))


main()
