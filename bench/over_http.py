"""Golden records over HTTP: `over_http.py TARGET PERSONS`, started by `bench/http`."""

import asyncio
import base64
import json
import os
import re
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

import made
import page
from machine import machine

ROOT = Path(__file__).parent.parent
WORK = made.WORK
ROUNDS = 5
SECONDS = 10
CONNECTIONS = 64
SLOW = 1_000
# A program may ask 60,000 times at once and 1,000 times a second after that.
PROGRAMS = 40


def register(target, persons):
    """A register of the central file of a made-up country; made once."""
    db = WORK / f"http-{persons}.db"
    if not db.with_suffix(".whole").exists():
        made.register(target, persons, db)
        db.with_suffix(".whole").touch()
    return db


def programs(target, db, base):
    """Tokens of programs that read everybody, masked."""
    tokens = []
    for number in range(PROGRAMS):
        add = [target / "satu", "client", "add", "--db", db, "--name", f"Beban {number}", "--walidata", "--rights", "people.read"]
        key, secret = subprocess.run(add, check=True, capture_output=True, text=True).stdout.split()
        basic = base64.b64encode(f"{key}:{secret}".encode()).decode()
        form = b"grant_type=client_credentials"
        asked = urllib.request.Request(f"{base}/oauth2/token", form, {"Authorization": f"Basic {basic}"})
        tokens.append(json.load(urllib.request.urlopen(asked))["access_token"])
    path = WORK / "http-tokens"
    path.write_text("\n".join(tokens) + "\n")
    return path


class Server:
    """A process that listens; ended when it is left."""

    def __init__(self, command, mark):
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE if mark else None, text=True)
        self.base = None
        if mark:
            while not (found := re.match(r"http://127\.0\.0\.1:\d+", self.process.stderr.readline())):
                pass
            self.base = found[0]
            threading.Thread(target=self.process.stderr.read, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()

    def memory(self):
        """Resident memory in MB."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def cpu(self):
        """Seconds of processor."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def load(address, *more):
    """A load of so many connections for a time: requests a second, and how long they took."""
    script = ROOT / "bench/over_http.lua" if more else WORK / "hello.lua"
    command = ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", str(SECONDS), "-s", script, address]
    told = subprocess.run([*command, "--", *more], check=True, capture_output=True, text=True).stdout
    one = json.loads(told.strip().splitlines()[-1])
    assert one["failed"] == 0, told
    return {"per_s": one["requests"] / one["us"] * 1e6, "p50_ms": one["p50_us"] / 1e3, "p99_ms": one["p99_us"] / 1e3, "most_ms": one["most_us"] / 1e3}


class Slow:
    """Clients that send a byte of their request a second, and never end it."""

    def __init__(self, base):
        self.port = int(base.rsplit(":", 1)[1])
        self.open = 0
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)

    async def one(self):
        _, out = await asyncio.open_connection("127.0.0.1", self.port)
        self.open += 1
        try:
            out.write(b"GET /api/v1/people/1 HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
            while True:
                out.write(b"x")
                await out.drain()
                await asyncio.sleep(1)
        finally:
            out.close()

    def __enter__(self):
        self.thread.start()
        self.all = [asyncio.run_coroutine_threadsafe(self.one(), self.loop) for _ in range(SLOW)]
        while self.open < SLOW:
            time.sleep(0.05)
        time.sleep(2)
        return self

    def __exit__(self, *_):
        for one in self.all:
            one.cancel()
        time.sleep(1)
        self.loop.call_soon_threadsafe(self.loop.stop)


def median(runs):
    return {name: sorted(run[name] for run in runs)[len(runs) // 2] for name in runs[0]}


def measured(target, persons):
    db = register(target, persons)
    with sqlite3.connect(db) as read:
        persons = read.execute("SELECT MAX(person_id) FROM person").fetchone()[0]
    lua = (ROOT / "bench/over_http.lua").read_text()
    (WORK / "hello.lua").write_text(lua[lua.index("function done"):])
    hello_at = "127.0.0.1:18081"
    satu = [target / "satu", "serve", "--db", db, "--listen", "127.0.0.1:0"]
    os.environ["RUST_LOG"] = "warn"
    with Server(satu, True) as register_, Server([target / "examples/hello", hello_at], False):
        tokens = programs(target, db, register_.base)
        asked = lambda: load(register_.base, str(persons), str(tokens))
        asked()
        runs = {"hello": [], "long": [], "record": [], "slow": []}
        memory = {"record": [], "slow": []}
        for _ in range(ROUNDS):
            runs["hello"].append(load(f"http://{hello_at}/"))
            runs["long"].append(load(f"http://{hello_at}/long"))
            runs["record"].append(asked())
            memory["record"].append(register_.memory())
            with Slow(register_.base):
                runs["slow"].append(asked())
                memory["slow"].append(register_.memory())
    result = {name: median(some) for name, some in runs.items()}
    return result | {"persons": persons, "ratio": result["record"]["per_s"] / result["hello"]["per_s"], "memory_mb": memory}


def table(one):
    def line(name, some):
        return [name, f"{some['per_s']:,.0f}", f"{some['p50_ms']:.1f}", f"{some['p99_ms']:.1f}"]

    rows = [
        line('axum "hello"', one["hello"]),
        line("axum, as many bytes as a record", one["long"]),
        line("one golden record, at random", one["record"]),
        line(f"the same beside {SLOW:,} slow clients", one["slow"]),
    ]
    told = f"\n\n{one['persons']:,} persons, {CONNECTIONS} connections. A record has {one['ratio']:.2f} of the requests a second of \"hello\" (goal: 0.50), as many bytes from axum alone {one['long']['per_s'] / one['hello']['per_s']:.2f}.\n\n"
    rounds = zip(one["memory_mb"]["record"], one["memory_mb"]["slow"])
    memory = [[str(number), f"{alone:.0f}", f"{beside:.0f}"] for number, (alone, beside) in enumerate(rounds, 1)]
    memory = page.table(["round", "MB after a load without slow clients", "MB after one beside them"], memory)
    return page.table(["", "requests a second", "p50 ms", "p99 ms"], rows) + told + memory


def main():
    results = {"machine": machine([]), "result": measured(Path(sys.argv[1]), int(sys.argv[2]))}
    (ROOT / "docs/benchmarks-http.json").write_text(json.dumps(results, indent=1) + "\n")
    page.put(ROOT / "docs/benchmarks.md", {"http-machine": page.about(results), "http": table(results["result"])})
    print(table(results["result"]))


main()
