"""The tables of docs/benchmarks.md, written from docs/benchmarks.json between their marks."""

import math
import re


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * (len(head) - 1) + "|"]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows])


def about(part):
    machine = part["machine"]
    versions = ", ".join(f"{name} {number}" for name, number in machine["versions"].items())
    return (
        f"{machine['date']}, commit `{machine['commit']}`; {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_gb']} GB; {machine['system']}; {versions}."
    )


def share(value, digits=5):
    return "–" if value is None else f"{value:.{digits}f}"


def side_by_side(result):
    rows = []
    for name, title in [("asn", "civil servants"), ("febrl3", "FEBRL 3"), ("febrl4", "FEBRL 4")]:
        one = result[name]
        satu, rival = one["satu"], one["splink"]
        title = f"{title}, {one['rows']:,} rows"
        took = [f"{satu['cpu_s']:.1f}", f"{satu['wall_s']:.1f}", f"{satu['peak_mb']:,}"]
        worth = lambda w: [share(w["precision"]), share(w["recall"]), share(w["f1"]), f"{w['errors']:,}"]
        rows.append([title, "satu, its default", *took, *worth(satu)])
        for rival, label in [(rival, "Splink"), (one.get("splink_quick"), "Splink, fewer random pairs")]:
            if rival:
                took = [f"{rival['cpu_s']:.1f}", f"{rival['wall_s']:.1f}", f"{rival['peak_mb']:,}"]
                rows.append(["", f"{label}, at 0.95", *took, *worth(rival["at_0.95"])])
                best = rival["best"]
                rows.append(["", f"{label}, at its best ({best['weight']:g} bits)", *["same"] * 3, *worth(best)])
    head = ["data", "linker", "CPU s", "clock s", "peak MB", "precision", "recall", "F1", "wrong + missed pairs"]
    return table(head, rows)


def ratios(result):
    satu, rival = result["asn"]["satu"], result["asn"]["splink"]
    quick = result["asn"].get("splink_quick", rival)
    best = min(rival["best"]["errors"], quick["best"]["errors"])
    rows = [
        ["CPU time, of Splink's", "1/20", f"1/{rival['cpu_s'] / satu['cpu_s']:.1f}", satu["cpu_s"] * 20 <= rival["cpu_s"]],
        ["the same, fewer random pairs", "1/20", f"1/{quick['cpu_s'] / satu['cpu_s']:.1f}", satu["cpu_s"] * 20 <= quick["cpu_s"]],
        ["peak memory, of Splink's", "1/2", f"1/{rival['peak_mb'] / satu['peak_mb']:.1f}", satu["peak_mb"] * 2 <= rival["peak_mb"]],
        ["F1 at the default threshold", "0.997", share(satu["f1"]), satu["f1"] >= 0.997],
        ["errors, of Splink's best", "1/2", f"1/{best / max(satu['errors'], 1):.1f}", satu["errors"] * 2 <= best],
    ]
    for name in ["febrl3", "febrl4"]:
        ours, theirs = result[name]["satu"]["f1"], result[name]["splink"]["best"]["f1"]
        rows.append([f"F1 on {name.upper()}, Splink's best", share(theirs), share(ours), ours >= theirs])
    return table(["goal", "asked", "seen", "met"], [[*row[:3], "yes" if row[3] else "**no**"] for row in rows])


def by_fault(result):
    accuracy = result["accuracy"]
    theirs = {row["fault"]: row for row in accuracy["splink_best"]["by_fault"]}
    rows = []
    for row in accuracy["satu"]["by_fault"]:
        other = theirs.get(row["fault"])
        rows.append(
            [f"`{row['fault']}`", f"{row['pairs']:,}", f"{row['missed']:,}", f"{row['wrong']:,}", share(row["recall"]),
             share(row["precision"]), share(other["recall"]), share(other["precision"])]
        )
    head = ["fault", "true pairs", "missed", "wrong", "recall", "precision", "Splink's recall", "Splink's precision"]
    return table(head, rows)


