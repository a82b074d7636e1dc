"""The constraints of data_utama as SQL: `check_duckdb.py FILE`. Prints, as JSON, how many rows break each rule.

Every expression is true where its rule is broken; rules that SQL cannot say in a line are not here."""

import json
import sys
from pathlib import Path

import duckdb

REFERENCE = Path(__file__).parent.parent / "reference"


def codes(name):
    """The codes and names of a list, in upper case, as a list in SQL."""
    rows = duckdb.sql(f"select id, nama from read_csv('{REFERENCE / name}.csv', all_varchar = true)").fetchall()
    values = {value.strip().upper() for row in rows for value in row if value and value.strip()}
    return "(" + ", ".join("'" + value.replace("'", "''") + "'" for value in sorted(values)) + ")"


def unlisted(column, name):
    return f"{column} is not null and upper({column}) not in {codes(name)}"


MACROS = r"""
create macro digits(x) as length(regexp_replace(x, '[^0-9]', '', 'g'));
create macro isdate(x) as case
    when regexp_full_match(x, '[0-9]{4}-[0-9]{2}-[0-9]{2}') then try_cast(x as date)
    when regexp_full_match(x, '[0-9]{4}/[0-9]{2}/[0-9]{2}') then try_strptime(x, '%Y/%m/%d')::date
    when regexp_full_match(x, '[0-9]{2}-[0-9]{2}-[0-9]{4}') then try_strptime(x, '%d-%m-%Y')::date
    when regexp_full_match(x, '[0-9]{2}/[0-9]{2}/[0-9]{4}') then try_strptime(x, '%d/%m/%Y')::date end;
create macro dated(x) as case when year(isdate(x)) between 1900 and 2199 then isdate(x) end;
create macro years(a, b) as datesub('year', a, b);
create macro plain(x) as length(x) <= 200 and not regexp_matches(x, '[\x00-\x08\x0b\x0c\x0e-\x1f]');
"""

COLUMNS = (
    "nip nip_lama nik nama tempat_lahir tanggal_lahir jenis_kelamin agama status_kawin nama_ibu_kandung email nomor_hp"
    " alamat npwp nomor_bpjs jenis_pegawai kedudukan_hukum tmt_cpns tmt_pns golongan tmt_golongan masa_kerja_tahun"
    " masa_kerja_bulan jenis_jabatan jabatan eselon tmt_jabatan tingkat_pendidikan tahun_lulus unor"
).split()

