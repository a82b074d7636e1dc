"""Splink on DuckDB, set up as its own documentation advises for such data.

    rival.py asn|asn-quick ROWS.csv OUT          rival.py febrl3 A.csv OUT          rival.py febrl4 A.csv B.csv OUT

Writes OUT/pairs.parquet (both row ids and the match weight in bits of every pair that is at all likely)
and OUT/clusters.csv (connected components at 0.95, the threshold of Splink's own examples).

FEBRL: the settings of Splink's pages "Deduplicating the febrl3 dataset" and "Linking the febrl4 datasets"
(the detailed model). ASN: the page "Linking a dataset of real historical persons" as the pattern (name and
date comparisons, term frequencies, u from 1e7 random pairs, EM under several blocking rules, no term
frequencies while training), on columns cleaned in SQL as Splink's page on data preparation asks: one form
of dates, titles off names, fillers and unreadable numbers to NULL. `asn-quick` takes 1e6 random pairs, the
default of the call: quicker, since most of that time goes into waiting for a slip that chance hardly shows. The blocking rules are exact ones that
mirror those of specs/asn.toml.
"""

import sys
import time
from pathlib import Path

import duckdb
import splink.comparison_library as cl
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

CLEAN = r"""
create table rows as
with raw as (select * from read_csv(?, all_varchar = true)),
names as (
    select *,
        trim(regexp_replace(regexp_replace(regexp_replace(lower(split_part(nama, ',', 1)),
            '[^a-z ]', ' ', 'g'), '\b(drs|dra|dr|ir|h|hj|prof|r)\b', ' ', 'g'), ' +', ' ', 'g')) as name_words,
        regexp_replace(nip, '[^0-9]', '', 'g') as nip_digits,
        regexp_replace(nik, '[^0-9]', '', 'g') as nik_digits,
        regexp_replace(nomor_hp, '[^0-9]', '', 'g') as hp_digits
    from raw)
select
    row_id as unique_id,
    case when length(nip_digits) = 18 and nip not like '%E+%' then nip_digits end as nip,
    coalesce(nullif(nip_lama, ''), case when length(nip_digits) = 9 then nip_digits end) as nip_lama,
    case when length(nik_digits) = 16 and nik_digits not in ('0000000000000000', '9999999999999999')
        then nik_digits end as nik,
    nullif(regexp_replace(regexp_replace(name_words,
        '^(moh|muh|m|mohammad|muhamad|mochamad|mohamad)\b', 'muhammad'), '\babd\b', 'abdul'), '') as nama,
    nullif(lower(tempat_lahir), '') as tempat_lahir,
    coalesce(try_strptime(tanggal_lahir, '%Y-%m-%d'), try_strptime(tanggal_lahir, '%d-%m-%Y'),
        try_strptime(tanggal_lahir, '%d/%m/%Y'))::date::varchar as tanggal_lahir,
    nullif(jenis_kelamin, '') as jenis_kelamin,
    nullif(lower(nama_ibu_kandung), '') as nama_ibu_kandung,
    nullif(replace(lower(email), ' at ', '@'), '') as email,
    nullif(case when hp_digits like '62%' then '0' || substr(hp_digits, 3) else hp_digits end, '') as nomor_hp,
    nullif(npwp, '') as npwp
from names
"""


