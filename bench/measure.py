"""Running, measuring and judging: what every benchmark here needs."""

import os
import subprocess
from pathlib import Path

import duckdb
import numpy
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

WORK = Path(__file__).parent / "work"


def measured(command, output):
    """Runs a command to its end: CPU and clock seconds, peak memory, and how busy the machine was."""
    load = os.getloadavg()[0]
    notes = Path(str(output) + ".time")
    with open(output, "w") as told:
        subprocess.run(
            ["/usr/bin/time", "-f", "%U %S %e %M", "-o", notes, *map(str, command)], stdout=told, check=True
        )
    user, system, wall, kilobytes = map(float, notes.read_text().split())
    return {
        "cpu_s": round(user + system, 2),
        "wall_s": wall,
        "peak_mb": round(kilobytes / 1024),
        "load_before": round(load, 1),
    }


def judged(right, linked, wanted):
    """Pairwise precision, recall, F1; errors are wrong pairs and missed ones."""
    return {
        "precision": right / linked if linked else 1.0,
        "recall": right / wanted,
        "f1": 2 * right / (linked + wanted),
        "errors": int(linked + wanted - 2 * right),
    }


PAIRS = "select coalesce(sum(n * (n - 1) / 2), 0)::bigint from (select count(*) n from {} group by {})"


class Truth:
    """Who stands behind each row, and what was done to it."""

    def __init__(self, path):
        self.con = duckdb.connect()
        self.con.execute("set preserve_insertion_order = false")
        self.con.execute(
            "create table truth as select * from read_csv(?, all_varchar = true)", [str(path)]
        )
        self.wanted = self.ask(PAIRS.format("truth", "person"))
        self.rows = self.ask("select count(*) from truth")

    def ask(self, query):
        return self.con.execute(query).fetchone()[0]

    def load(self, clusters):
        self.con.execute(
            "create or replace table told as select row_id, person, fault, cluster_id as cl"
            " from truth join read_csv(?, all_varchar = true) using (row_id)",
            [str(clusters)],
        )

    def worth(self, clusters):
        self.load(clusters)
        right = self.ask(PAIRS.format("told", "person, cl"))
        return judged(right, self.ask(PAIRS.format("told", "cl")), self.wanted)

    def sweep(self, pairs, weights, keep):
        """Connected components of the pairs at or above each weight; the best one's clusters go to `keep`."""
        self.con.execute("create or replace table numbered as select *, row_number() over () - 1 as place from truth")
        frame = self.con.execute(
            "select x.place a, y.place b, match_weight w from read_parquet(?) p"
            " join numbered x on p.a = x.row_id join numbered y on p.b = y.row_id",
            [str(pairs)],
        ).fetchnumpy()
        people = self.con.execute("select row_id, person from numbered order by place").fetchnumpy()
        _, person = numpy.unique(people["person"], return_inverse=True)
        found = []
        for weight in weights:
            kept = frame["w"] >= weight
            ones = numpy.ones(int(kept.sum()), dtype=numpy.int8)
            graph = coo_matrix((ones, (frame["a"][kept], frame["b"][kept])), shape=(self.rows, self.rows))
            clusters = connected_components(graph, directed=False)[1].astype(numpy.int64)
            linked = pairs_of(clusters)
            right = pairs_of(clusters * (person.max() + 1) + person)
            found.append({"weight": weight, **judged(right, linked, self.wanted)})
            if found[-1]["f1"] == max(one["f1"] for one in found):
                lines = (f"{row},{cluster}\n" for row, cluster in zip(people["row_id"], clusters))
                Path(keep).write_text("row_id,cluster_id\n" + "".join(lines))
        return found


def pairs_of(labels):
    counts = numpy.unique(labels, return_counts=True)[1].astype(numpy.int64)
    return int((counts * (counts - 1) // 2).sum())
