"""What machine a benchmark ran on."""

import datetime
import os
import platform
import re
import subprocess
from importlib.metadata import version
from pathlib import Path


def machine(packages):
    """The machine, the day, the commit, and the versions of these packages."""
    processor = next(line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name"))
    memory = int(re.search(r"MemTotal: +(\d+)", open("/proc/meminfo").read())[1]) / 1024**2
    root = Path(__file__).parent
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=root, capture_output=True, text=True)
    return {
        "date": datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "processor": processor,
        "cores": os.cpu_count(),
        "memory_gb": round(memory),
        "system": platform.platform(terse=True),
        "commit": commit.stdout.strip(),
        "versions": {name: version(name) for name in packages} | {"python": platform.python_version()},
    }