def asn(files, api, con, random_pairs):
    con.execute(CLEAN, [files[0]])
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[
            cl.NameComparison("nama").configure(term_frequency_adjustments=True),
            cl.DateOfBirthComparison("tanggal_lahir", input_is_string=True),
            cl.DamerauLevenshteinAtThresholds("nik", [1]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("nip", [1]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("nip_lama").configure(term_frequency_adjustments=True),
            cl.ExactMatch("tempat_lahir").configure(term_frequency_adjustments=True),
            cl.ExactMatch("jenis_kelamin"),
            cl.NameComparison("nama_ibu_kandung").configure(term_frequency_adjustments=True),
            cl.ExactMatch("email").configure(term_frequency_adjustments=True),
            cl.ExactMatch("nomor_hp").configure(term_frequency_adjustments=True),
            cl.ExactMatch("npwp").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("nik"),
            block_on("nip"),
            block_on("nama", "tanggal_lahir"),
            block_on("tanggal_lahir", "substr(nama, 1, 4)"),
            block_on("tanggal_lahir", "nama_ibu_kandung"),
            block_on("nama", "nama_ibu_kandung"),
            block_on("email"),
            block_on("nomor_hp"),
            block_on("npwp"),
            block_on("nip_lama"),
            block_on("nama", "substr(tanggal_lahir, 1, 4)", "tempat_lahir"),
        ],
    )
    linker = Linker(api.register(con.table("rows")), settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(
        [block_on("nik"), block_on("nip"), block_on("nama", "tanggal_lahir", "jenis_kelamin")], recall=0.95
    )
    train.estimate_u_using_random_sampling(max_pairs=random_pairs, seed=1)
    for rule in [block_on("nik"), block_on("nip"), block_on("nama", "tanggal_lahir"), block_on("tanggal_lahir")]:
        train.estimate_parameters_using_expectation_maximisation(
            rule, estimate_without_term_frequencies=True, max_pairs=1e6
        )
    return linker


def febrl(files, api, con, link):
    names = []
    for at, file in enumerate(files):
        con.execute(f"create table t{at} as select * from read_csv(?, all_varchar = true)", [file])
        names.append(api.register(con.table(f"t{at}")))
    if link:
        blocking = [
            block_on("given_name", "surname"),
            "l.given_name = r.surname and l.surname = r.given_name",
            block_on("date_of_birth"),
            block_on("soc_sec_id"),
            block_on("state", "address_1"),
            block_on("street_number", "address_1"),
            block_on("postcode"),
        ]
        tf = {"term_frequency_adjustments": True}
        comparisons = [
            cl.NameComparison("given_name").configure(**tf),
            cl.NameComparison("surname").configure(**tf),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number").configure(**tf),
            cl.DamerauLevenshteinAtThresholds("postcode", [1, 2]).configure(**tf),
        ]
        sure, recall = [block_on("soc_sec_id"), block_on("given_name", "surname", "date_of_birth")], 0.8
    else:
        blocking = [block_on(c) for c in ["soc_sec_id", "given_name", "surname", "date_of_birth", "postcode"]]
        comparisons = [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            cl.DamerauLevenshteinAtThresholds("soc_sec_id", [2]),
            cl.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
        ]
        sure, recall = [
            block_on("soc_sec_id"),
            block_on("given_name", "surname", "date_of_birth"),
            "l.given_name = r.surname and l.surname = r.given_name and l.date_of_birth = r.date_of_birth",
        ], 0.9
    settings = SettingsCreator(
        unique_id_column_name="row_id",
        link_type="link_only" if link else "dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=blocking,
    )
    linker = Linker(names if link else names[0], settings)
    train = linker.training
    train.estimate_probability_two_random_records_match(sure, recall=recall)
    train.estimate_u_using_random_sampling(max_pairs=1e6, seed=2)
    for column in ["date_of_birth", "postcode"]:
        train.estimate_parameters_using_expectation_maximisation(
            block_on(column), estimate_without_term_frequencies=link
        )
    return linker


def main():
    which, *files, out = sys.argv[1:]
    began = time.time()
    con = duckdb.connect()
    api = DuckDBAPI(connection=con)
    people = which.startswith("asn")
    if people:
        linker = asn(files, api, con, 1e7 if which == "asn" else 1e6)
    else:
        linker = febrl(files, api, con, which == "febrl4")
    print(f"trained after {time.time() - began:.1f} s", flush=True)
    # Low enough that its best threshold, which is judged later, lies above.
    found = linker.inference.predict(threshold_match_probability=0.2 if people else 0.0005)
    print(f"scored after {time.time() - began:.1f} s", flush=True)
    clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(found, threshold_match_probability=0.95)
    print(f"clustered after {time.time() - began:.1f} s", flush=True)
    out = Path(out)
    name = "unique_id" if people else "row_id"
    con.execute(
        f"copy (select {name}_l as a, {name}_r as b, match_weight from {found.physical_name}) to '{out}/pairs.parquet'"
    )
    con.execute(f"copy (select {name} as row_id, cluster_id from {clusters.physical_name}) to '{out}/clusters.csv'")


main()