# What several rules ask of a row, worked out once.
FACTS = r"""
    dated(tanggal_lahir) birth, dated(tmt_cpns) cpns, dated(tmt_pns) pns, dated(tmt_golongan) since_golongan,
    dated(tmt_jabatan) since_jabatan, try_cast(masa_kerja_tahun as bigint) served_years,
    try_cast(masa_kerja_bulan as bigint) served_months, try_cast(tahun_lulus as bigint) graduated,
    regexp_replace(nip, '[ .-]', '', 'g') n, try_strptime(substr(n, 1, 8), '%Y%m%d')::date n_birth,
    regexp_full_match(n, '[0-9]{18}') and n_birth is not null and year(n_birth) between 1900 and 2099
        and substr(n, 9, 4) between '1940' and '2099' and substr(n, 9, 4) > substr(n, 1, 4)
        and substr(n, 13, 2) > '00' and substr(n, 15, 1) in ('1', '2') and substr(n, 16, 3) > '000' n_right,
    substr(n, 13, 2) > '12' n_pppk,
    regexp_full_match(nip, '[0-9.,]+[Ee][0-9+]+') n_scientific,
    regexp_full_match(nik, '[0-9]{16}') k_shape,
    k_shape and (nik = repeat(substr(nik, 1, 1), 16) or nik like '%000000') k_filler,
    k_shape and not k_filler
        and not regexp_matches(nik, '^(1[1-9]|21|3[1-6]|5[1-4]|6[1-5]|7[1-6]|8[12]|9[1-7])') k_province,
    case when k_shape then try_cast(substr(nik, 7, 2) as int) end k_raw, case when k_raw > 40 then k_raw - 40 else k_raw end k_day,
    k_shape and not k_filler and not k_province and try_strptime(lpad(k_day::varchar, 2, '0') || substr(nik, 9, 2)
        || '20' || substr(nik, 11, 2), '%d%m%Y') is null and try_strptime(lpad(k_day::varchar, 2, '0') || substr(nik, 9, 2)
        || '19' || substr(nik, 11, 2), '%d%m%Y') is null k_birth,
    k_shape and not k_filler and not k_province and not k_birth and nik like '%0000' k_serial,
    k_shape and not k_filler and not k_province and not k_birth and not k_serial k_right,
    case when upper(jenis_kelamin) in ('L', 'M', '1', 'LAKI-LAKI', 'LAKI LAKI', 'PRIA', 'MALE') then 1
         when upper(jenis_kelamin) in ('P', 'F', '2', 'PEREMPUAN', 'WANITA', 'FEMALE') then 2 end sex,
    case when upper(jenis_pegawai) in ('PNS', 'CPNS') then upper(jenis_pegawai)
         when upper(jenis_pegawai) in ('PPPK', 'P3K', 'PPPK PARUH WAKTU') then 'PPPK' end employment,
    regexp_full_match(golongan, '([1-3]|I{1,3})[/. -]*[a-dA-D]|(4|IV)[/. -]*[a-eA-E]|[1-3][1-4]|4[1-5]') rank_pns,
    regexp_full_match(upper(golongan), 'I{1,3}|IV|VI{0,3}|IX|XI{0,3}|XIV|XVI{0,2}') rank_pppk,
    case when rank_pns then case left(upper(golongan), 1) when 'I' then
        case regexp_extract(upper(golongan), '^(IV|I+)') when 'I' then 10 when 'II' then 20 when 'III' then 30 else 40 end
        else try_cast(left(golongan, 1) as int) * 10 end + case when right(golongan, 1) between '1' and '5' then try_cast(right(golongan, 1) as int)
        else ascii(lower(right(golongan, 1))) - 96 end end rank,
    regexp_replace(upper(tingkat_pendidikan), '[-. /]', '', 'g') e,
    case when e in ('05', '5', 'SD', 'SEKOLAHDASAR') then 11
         when e in ('10', '12', 'SLTP', 'SMP', 'MTS', 'SLTPKEJURUAN') then 13
         when e in ('15', '17', '18', 'SLTA', 'SMA', 'SMK', 'MA', 'SLTAKEJURUAN', 'SLTAKEGURUAN', '20', 'D1', 'DI', 'DIPLOMAI')
             then 21
         when e in ('25', 'D2', 'DII', 'DIPLOMAII') then 22
         when e in ('30', 'D3', 'DIII', 'DIPLOMAIII', 'SARJANAMUDA', 'DIPLOMAIIISARJA') then 23
         when e in ('35', 'D4', 'DIV', 'DIPLOMAIV', '40', 'S1', 'S1SARJANA', 'SARJANA', 'S1D4') then 31
         when e in ('45', 'S2', 'MAGISTER') then 32 when e in ('50', 'S3', 'DOKTOR', 'S3DOKTOR') then 33 end starts_at,
    case when upper(jenis_jabatan) in ('1', 'STRUKTURAL', 'JABATAN STRUKTURAL', 'JPT', 'ADMINISTRATOR', 'PENGAWAS', 'MANAJERIAL')
             then 'S'
         when upper(jenis_jabatan) in ('2', 'FUNGSIONAL', 'FUNGSIONAL TERTENTU', 'JABATAN FUNGSIONAL',
             'JABATAN FUNGSIONAL TERTENTU', 'JF', 'JFT') then 'F'
         when upper(jenis_jabatan) in ('4', 'PELAKSANA', 'JABATAN PELAKSANA', 'FUNGSIONAL UMUM', 'JABATAN FUNGSIONAL UMUM', 'JFU')
             then 'P' end position,
    case when lower(kedudukan_hukum) = 'aktif' then 1 when lower(kedudukan_hukum) = 'pensiun' then 99
         when regexp_full_match(kedudukan_hukum, '[0-9]{1,2}') then nullif(try_cast(kedudukan_hukum as int), 0) end state,
    years(birth, current_date) age
"""

ERRORS = {
    "DU-001": "nip is null and nik is null",
    "DU-002": "nip is not null and not n_right and not n_scientific",
    "DU-003": "n_scientific",
    "DU-005": "nik is not null and not k_shape",
    "DU-006": "k_filler",
    "DU-010": "nama is null",
    "DU-014": "left(nama, 1) in ('=', '+', '@')",
    "DU-015": "not plain(nama)",
    "DU-016": "tanggal_lahir is null",
    "DU-017": "tanggal_lahir is not null and birth is null",
    "DU-018": "birth > current_date",
    "DU-024": "jenis_kelamin is not null and sex is null",
    "DU-031": "not plain(tempat_lahir)",
    "DU-032": "not plain(nama_ibu_kandung)",
    "DU-033": "length(alamat) > 1000 or regexp_matches(alamat, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]')",
    "DU-042": "tmt_cpns is not null and cpns is null",
    "DU-043": "tmt_pns is not null and pns is null",
    "DU-044": "tmt_golongan is not null and since_golongan is null",
    "DU-045": "tmt_jabatan is not null and since_jabatan is null",
    "DU-053": "golongan is not null and not rank_pns and not rank_pppk",
    "DU-072": "length(unor) > 500 or regexp_matches(unor, '[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f]')",
}

