"""The PostgreSQL server that a benchmark writes to: what it takes."""

import os
import re
from pathlib import Path


class Server:
    """The one that `scripts/with-postgres` started."""

    def __init__(self):
        self.address = os.environ["SATU_TEST_POSTGRES"]
        port = self.address.rsplit(":", 1)[1]
        for process in Path("/proc").glob("[0-9]*"):
            words = process_text(process, "cmdline").split("\0")
            if words[0].endswith("/postgres") and port in words:
                self.process = process
                self.folder = Path(words[words.index("-D") + 1])
                return
        raise SystemExit(f"no PostgreSQL server at {self.address}")

    def cpu_s(self):
        """User and system time of the server so far: its own, its children's, and theirs that have ended."""
        ticks = sum(map(int, stat(self.process)[11:15]))
        for process in Path("/proc").glob("[0-9]*"):
            words = stat(process)
            if words[1:2] == [self.process.name]:
                ticks += int(words[11]) + int(words[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def bytes(self):
        """The tables and indexes, without the log."""
        return sum(path.stat().st_size for path in (self.folder / "base").rglob("*") if path.is_file())

    def version(self):
        return re.search(r"/postgresql/(\d+)/", process_text(self.process, "cmdline"))[1]


def process_text(process, name):
    """What the system says of a process, nothing of one that has ended."""
    try:
        return (process / name).read_text()
    except OSError:
        return ""


def stat(process):
    return process_text(process, "stat").rpartition(")")[2].split()