def merged(result):
    names = {
        "twin": "twins (same day, mother, place, agency; neighbouring NIP)",
        "namesake": "same name and birth date",
        "nip_reused": "a row that bears another's NIP",
    }
    rows = []
    for kind, title in names.items():
        ours = result["accuracy"]["satu"]["merged"][kind]
        theirs = result["accuracy"]["splink_best"]["merged"][kind]
        rows.append([title, f"{ours['persons']:,}", f"{ours['merged']:,}", f"{theirs['merged']:,}"])
    return table(["kind", "persons", "merged by satu", "merged by Splink at its best"], rows)


def reliability(result):
    rows = [
        [f"{b['from']:g} to {b['to']:g}", f"{b['pairs']:,}", share(b["predicted"], 4), share(b["observed"], 4),
         f"{b['open']:,}", share(b["open_predicted"], 4), share(b["open_observed"], 4)]
        for b in result["accuracy"]["reliability"]
    ]
    head = ["probability", "all pairs", "predicted", "observed", "not barred", "predicted", "observed"]
    return table(head, rows)


def thresholds(result):
    rows = [
        [f"{t['link_at']:g}", share(t["precision"]), share(t["recall"]), share(t["f1"]), f"{t['errors']:,}", f"{t['review']:,}"]
        for t in result["accuracy"]["thresholds"]
    ]
    return table(["`link_at`", "precision", "recall", "F1", "wrong + missed pairs", "pairs for review"], rows)


def sizes(results):
    whole = [results["nation"]["result"]] if "nation" in results else []
    return results["growth"]["result"] + whole


def growth(results):
    rows = []
    for one in sizes(results):
        million = one["rows"] / 1e6
        rows.append(
            [f"{one['persons']:,}", f"{one['rows']:,}", f"{one['cpu_s']:.1f}", f"{one['cpu_s'] / million:.1f}",
             f"{one['wall_s']:.1f}", f"{one['load_before']:.0f}", f"{one['peak_mb']:,}", f"{one['peak_mb'] / million:.0f}",
             f"{one['pairs_compared']:,}", share(one["f1"])]
        )
    head = ["persons", "rows", "CPU s", "CPU s per million rows", "clock s", "load", "peak MB",
            "MB per million rows", "pairs compared", "F1"]
    return table(head, rows)


def stages(results):
    rows = []
    for one in sizes(results):
        seconds = one["seconds"]
        total = sum(seconds.values())
        rate = one["pairs_compared"] / max(seconds["score"], 1e-3) / 1e6
        shares = [f"{seconds[name]:.1f} ({seconds[name] / total:.0%})" for name in seconds]
        rows.append([f"{one['persons']:,}", *shares, f"{one['bytes'] / seconds['read'] / 1e6:.0f}", f"{rate:.1f}"])
    head = ["persons", "read, standardise, number", "block", "learn", "compare and weigh", "cluster", "MB read a second",
            "million pairs a second"]
    return table(head, rows)


def picture(results):
    """CPU seconds and peak memory by rows, both axes in powers of ten: tenfold for tenfold is linear."""
    points = sizes(results)
    left, top, width, height = 60, 20, 520, 240
    across = lambda rows: left + (math.log10(rows) - 4) / 3.5 * width
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width + 120} {height + 70}" role="img" font-family="sans-serif"'
        ' font-size="12" fill="#222"><title>CPU seconds and memory by number of rows</title>',
        f'<rect x="{left}" y="{top}" width="{width}" height="{height}" fill="#fff" stroke="#888"/>',
    ]
    for power in [4, 5, 6, 7]:
        x = across(10**power)
        parts.append(f'<text x="{x:.0f}" y="{top + height + 18}" text-anchor="middle">{10**power:,}</text>')
    for power in range(-2, 5):
        y = top + height - (power + 2) / 6 * height
        parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{10.0**power:g}</text>')
    for key, colour, name in [("cpu_s", "#0b5394", "CPU s"), ("peak_mb", "#a64d00", "peak MB")]:
        at = [(across(p["rows"]), top + height - (math.log10(max(p[key], 0.01)) + 2) / 6 * height) for p in points]
        line = " ".join(f"{x:.0f},{y:.0f}" for x, y in at)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.0f}" cy="{y:.0f}" r="4" fill="{colour}"/>' for x, y in at]
        parts.append(f'<text x="{at[-1][0] + 8:.0f}" y="{at[-1][1] + 4:.0f}" fill="{colour}">{name}</text>')
    parts.append(f'<text x="{left + width / 2}" y="{top + height + 40}" text-anchor="middle">rows</text></svg>')
    return "\n".join(parts) + "\n"