WARNINGS = {
    "DU-004": "nip_lama is not null and not (regexp_full_match(nip_lama, '[0-9]{9}') and nip_lama <> repeat(left(nip_lama, 1), 9))",
    "DU-007": "k_province",
    "DU-008": "k_birth",
    "DU-009": "k_serial",
    "DU-012": "contains(nama, ',')",
    "DU-013": "regexp_matches(nama, '[0-9]')",
    "DU-019": "age between 0 and 17",
    "DU-020": "n_right and n_birth <> birth",
    "DU-021": "n_right and substr(n, 15, 1) <> sex::varchar",
    "DU-022": "k_right and (k_day <> day(birth) or substr(nik, 9, 4) <> strftime(birth, '%m%y'))",
    "DU-023": "k_right and sex <> case when k_raw > 40 then 2 else 1 end",
    "DU-025": unlisted("agama", "agama"),
    "DU-026": unlisted("status_kawin", "status_kawin"),
    "DU-027": "email is not null and not regexp_full_match(email, '[^@]+@[^@]*[.][^@]*')",
    "DU-028": "digits(nomor_hp) not between 9 and 15",
    "DU-029": "digits(npwp) not in (15, 16)",
    "DU-030": "digits(nomor_bpjs) <> 13",
    "DU-040": f"employment is null and {unlisted('jenis_pegawai', 'jenis_pegawai')}",
    "DU-041": f"{unlisted('kedudukan_hukum', 'kedudukan_hukum')} and (state is null or "
    + unlisted("lpad(state::varchar, 2, '0')", "kedudukan_hukum")
    + ")",
    "DU-046": "cpns > current_date",
    "DU-047": "n_right and not n_pppk and substr(n, 9, 6) <> strftime(cpns, '%Y%m')",
    "DU-048": "cpns > pns",
    "DU-049": "cpns > since_golongan",
    "DU-050": "cpns > since_jabatan",
    "DU-051": "years(birth, cpns) < 18",
    "DU-052": "years(birth, cpns) > 40 and employment is distinct from 'PPPK'",
    "DU-054": "(employment = 'PPPK') <> coalesce(rank_pppk, false) and (rank_pns or rank_pppk)",
    "DU-055": "rank < starts_at",
    "DU-056": "n_right and n_pppk <> (employment = 'PPPK')",
    "DU-057": "masa_kerja_tahun is not null and coalesce(served_years not between 0 and 50, true)",
    "DU-058": "masa_kerja_bulan is not null and coalesce(served_months not between 0 and 11, true)",
    "DU-059": "years(cpns, current_date) >= 0 and served_years > years(cpns, current_date) + 10",
    "DU-060": "jenis_jabatan is not null and position is null",
    "DU-061": unlisted("eselon", "eselon"),
    "DU-062": "eselon is null and position = 'S'",
    "DU-063": "jabatan is null and jenis_jabatan is not null",
    "DU-064": "tingkat_pendidikan is not null and starts_at is null",
    "DU-065": "tahun_lulus is not null and coalesce(graduated not between 1940 and 2100, true)",
    "DU-066": "graduated < year(birth) + 10",
    "DU-067": "state = 1 and age > 70",
    "DU-068": "state = 1 and age > 58 and position = 'P'",
    "DU-069": "state in (98, 99) and age < 45",
    "DU-073": "nip is null and employment = 'PNS'",
    "DU-074": "tmt_cpns is null and employment in ('PNS', 'CPNS')",
}


def main():
    file = sys.argv[1]
    con = duckdb.connect()
    con.execute("set preserve_insertion_order = false")
    con.execute(MACROS)
    trimmed = ", ".join(f"nullif(trim({column}), '') {column}" for column in COLUMNS)
    con.execute(f"create temp table cells as select {trimmed} from read_csv(?, all_varchar = true, header = true)", [file])
    counts = ", ".join(f"count(*) filter ({broken}) \"{rule}\"" for rule, broken in (ERRORS | WARNINGS).items())
    any_of = lambda rules: " or ".join(f"coalesce({broken}, false)" for broken in rules.values())
    query = (
        f"with facts as (select *, {FACTS} from cells) select count(*) as rows,"
        f" count(*) filter ({any_of(ERRORS)}) as rejected, {counts} from facts"
    )
    cursor = con.execute(query)
    names = [column[0] for column in cursor.description]
    told = dict(zip(names, cursor.fetchone()))
    number = "regexp_replace(nip, '[ .-]', '', 'g')"
    twice = (
        f"select coalesce(sum(rows - 1), 0)::bigint from (select count(*) as rows from cells"
        f" where regexp_full_match({number}, '[0-9]{{18}}') group by {number})"
    )
    told["DU-090"] = con.execute(twice).fetchone()[0]
    print(json.dumps(told))


main()
