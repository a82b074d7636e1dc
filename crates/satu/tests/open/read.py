"""Reads the open data of a site as other programs do, and fails where something does not hold.

Prints how many datasets, figures and hidden figures it has read.
"""

import csv
import hashlib
import io
import json
import re
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections import defaultdict

import ckanapi
import numpy
import rdflib
import sdmx
from rdflib import DCTERMS, RDF, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

BASE = sys.argv[1]
DCAT = Namespace("http://www.w3.org/ns/dcat#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
SCHEMA = Namespace("https://schema.org/")


def answer(path, **headers):
    if isinstance(path, urllib.request.Request):
        return urllib.request.urlopen(path)
    address = path if path.startswith("http") else BASE + path
    return urllib.request.urlopen(urllib.request.Request(address, headers=headers))


def get(path, **headers):
    with answer(path, **headers) as told:
        return told.read()


def refused(path, code, **headers):
    try:
        answer(path, **headers)
    except urllib.error.HTTPError as error:
        assert error.code == code, (path, error.code)
        return error.read()
    raise AssertionError(f"{path} is answered")


def graphs():
    """Both forms of the catalogue say the same; every dataset and file is fully described."""
    turtle = rdflib.Graph().parse(data=get("/data/catalog.ttl"), format="turtle")
    json_ld = rdflib.Graph().parse(data=get("/data/catalog.jsonld"), format="json-ld")
    assert isomorphic(turtle, json_ld)
    catalogue = turtle.value(predicate=RDF.type, object=DCAT.Catalog)
    assert str(catalogue) == BASE + "/data"
    datasets = list(turtle.objects(catalogue, DCAT.dataset))
    for dataset in datasets:
        languages = {title.language for title in turtle.objects(dataset, DCTERMS.title)}
        assert languages == {"id", "en"}, dataset
        for needed in [DCTERMS.publisher, DCTERMS.license, DCTERMS.description, DCAT.version,
                       DCAT.hasVersion, DCAT.distribution, DCAT.keyword, SCHEMA.variableMeasured]:
            assert turtle.value(dataset, needed) is not None or needed == DCAT.keyword, (dataset, needed)
        current = turtle.value(dataset, DCAT.hasCurrentVersion)
        assert turtle.value(current, DCAT.isVersionOf) == dataset
        # What is asked for as triples at the dataset's own address is told there.
        own = rdflib.Graph().parse(data=get(str(dataset), Accept="text/turtle"), format="turtle")
        assert set(own) <= set(turtle), dataset
        for file in turtle.objects(current, DCAT.distribution):
            kind = str(turtle.value(file, DCAT.mediaType)).split("media-types/")[1]
            with answer(str(turtle.value(file, DCAT.downloadURL))) as told:
                assert told.headers["Content-Type"].split(";")[0] == kind
                assert told.headers["Access-Control-Allow-Origin"] == "*"
                content = told.read()
            if kind == "text/csv":
                checksum = turtle.value(file, SPDX.checksum)
                value = str(turtle.value(checksum, SPDX.checksumValue))
                assert hashlib.sha256(content).hexdigest() == value
                described(str(file), content, json.loads(get(str(file)[:-4] + ".json")))
    return [str(dataset).rsplit("/", 1)[1] for dataset in datasets]


def described(address, content, as_json):
    """A CSV is what its metadata says, and what its JSON says."""
    metadata = json.loads(get(address + "-metadata.json"))
    assert metadata["url"] == address
    columns = metadata["tableSchema"]["columns"]
    rows = list(csv.reader(io.StringIO(content.decode())))
    assert rows[0] == [column["name"] for column in columns], address
    for row, told in zip(rows[1:], as_json["rows"], strict=True):
        for column, cell in zip(columns, row, strict=True):
            assert cell or not column["required"], (address, row)
            kind = column["datatype"] if isinstance(column["datatype"], dict) else {"base": column["datatype"]}
            number = kind["base"] == "integer"
            value = int(cell) if cell and number else cell or None
            assert told[column["name"]] == value
            if kind["base"] == "string" and "format" in kind:
                assert re.fullmatch(kind["format"], cell), (address, column["name"], cell)
                concepts = column["rdfs:range"]["skos:hasTopConcept"]
                assert cell in {concept["skos:notation"] for concept in concepts}
    if keys := metadata["tableSchema"].get("primaryKey"):
        places = [rows[0].index(key) for key in keys]
        assert len({tuple(row[at] for at in places) for row in rows[1:]}) == len(rows) - 1


def harvested(datasets):
    """A CKAN harvester finds the same datasets."""
    ask = lambda action: json.loads(get(f"/api/3/action/{action}"))
    names = ask("package_list")["result"]
    assert sorted(names) == sorted(datasets)
    found = []
    while page := ask(f"package_search?q=*:*&sort=name+asc&rows=7&start={len(found)}")["result"]["results"]:
        found += page
    assert sorted(one["name"] for one in found) == sorted(names)
    for one in found:
        assert ask(f"package_show?id={one['name']}")["result"] == one
        assert one["resources"] and all(file["url"].startswith(BASE) for file in one["resources"])
    assert 0 < ask("package_search?q=agama")["result"]["count"] < len(names)
    # ckanapi sends POST, and GET where it is told to.
    for get_only in [False, True]:
        with ckanapi.RemoteCKAN(BASE, get_only=get_only) as portal:
            assert portal.action.package_list() == names
            for action, asked in [("package_show", {"id": names[0]}),
                                  ("package_search", {"q": "agama", "rows": 2, "start": 0})]:
                told = portal.call_action(action, asked)
                assert told == ask(f"{action}?{urllib.parse.urlencode(asked)}")["result"], action
            for kind, action, asked in [
                (ckanapi.NotFound, "package_show", {"id": "tiada"}),
                (ckanapi.ValidationError, "package_show", {}),
                (ckanapi.ValidationError, "package_search", {"rows": "x"}),
                # As of a real CKAN: a text and no document, which it has no name for.
                (ckanapi.CKANAPIError, "package_buang", {}),
            ]:
                try:
                    portal.call_action(action, asked)
                except ckanapi.CKANAPIError as error:
                    assert type(error) is kind, (action, error)
                else:
                    raise AssertionError(f"{action} {asked} is answered")
    for body in [b"{", b"[1]"]:
        request = urllib.request.Request(f"{BASE}/api/3/action/package_list", body,
                                         {"Content-Type": "application/json"})
        told = json.loads(refused(request, 400))
        assert told.startswith("Bad request - JSON Error: "), told


def statistics():
    """SDMX says, in each of its forms, what the CSV says."""
    sdmx.add_source({"id": "SATU", "name": "Satu Data ASN", "url": BASE + "/sdmx/2.1",
                     "supports": {"availableconstraint": True}}, override=True)
    client = sdmx.Client("SATU")
    flows = client.dataflow().dataflow
    assert len(flows) == 5
    count = hidden = 0
    tables = {}
    for name in flows:
        structure = client.dataflow(name)
        definition = structure.structure[name]
        dimensions = [dimension.id for dimension in definition.dimensions][:-1]
        text = get(f"/data/{name.lower().replace('_', '-')}/terbaru.csv").decode()
        told = {}
        for row in csv.DictReader(io.StringIO(text)):
            key = tuple(row[dimension.lower()] for dimension in dimensions)
            told[key] = float(row["jumlah"]) if row["jumlah"] else None
            for dimension, code in zip(dimensions, key):
                assert code in structure.codelist["CL_" + dimension], (name, dimension, code)
        for given in [{}, {"dsd": definition}]:
            message = client.data(name, **given)
            kind = message.response.headers["Content-Type"]
            assert ("structurespecific" in kind) == bool(given), kind
            read = {}
            for series, observations in message.data[0].series.items():
                key = tuple(series.values[dimension].value for dimension in dimensions)
                assert len(observations) == 1
                value = observations[0].value
                read[key] = None if value is None or value != value else float(value)
            assert read == told, name
        separated(client, name, definition, structure, told)
        women = sdmx.to_pandas(client.data(name, key={"JENIS_KELAMIN": "P", "INSTANSI": "_T"}))
        assert len(women) == sum(key[:2] == ("_T", "P") for key in told)
        occurring(client, name, dimensions, told, structure)
        tables[name] = dimensions, told
        count += len(told)
        hidden += sum(value is None for value in told.values())
    for name in tables:
        undone({name: tables[name]})
        if name != "ASN_PROVINSI":
            undone({one: tables[one] for one in [name, "ASN_PROVINSI"]})
    provinces = {key[2]: value for key, value in tables["ASN_PROVINSI"][1].items() if key[:2] == ("_T", "_T")}
    assert len(provinces) > 30 and None not in provinces.values(), provinces
    assert provinces["_T"] == sum(provinces.values()) / 2
    refused("/sdmx/2.1/data/ASN_USIA/_T", 400)
    refused("/sdmx/2.1/data/TIADA", 404)
    refused("/sdmx/2.1/data/ASN_USIA?startPeriod=2099", 404)
    refused("/sdmx/2.1/data/ASN_USIA", 406, Accept="image/png")
    refused("/sdmx/2.1/hierarchicalcodelist", 501)
    return count, hidden


CSV = "application/vnd.sdmx.data+csv"
STATUS = {True: ("A", "F"), False: ("Q", "C")}


def separated(client, name, definition, structure, told):
    """Both versions of SDMX-CSV say what the CSV says; sdmx1 reads the second."""
    dimensions = [dimension.id for dimension in definition.dimensions][:-1]
    number = lambda text: float(text) if text else None
    for labels in ["", ";labels=id", ";labels=name"]:
        # It hands the structure to its reader where there is a key.
        accept = {"Accept": f"{CSV};version=2.0.0{labels}"}
        message = client.data(name, key={"JENIS_KELAMIN": "L+P+_T"}, dsd=definition, headers=accept)
        kind = message.response.headers["Content-Type"]
        assert kind == f"{CSV};version=2.0.0{labels.replace(';labels=id', '')}", kind
        [figures] = message.data
        read = {}
        for figure in figures.obs:
            read[tuple(figure.dimension.values[one].value for one in dimensions)] = number(figure.value)
            status = tuple(figure.attached_attribute[one].value for one in ["OBS_STATUS", "CONF_STATUS"])
            assert status == STATUS[bool(figure.value)], (name, figure)
        assert read == told and len(figures.obs) == len(told), name
    names = {one: {code.id: code.name for code in structure.codelist["CL_" + one]} for one in dimensions}
    for version, labels, language in [("1.0.0", "id", "en"), ("1.0.0", "both", "id"),
                                      ("2.0.0", "both", "en"), ("2.0.0", "name", "en-GB, id;q=0.5")]:
        asked = f"{CSV};version={version};labels={labels}"
        with answer(f"/sdmx/2.1/data/{name}", Accept=asked, **{"Accept-Language": language}) as told_by:
            assert told_by.headers["Content-Type"] == asked.replace(";labels=id", "")
            spoken = told_by.headers["Content-Language"]
            assert spoken == (None if labels == "id" else language[:2]), (asked, spoken)
            rows = list(csv.reader(io.StringIO(told_by.read().decode())))
        heads = [head.split(": ")[0] for head in rows[0]]
        start = ["DATAFLOW"] if version == "1.0.0" else ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
        assert [head for head in heads if head in start] == start, rows[0]
        assert len(rows) == len(told) + 1 and len({len(row) for row in rows}) == 1
        for row in rows[1:]:
            row = dict(zip(heads, row))
            flow, *title = row["DATAFLOW" if version == "1.0.0" else "STRUCTURE_ID"].split(": ", 1)
            assert flow == f"SATU:{name}(1.0)"
            codes = {one: row[one].split(": ", 1) for one in dimensions}
            key = tuple(codes[one][0] for one in dimensions)
            assert told[key] == number(row["OBS_VALUE"])
            status = tuple(row[one].split(": ")[0] for one in ["OBS_STATUS", "CONF_STATUS"])
            assert status == STATUS[bool(row["OBS_VALUE"])]
            assert len(title) == (labels == "both") and all(len(code) == 1 + len(title) for code in codes.values())
            for at, one in enumerate(dimensions):
                code = str(names[one][key[at]].localizations[language[:2]])
                if labels == "both":
                    assert codes[one][1] == code, (row, code)
                elif labels == "name":
                    title = str(structure.concept_scheme["CS_ASN"][one].name.localizations[language[:2]])
                    assert row[title] == code, (row, code)
    for other in [f"{CSV};version=2.1.0", f"{CSV};version=1.0.0;labels=name", f"{CSV};version=2.0.0;labels=x",
                  f"{CSV};version=2.0.0;keys=obs", "application/vnd.sdmx.genericdata+xml;version=3.0.0"]:
        told_why = refused(f"/sdmx/2.1/data/{name}", 406, Accept=other).decode()
        assert "mes:ErrorMessage" in told_why and f"{CSV};version=2.0.0" in told_why, told_why


def occurring(client, name, dimensions, told, structure):
    """The codes that occur are those of the published rows, hidden figures among them, and no others."""
    def codes(message):
        constraint = message.constraint[name]
        assert [flow.id for flow in constraint.content] == [name]
        region = sdmx.to_pandas(constraint)[0]
        return {dimension: set(region[dimension]) for dimension in dimensions}
    of = lambda keys: {dimension: {key[at] for key in keys} for at, dimension in enumerate(dimensions)}
    available = client.availableconstraint
    assert codes(available(name)) == codes(available(name, params={"references": "all"})) == of(told), name
    # The flow brings its constraint along, and it can be asked for by itself.
    assert codes(structure) == codes(client.contentconstraint(name)) == of(told), name
    women = codes(available(name, key={"JENIS_KELAMIN": "P", "INSTANSI": "_T"}))
    assert women == of([key for key in told if key[:2] == ("_T", "P")]), name


def undone(tables):
    """Nobody works a hidden figure out by linear algebra over all equations of some tables together.

    Beside the figures, two tables share the persons behind them: so many of an agency and sex stand in a
    category of the one and a category of the other.
    """
    hidden = [(name, key) for name, (_, told) in tables.items() for key, value in told.items() if value is None]
    place = {cell: at for at, cell in enumerate(hidden)}
    rows = []
    for name, (dimensions, told) in tables.items():
        for at, dimension in enumerate(dimensions):
            sums = defaultdict(list)
            for key in told:
                # Ranks add up within a kind of employment.
                if dimension == "JENIS_PEGAWAI" and key[at + 1] != "_T":
                    continue
                if key[at] != "_T":
                    sums[key[:at] + ("_T",) + key[at + 1:]].append(key)
            for total, parts in sums.items():
                if total not in told:
                    continue
                row = {}
                left = 0.0
                for key, sign in [(total, -1)] + [(part, 1) for part in parts]:
                    if told[key] is None:
                        row[place[name, key]] = sign
                    else:
                        left += sign * told[key]
                if row:
                    rows.append(row)
                else:
                    assert left == 0, (name, total, left)
    unknown = len(hidden)
    if len(tables) == 2:
        (one, (_, ones)), (other, (_, others)) = tables.items()
        leaves = lambda told: [key for key in told if "_T" not in key]
        named = {key[0] for key in others}
        shared = {(name, key): [] for name in tables for key in leaves(tables[name][1])}
        for first in leaves(ones):
            agency = first[0] if first[0] in named else "_O"
            for second in leaves(others):
                if second[:2] == (agency, first[1]) and ones[first] != 0 and others[second] != 0:
                    shared[one, first].append(unknown)
                    shared[other, second].append(unknown)
                    unknown += 1
        for cell, parts in shared.items():
            row = dict.fromkeys(parts, 1)
            if cell in place:
                row[place[cell]] = -1
            if row:
                rows.append(row)
    if not hidden:
        return
    equations = numpy.zeros((len(rows), unknown))
    for at, row in enumerate(rows):
        equations[at, list(row)] = list(row.values())
    # A figure is known where no solution of the equations without right sides can change it: where it is
    # a combination of them.
    _, sizes, vectors = numpy.linalg.svd(equations, full_matrices=False)
    fixed = numpy.linalg.norm(vectors[: int((sizes > 1e-9).sum())], axis=0)
    known = [cell for cell, at in place.items() if fixed[at] > 1 - 1e-9]
    assert not known, (list(tables), known[:5])


datasets = graphs()
harvested(datasets)
print(len(datasets), *statistics())
