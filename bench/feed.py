"""The change feed and the comparison: `feed.py TARGET`, started by `bench/feed`."""

import base64
import http.client
import json
import os
import re
import subprocess
import sys
import time
import urllib.parse
from pathlib import Path

import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = ROOT / "bench/work"
PERSONS = int(os.environ.get("PERSONS", 200_000))
ROWS = 100_000
RUNS = 3
AGENCY = "Pemerintah Kota Contoh"
# Changes of a page.
PAGE = 5_000


def register(satu):
    """A register of a made-up country, and an agency that speaks of 100,000 of its persons; made once."""
    db = WORK / f"feed-{PERSONS}.db"
    extract = WORK / f"feed-{PERSONS}.csv"
    if not extract.exists():
        for old in WORK.glob(f"feed-{PERSONS}.db*"):
            old.unlink()
        subprocess.run([satu, "demo", "--persons", str(PERSONS), "--no-serve", "--json", "--db", db], check=True, stdout=-3, stderr=-3)
        folder = WORK / "feed-export"
        subprocess.run(["rm", "-rf", folder], check=True)
        subprocess.run([satu, "export", folder, "--format", "csv", "--db", db], check=True, stdout=-3)
        made(folder / "golden_records.csv", WORK / "feed-part.csv")
        subprocess.run(["rm", "-rf", folder], check=True)
        intake = ["intake", "--source", "contoh", "--instansi", AGENCY, "--db", db, WORK / "feed-part.csv"]
        subprocess.run([satu, *intake], stdout=-3)
        subprocess.run([satu, "link", "--db", db], check=True, stdout=-3)
        altered(WORK / "feed-part.csv", extract)
    return db, extract


def made(golden, to):
    """The first rows of golden records as an extract."""
    import csv

    with open(golden, newline="") as source, open(to, "w", newline="") as out:
        rows = csv.DictReader(source)
        names = [name for name in rows.fieldnames if name not in ("person_id", "conflicts")]
        written = csv.DictWriter(out, names, extrasaction="ignore")
        written.writeheader()
        for number, row in enumerate(rows):
            if number == ROWS:
                break
            written.writerow(row)


def altered(source, to):
    """The same, with another rank in each fiftieth row and another telephone number in each thirtieth."""
    import csv

    with open(source, newline="") as lines, open(to.with_suffix(".part"), "w", newline="") as out:
        rows = csv.DictReader(lines)
        written = csv.DictWriter(out, rows.fieldnames)
        written.writeheader()
        for number, row in enumerate(rows):
            if number % 50 == 0:
                row["golongan"] = "IV/e"
            if number % 30 == 0:
                row["nomor_hp"] = f"0811{number:08}"
            written.writerow(row)
    to.with_suffix(".part").rename(to)


def timed(command):
    """Runs a command that may find differences: CPU and clock seconds, peak memory."""
    notes = WORK / "feed.time"
    told = subprocess.run(["/usr/bin/time", "-q", "-f", "%U %S %e %M", "-o", notes, *command], stdout=-3)
    if told.returncode > 1:
        raise SystemExit(f"{command} failed")
    user, system, wall, kilobytes = map(float, notes.read_text().split())
    return {"cpu_s": round(user + system, 2), "wall_s": wall, "peak_mb": round(kilobytes / 1024)}