def nation(results):
    one = results["nation"]["result"]
    ideal = one["cpu_s"] / 2
    rows = [
        ["clock, 2 cores", "120 s", f"{one['wall_s']:.0f} s at a load of {one['load_before']:.0f}", one["wall_s"] <= 120],
        ["CPU time", "240 s (2 cores for 120 s)", f"{one['cpu_s']:.0f} s, {ideal:.0f} s a core", one["cpu_s"] <= 240],
        ["peak memory", "8 GB", f"{one['peak_mb'] / 1024:.1f} GB", one["peak_mb"] <= 8192],
    ]
    return table(["", "goal", "seen", "met"], [[*row[:3], "yes" if row[3] else "**no**"] for row in rows])


def road(results, part):
    one = results[part]["result"]
    server = "postgres" in one
    rows = []
    for name, title in [("intake", "check and take in"), ("link", "link, make golden records and look-ups")]:
        took = one[name]
        rows.append([title, *cpu(one, [took], server), f"{took['wall_s']:.0f}", f"{took['load_before']:.0f}", f"{took['peak_mb']:,}"])
    both = [one["intake"], one["link"]]
    rows.append(["together", *cpu(one, both, server), f"{sum(took['wall_s'] for took in both):.0f}", "", ""])
    head = ["", "CPU s", *(["CPU s of the server"] if server else []), "CPU s per million accepted rows", "clock s", "load", "peak MB"]
    return table(head, rows)


def cpu(one, some, server):
    """CPU seconds of the commands, of the server where there is one, and of both for a million rows."""
    parts = [sum(took[key] for took in some) for key in ["cpu_s", *(["server_cpu_s"] if server else [])]]
    return [*(f"{part:.0f}" for part in parts), f"{sum(parts) / one['told']['records'] * 1e6:.0f}"]


ROADS = ["road", "road-nation", "road-postgres", "road-nation-postgres"]


def put(path, tables):
    """Writes tables between the marks that bear their names."""
    text = path.read_text()
    for name, body in tables.items():
        text, found = re.subn(
            rf"(<!-- {name} -->\n).*?(<!-- end -->)", lambda m: m[1] + body + "\n" + m[2], text, flags=re.S
        )
        if not found:
            raise SystemExit(f"{path} has no place for the table {name}")
    path.write_text(text)


def write(path, results, part):
    tables = {}
    if "linkage" in results:
        result = results["linkage"]["result"]
        tables["linkage-machine"] = about(results["linkage"])
        for make in [side_by_side, ratios, by_fault, merged, reliability, thresholds]:
            tables[make.__name__.replace("_", "-")] = make(result)
    if "growth" in results:
        tables["growth-machine"] = about(results["growth"])
        tables["growth"], tables["stages"] = growth(results), stages(results)
        (path.parent / "benchmarks-growth.svg").write_text(picture(results))
    if "nation" in results:
        tables["nation-machine"], tables["nation"] = about(results["nation"]), nation(results)
    for name in ROADS:
        if name in results:
            tables[f"{name}-machine"], tables[name] = about(results[name]), road(results, name)
    put(path, tables)
    wanted = {"linkage": ["side-by-side", "ratios"], "growth": ["growth", "stages"], "nation": ["nation"]} | {name: [name] for name in ROADS}
    return "\n\n".join(tables[name] for name in wanted.get(part, tables) if name in tables)
