"""What a schema of one column at a time says of data_utama: `check_pandera.py FILE`.

pandera on polars, every finding collected. Prints, as JSON, how many rows break each rule; rules over two
columns, and those that need a number taken apart, are not here."""

import json
import sys
from pathlib import Path

import pandera.polars as pa
import polars as pl
from pandera.errors import SchemaErrors

REFERENCE = Path(__file__).parent.parent / "reference"


def codes(name):
    """The codes and names of a list, as they stand there and in capitals."""
    rows = pl.read_csv(REFERENCE / f"{name}.csv", infer_schema=False).select("id", "nama")
    values = {value for column in rows for value in column if value}
    return sorted(values | {value.upper() for value in values})


def matches(rule, pattern):
    return pa.Check.str_matches(pattern, name=rule)


def one_of(rule, values):
    return pa.Check.isin(values, name=rule)


DATE = r"^(?:(?:19|20|21)\d\d([-/])(?:0[1-9]|1[0-2])[-/](?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])([-/])(?:0[1-9]|1[0-2])[-/](?:19|20|21)\d\d)$"
PLAIN = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f]{0,200}$"
NIP = r"^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19[4-9]\d|20\d\d)\d\d[12]\d{3}$"
POSITIONS = ["Struktural", "Fungsional", "Pelaksana"]
EMPLOYMENT = ["PNS", "CPNS", "PPPK"]
SCHOOLS = ["SD", "SLTP", "SMP", "SLTA", "SMA", "SMK", "D-I", "D-II", "D-III", "D-IV", "S-1", "S-2", "S-3"]

COLUMNS = {
    "nip": [matches("DU-002", NIP)],
    "nik": [matches("DU-005", r"^\d{16}$"), matches("DU-006", r"^\d{10}(?:\d{0,5}[1-9]\d*)$")],
    "nama": [
        matches("DU-012", r"^[^,]*$"),
        matches("DU-013", r"^\D*$"),
        matches("DU-014", r"^[^=+@]"),
        matches("DU-015", PLAIN),
    ],
    "tempat_lahir": [matches("DU-031", PLAIN)],
    "tanggal_lahir": [matches("DU-017", DATE)],
    "jenis_kelamin": [one_of("DU-024", ["L", "P"])],
    "agama": [one_of("DU-025", codes("agama"))],
    "status_kawin": [one_of("DU-026", codes("status_kawin"))],
    "nama_ibu_kandung": [matches("DU-032", PLAIN)],
    "email": [matches("DU-027", r"^[^@]+@[^@]*[.][^@]*$")],
    "nomor_hp": [matches("DU-028", r"^(?:\D*\d){9,15}\D*$")],
    "npwp": [matches("DU-029", r"^(?:\D*\d){15,16}\D*$")],
    "nomor_bpjs": [matches("DU-030", r"^(?:\D*\d){13}\D*$")],
    "jenis_pegawai": [one_of("DU-040", EMPLOYMENT + codes("jenis_pegawai"))],
    "kedudukan_hukum": [one_of("DU-041", ["Pensiun", *codes("kedudukan_hukum")])],
    "tmt_cpns": [matches("DU-042", DATE)],
    "tmt_pns": [matches("DU-043", DATE)],
    "tmt_golongan": [matches("DU-044", DATE)],
    "tmt_jabatan": [matches("DU-045", DATE)],
    "golongan": [matches("DU-053", r"^(?:I{1,3}/[a-d]|IV/[a-e]|I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI{0,2})$")],
    "masa_kerja_tahun": [matches("DU-057", r"^(?:[0-4]?\d|50)$")],
    "masa_kerja_bulan": [matches("DU-058", r"^(?:\d|1[01])$")],
    "jenis_jabatan": [one_of("DU-060", POSITIONS)],
    "eselon": [one_of("DU-061", codes("eselon"))],
    "tingkat_pendidikan": [one_of("DU-064", SCHOOLS)],
    "tahun_lulus": [matches("DU-065", r"^(?:19[4-9]\d|20\d\d|2100)$")],
}
REQUIRED = {"nama": "DU-010", "tanggal_lahir": "DU-016"}
UNIQUE = {"nip": "DU-090"}


def main():
    schema = pa.DataFrameSchema(
        {
            name: pa.Column(str, checks, nullable=name not in REQUIRED, unique=name in UNIQUE)
            for name, checks in COLUMNS.items()
        }
    )
    frame = pl.read_csv(sys.argv[1], infer_schema=False)
    told = {"rows": frame.height} | {check.name: 0 for checks in COLUMNS.values() for check in checks}
    told |= dict.fromkeys([*REQUIRED.values(), *UNIQUE.values()], 0)
    rules = {(name, check.error): check.name for name, checks in COLUMNS.items() for check in checks}
    try:
        schema.validate(frame, lazy=True)
    except SchemaErrors as errors:
        found = errors.failure_cases.group_by("check", "column").len()
        for check, column, rows in found.iter_rows():
            named = {"not_nullable": REQUIRED, "field_uniqueness": UNIQUE}.get(check)
            told[named[column] if named else rules[column, check]] = rows
    print(json.dumps(told))


main()