class Register:
    """A register that is served."""

    def __init__(self, satu, db):
        arguments = [satu, "serve", "--db", db, "--listen", "127.0.0.1:0"]
        self.server = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
        for line in self.server.stderr:
            if found := re.match(r"http://(\S+)", line):
                self.host = found[1]
                break

    def program(self, satu, db, *whose):
        """A token of a new program."""
        rights = ["--rights", "changes.read people.read"]
        add = [satu, "client", "add", "--db", db, "--name", "bench", *whose, *rights]
        key, secret = subprocess.run(add, check=True, stdout=-1, text=True).stdout.split()
        basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
        line = http.client.HTTPConnection(self.host)
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/x-www-form-urlencoded"}
        line.request("POST", "/oauth2/token", "grant_type=client_credentials", headers)
        return json.loads(line.getresponse().read())["access_token"]

    def cpu(self):
        """CPU seconds that the server has used."""
        fields = Path(f"/proc/{self.server.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def peak(self):
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{self.server.pid}/status").read_text())[1]) // 1024

    def followed(self, token, values):
        """Reads all changes from the beginning, page by page on one connection."""
        line = http.client.HTTPConnection(self.host)
        cursor, events, size, before, began = "0", 0, 0, self.cpu(), time.monotonic()
        worst = 0.0
        while True:
            query = urllib.parse.urlencode({"after": cursor, "limit": PAGE, "values": values})
            asked = time.monotonic()
            line.request("GET", f"/api/v1/changes?{query}", headers={"Authorization": f"Bearer {token}"})
            body = line.getresponse().read()
            worst = max(worst, time.monotonic() - asked)
            size += len(body)
            # The end of a page says how it goes on; a reader that parses all of it measures itself.
            cursor, more = re.search(rb'"cursor":"([^"]+)","more":(true|false)\}$', body).groups()
            cursor = cursor.decode()
            events += body.count(b'{"id":"')
            if more == b"false":
                break
        wall, cpu = time.monotonic() - began, self.cpu() - before
        return {
            "events": events, "wall_s": round(wall, 2), "server_cpu_s": round(cpu, 2), "mb": round(size / 1e6),
            "slowest_page_ms": round(worst * 1000), "per_s": round(events / wall), "per_cpu_s": round(events / max(cpu, 0.01)),
        }


def compared(target):
    satu = target / "satu"
    db, extract = register(satu)
    load = os.getloadavg()[0]
    result = {"persons": PERSONS, "load_before": round(load, 1)}
    served = Register(satu, db)
    try:
        whole = served.program(satu, db, "--walidata")
        agency = served.program(satu, db, "--instansi", AGENCY)
        for name, token, values in [
            ("whole", whole, "false"), ("whole_values", whole, "true"), ("agency", agency, "false"), ("agency_values", agency, "true"),
        ]:
            runs = [served.followed(token, values) for _ in range(RUNS)]
            result[name] = min(runs, key=lambda run: run["wall_s"])
        result["server_peak_mb"] = served.peak()
    finally:
        served.server.kill()
    command = [satu, "reconcile", extract, "--instansi", AGENCY, "--db", db, "--json"]
    reports = {"counts": [], "csv": ["--report", WORK / "feed-report.csv"], "xlsx": ["--report", WORK / "feed-report.xlsx"]}
    for name, report in reports.items():
        runs = [timed([*command, *report]) for _ in range(RUNS)]
        result[f"reconcile_{name}"] = min(runs, key=lambda run: run["cpu_s"])
    told = subprocess.run([str(word) for word in command], stdout=-1)
    result["reconciled"] = json.loads(told.stdout)["counts"]
    return result


def feed_table(result):
    titles = {
        "whole": "everyone", "whole_values": "everyone, with golden values",
        "agency": f"one agency ({AGENCY})", "agency_values": "the same, with golden values",
    }
    rows = [
        [title, f"{one['events']:,}", f"{one['wall_s']:.1f}", f"{one['server_cpu_s']:.1f}", f"{one['per_s']:,}", f"{one['slowest_page_ms']}", f"{one['mb']:,}"]
        for name, title in titles.items() for one in [result[name]]
    ]
    return page.table(["reader", "events", "clock s", "CPU s of the server", "events a second", "slowest page ms", "MB"], rows)


def reconcile_table(result):
    titles = {"counts": "counts alone", "csv": "with a CSV report", "xlsx": "with an XLSX report"}
    rows = [
        [title, f"{one['cpu_s']:.1f}", f"{one['wall_s']:.1f}", f"{one['peak_mb']:,}"]
        for name, title in titles.items() for one in [result[f"reconcile_{name}"]]
    ]
    return page.table(["`satu reconcile`", "CPU s", "clock s", "peak MB"], rows)


def main():
    WORK.mkdir(exist_ok=True)
    result = {"machine": machine([])} | compared(Path(sys.argv[1]))
    (ROOT / "docs/benchmarks-feed.json").write_text(json.dumps(result, indent=1) + "\n")
    tables = {"feed-machine": page.about(result), "feed": feed_table(result), "reconcile": reconcile_table(result)}
    page.put(ROOT / "docs/benchmarks.md", tables)
    print(feed_table(result))
    print(reconcile_table(result))


main()
