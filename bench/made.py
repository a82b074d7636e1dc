"""The made-up country that the benchmarks share."""

import subprocess
import sys
from pathlib import Path

WORK = Path(__file__).parent / "work"


def country(target, persons, seed=2026):
    """The folder of its files and its truth; made once."""
    folder = WORK / f"country-{persons}-{seed}"
    if not (folder / "truth.csv").exists():
        subprocess.run([target / "examples/generate", str(persons), str(seed), folder], check=True, stdout=-3)
    return folder


def files(target, persons):
    """Its files, without the truth, by name."""
    return sorted(path for path in country(target, persons).iterdir() if path.name != "truth.csv")


def register(target, persons, db):
    """A register of its central file alone, linked, in the place of any before."""
    remove(db)
    central = country(target, persons) / "pusat.csv"
    intake = [target / "satu", "intake", "--db", db, "--source", "pusat", "--source-kind", "central", central]
    # 1: rows were rejected.
    if subprocess.run(intake, stdout=-3, stderr=-3).returncode not in (0, 1):
        sys.exit(f"{central} was not taken in")
    subprocess.run([target / "satu", "link", "--db", db], check=True, stdout=-3)


def remove(db):
    """A register's file and what stands beside it."""
    for old in db.parent.glob(f"{db.name}*"):
        old.unlink()
