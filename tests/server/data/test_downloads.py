"""The files to download: what the index says of them, and how they are sent."""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from pyoxigraph import RdfFormat, Store, parse
from werkzeug.test import Client

from kg.cache import CachedBuild
from kg.publishing.dumps import release_folders
from kg.publishing.dumps.providers import PROVIDERS, Provider
from kg.store import nquads
from server import create_app
from server.data.downloads import file_responses, release_page
from server.data.downloads.releases import Releases

from .. import linked
from ..handled import client_of
from ..pools import open_pool
from ..talking import BROWSER, problem

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX void: <http://rdfs.org/ns/void#>
"""
OLDER = "0123456789abcdef"
ALPHABET = b"abcdefghijklmnopqrstuvwxyz" * 400  # 10,400 bytes, packed to fewer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the release of the small graph, and one of older data."""
    folder = tmp_path_factory.mktemp("dumps")
    release_folders.make(folder, Store(), OLDER * 4)
    store = linked.load()
    release_folders.make(
        folder,
        store,
        built(folder).version,
        (Provider("samples", lambda _store, _version: {"csv/alphabet.txt": ALPHABET}, dict), *PROVIDERS),
        release_folders.recipe(),
    )
    return folder


def built(folder: Path) -> CachedBuild:
    content = nquads.serialize(linked.load(), "nq")
    path = folder / "graph.nq"
    path.write_bytes(content)
    return CachedBuild(path, nquads.version(content))


@pytest.fixture(scope="module")
def app(folder: Path) -> Iterator[Flask]:
    releases = Releases(folder, lambda: built(folder))
    with open_pool(linked.load, linked.LIMITS) as pool:
        yield create_app(pool, name="test graph", data_version="v1", releases=releases)


@pytest.fixture
def client(app: Flask) -> Iterator[Client]:
    with client_of(app, cache_size=1 << 24) as of_service:
        yield of_service


@pytest.fixture(scope="module")
def here(folder: Path) -> str:
    return f"/dumps/{built(folder).version[:16]}/"


@pytest.fixture
def file(here: str) -> str:
    return f"{here}csv/alphabet.txt"


def get(client: Client, path: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """Return status, body and headers of an answer, which is read to its end and closed."""
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.get(path, headers=given) as response:
        return response.status_code, response.data, dict(response.headers)


def listed(client: Client, here: str) -> list[dict[str, object]]:
    return list(json.loads(get(client, f"{here}MANIFEST.json")[1])["files"])


# The index.


def test_the_index_shows_each_file_with_a_link_that_leads_to_it(client: Client, here: str) -> None:
    status, body, headers = get(client, "/dumps/", Accept=BROWSER)
    text = body.decode()
    links = [name for name in re.findall(rf'href="{here}([^"?]*)"', text) if "changes-from" not in name]
    expected = {str(entry["name"]) for entry in listed(client, here)}

    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert {name for name in links if not name.endswith(".gz")} - {""} == expected | {
        "MANIFEST.json",
        "SHA256SUMS",
    }
    assert len(expected) > 80
    for name in sorted(set(links) - {""}):
        with client.head(here + name) as response:
            assert response.status_code == 200, name


def test_the_index_tells_groups_licence_citation_changes_and_older_releases(
    client: Client, here: str
) -> None:
    text = get(client, "/dumps/", Accept=BROWSER)[1].decode()
    titles = re.findall(r'<details id="[a-z]+">\n<summary><strong>([^<]*)</strong>', text)

    assert titles[:3] == ["Whole graph", "Asserted only", "Inferences only"]
    assert titles[-1] == "About this release"
    assert "Tables" in titles
    assert "Cite as: The cablegraph project. cablegraph: " in text
    assert 'href="https://creativecommons.org/licenses/by/4.0/" rel="license"' in text
    assert f'<a href="{here}changes-from/{OLDER}">since <code>{OLDER}</code></a>' in text
    assert '<p class="notice">The tables are left out: the data do not fit them, in ' in text
    assert f'href="/dumps/{OLDER}/"' in text
    assert "<script" not in text
    assert "style=" not in text


def test_the_index_of_older_data_stays(client: Client) -> None:
    status, body, _ = get(client, f"/dumps/{OLDER}/", Accept=BROWSER)

    assert status == 200
    assert f"<code>{OLDER}</code>" in body.decode()
    assert get(client, f"/dumps/{OLDER}/cablegraph.nq")[:2] == (200, b"")


def test_in_json_the_index_is_the_manifest(client: Client, here: str) -> None:
    manifest = get(client, f"{here}MANIFEST.json")[1]

    assert get(client, "/dumps/", Accept="application/json")[1] == manifest
    assert get(client, "/dumps/?format=json")[1] == manifest
    assert get(client, "/dumps/", Accept="image/png")[0] == 406


def test_dcat_has_a_distribution_for_each_file_as_it_is_sent(client: Client, here: str) -> None:
    store = Store()
    store.load(get(client, "/dumps/", Accept="text/turtle")[1], RdfFormat.TURTLE)
    rows = list(
        store.query(
            PREFIXES
            + "SELECT ?url ?size ?sum ?media ?packed { ?v dcat:isVersionOf ?d ; dcat:distribution ?x . "
            "?d dcat:hasCurrentVersion ?v . ?x a dcat:Distribution ; dcat:downloadURL ?url ; dcat:byteSize ?size ; "
            "dcat:mediaType ?media ; dcterms:license <https://creativecommons.org/licenses/by/4.0/> ; "
            "spdx:checksum [ spdx:algorithm spdx:checksumAlgorithm_sha256 ; spdx:checksumValue ?sum ] . "
            "OPTIONAL { ?x dcat:compressFormat ?packed } }"
        )  # type: ignore[arg-type]
    )
    entries = listed(client, here)
    packed = [row for row in rows if row["packed"]]

    assert len(rows) == len(entries) + len([entry for entry in entries if "gzip" in entry])
    assert len(packed) > 10
    for row in rows[::7]:
        body = get(client, row["url"].value.removeprefix("http://localhost"))[1]
        assert (len(body), hashlib.sha256(body).hexdigest()) == (int(row["size"].value), row["sum"].value)
    media = {row["url"].value: row["media"].value for row in rows}
    assert media[f"http://localhost{here}cablegraph.ttl.gz"].endswith("media-types/text/turtle")


def test_dcat_tells_the_specification_of_a_syntax_and_all_versions(client: Client, here: str) -> None:
    store = Store()
    store.load(get(client, "/dumps/?format=nt")[1], RdfFormat.N_TRIPLES)
    specification = store.query(
        PREFIXES + f"ASK {{ ?x dcat:downloadURL <http://localhost{here}ontology.ttl> ; "
        "dcterms:conformsTo <https://www.w3.org/TR/turtle/> }"
    )
    versions = store.query(PREFIXES + f"SELECT ?v {{ <{linked.BASE}dataset> dcat:hasVersion ?v }}")

    assert specification
    assert {row["v"].value for row in versions} == {  # type: ignore[union-attr]
        f"{linked.BASE}dumps/{OLDER}/",
        f"https://w3id.org/cablegraph{here}",
    }


def test_the_catalogue_and_void_lead_to_the_files(client: Client) -> None:
    catalogue, void = (
        {
            (quad.predicate.value.rpartition("#")[2], quad.object.value)
            for quad in parse(body, RdfFormat.TURTLE)
        }
        for body in (get(client, path)[1] for path in ("/catalogue", "/.well-known/void"))
    )
    dumps = {value for predicate, value in void if predicate == "dataDump"}

    assert dumps <= {value for predicate, value in catalogue if predicate == "downloadURL"}
    assert ("landingPage", "http://localhost/dumps/") in catalogue
    assert dumps == {f"http://localhost/dumps/latest/cablegraph.{ending}" for ending in nquads.SYNTAXES}
    for address in dumps:
        assert get(client, address.removeprefix("http://localhost"))[0] == 302


def test_machines_are_led_onward(client: Client, here: str) -> None:
    with client.get("/dumps/") as response:
        links = re.findall(r'<([^>]*)>; rel="([^"]*)"', ", ".join(response.headers.getlist("Link")))
    linkset = json.loads(get(client, "/dumps/?format=linkset")[1])["linkset"]

    assert (f"https://w3id.org/cablegraph{here}", "cite-as") in links
    assert ("https://creativecommons.org/licenses/by/4.0/", "license") in links
    assert (f"{here}?format=ttl", "describedby") in links
    assert (f"{here}?format=linkset", "linkset") in links
    assert [target for target, relation in links if relation == "item"] == [
        f"{here}cablegraph.{ending}"
        for ending in ("ttl", "nt", "nq", "trig", "jsonld", "quads.jsonld", "rdf")
    ]
    assert linkset[0]["anchor"] == f"http://localhost{here}"
    assert len(linkset[0]["item"]) == len(listed(client, here))


def test_a_proxys_prefix_is_in_every_address(client: Client, here: str) -> None:
    with client.get("/dumps/", headers={"Accept": BROWSER}, base_url="http://ex.org/kg") as page:
        assert f'href="/kg{here}cablegraph.ttl"' in page.text
    with client.get("/dumps/latest/asserted.nt", base_url="http://ex.org/kg") as response:
        assert response.headers["Location"] == f"/kg{here}asserted.nt"


# The files.


def test_a_file_is_sent_as_it_is_for_good(client: Client, file: str) -> None:
    status, body, headers = get(client, file)

    assert (status, body) == (200, ALPHABET)
    assert headers["ETag"] == f'"{hashlib.sha256(ALPHABET).hexdigest()}"'
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Length"] == str(len(ALPHABET))
    assert headers["Accept-Ranges"] == "bytes"
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Last-Modified" not in headers
    assert "Content-Encoding" not in headers


def test_latest_leads_to_the_present_release(client: Client, here: str) -> None:
    for path in ("", "csv/alphabet.txt"):
        status, _, headers = get(client, f"/dumps/latest/{path}")
        assert (status, headers["Location"], headers["Cache-Control"]) == (302, here + path, "no-cache")


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("cablegraph.ttl", 'attachment; filename="cablegraph-{}.ttl"'),
        ("layers/telegram/t.nq.gz", 'attachment; filename="cablegraph-{}-layers-telegram-t.nq.gz"'),
        ("SHA256SUMS", 'inline; filename="cablegraph-{}-SHA256SUMS"'),
    ],
)
def test_a_file_has_a_telling_name(client: Client, here: str, path: str, title: str) -> None:
    assert get(client, here + path)[2]["Content-Disposition"] == title.format(here.split("/")[2])


def test_a_name_tells_the_release_once() -> None:
    assert file_responses.download_name("v", "cablegraph.nq.gz") == "cablegraph-v.nq.gz"
    assert file_responses.download_name("v", "a/b.csv") == "cablegraph-v-a-b.csv"


def test_gzip_is_sent_where_it_is_accepted_under_a_tag_of_its_own(client: Client, file: str) -> None:
    status, body, headers = get(client, file, Accept_Encoding="gzip")
    packed = get(client, f"{file}.gz", Accept_Encoding="gzip")

    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == ALPHABET
    assert headers["Content-Length"] == str(len(body))
    assert headers["ETag"] == f'"{hashlib.sha256(body).hexdigest()}"' != get(client, file)[2]["ETag"]
    assert headers["Content-Type"] == "text/plain; charset=utf-8"
    assert "Accept-Encoding" in headers["Vary"]
    assert packed[:2] == (200, body)
    assert packed[2]["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in packed[2]
    assert "Content-Encoding" not in get(client, file, Accept_Encoding="gzip;q=0")[2]


def test_what_has_no_gzip_file_is_sent_plain(client: Client, here: str) -> None:
    assert "Content-Encoding" not in get(client, f"{here}LICENSE-DATA", Accept_Encoding="gzip")[2]
    problem(client.get(f"{here}LICENSE-DATA.gz"), 404, "not-found")


def test_head_gives_the_headers_of_get(client: Client, file: str) -> None:
    with client.head(file, headers={"Range": "bytes=0-9"}) as response:
        headers = dict(response.headers)
        assert (response.status_code, response.data) == (
            200,
            b"",
        )  # RFC 9110 section 14.2: only GET has ranges
    ignored = {"X-Request-ID", "Date"}

    assert {k: v for k, v in headers.items() if k not in ignored} == {
        k: v for k, v in get(client, file)[2].items() if k not in ignored
    }


def test_who_has_a_file_is_told_so(client: Client, file: str) -> None:
    tag = get(client, file)[2]["ETag"]
    packed = get(client, file, Accept_Encoding="gzip")[2]["ETag"]

    status, body, headers = get(client, file, If_None_Match=tag)
    assert (status, body, headers["ETag"]) == (304, b"", tag)
    assert get(client, file, If_None_Match=packed)[0] == 200
    assert get(client, file, If_None_Match=packed, Accept_Encoding="gzip")[0] == 304
    assert get(client, file, If_Match='"other"')[:2] == (412, b"")
    assert get(client, file, If_Match=tag)[0] == 200


def test_a_large_file_is_sent_in_pieces_and_not_kept_in_memory(app: Flask, here: str) -> None:
    with app.test_client().get(f"{here}shapes.nq", buffered=False) as response:
        pieces = [len(piece) for piece in response.response]
        assert len(pieces) > 10
        assert max(pieces) <= 65_536


# Ranges: the examples of RFC 9110 section 14.1.2, for a representation of 10,400 bytes.


@pytest.mark.parametrize(
    ("wanted", "first", "end"),
    [
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 1000),
        ("bytes=-500", 9900, 10_400),
        ("bytes=9500-", 9500, 10_400),
        ("bytes=0-0", 0, 1),
        ("bytes=-1", 10_399, 10_400),
        ("bytes=10000-99999", 10_000, 10_400),  # a last position beyond the end is taken for the end
        ("bytes=-99999", 0, 10_400),  # a longer suffix than there is means all
        ("BYTES=0-4", 0, 5),
    ],
)
def test_one_range_is_sent(client: Client, file: str, wanted: str, first: int, end: int) -> None:
    status, body, headers = get(client, file, Range=wanted)

    assert (status, body) == (206, ALPHABET[first:end])
    assert headers["Content-Range"] == f"bytes {first}-{end - 1}/10400"
    assert headers["Content-Length"] == str(end - first)
    assert headers["ETag"] == f'"{hashlib.sha256(ALPHABET).hexdigest()}"'


@pytest.mark.parametrize("wanted", ["bytes=10400-", "bytes=99999-100000", "bytes=-0"])
def test_a_range_beyond_the_file_is_refused_with_its_length(client: Client, file: str, wanted: str) -> None:
    response = client.get(file, headers={"Range": wanted})

    problem(response, 416, "range-not-satisfiable")
    assert response.headers["Content-Range"] == "bytes */10400"


@pytest.mark.parametrize(
    "wanted",
    [
        *("bytes=0-0,-1", "bytes= 0-999, 4500-5499, -1000"),  # several: a server may ignore them (14.2)
        *("items=0-4", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=9-3", "0-4"),
        f"bytes={'9' * 5000}-",
    ],
)
def test_what_is_not_one_range_of_bytes_is_ignored(client: Client, file: str, wanted: str) -> None:
    assert get(client, file, Range=wanted)[:2] == (200, ALPHABET)


def test_a_range_is_sent_only_if_the_file_is_the_same(client: Client, file: str) -> None:
    tag = get(client, file)[2]["ETag"]
    wanted = "bytes=0-4"

    assert get(client, file, Range=wanted, If_Range=tag)[:2] == (206, b"abcde")
    for other in ('"other"', f"W/{tag}", "Sun, 22 Nov 2026 12:00:00 GMT", "nonsense"):
        assert get(client, file, Range=wanted, If_Range=other)[:2] == (200, ALPHABET)
    assert get(client, file, If_Range='"other"')[0] == 200


def test_other_conditions_come_before_the_range(client: Client, file: str) -> None:
    tag = get(client, file)[2]["ETag"]

    assert get(client, file, Range="bytes=0-4", If_None_Match=tag)[0] == 304
    assert get(client, file, Range="bytes=0-4", If_Match='"other"')[0] == 412
    assert get(client, file, Range="bytes=0-4", If_Match=tag)[0] == 206


def test_ranges_with_a_coding_are_ranges_of_the_packed_bytes(client: Client, file: str) -> None:
    whole = get(client, f"{file}.gz")[1]
    halves = [
        get(client, file, Range=wanted, Accept_Encoding="gzip") for wanted in ("bytes=0-49", "bytes=50-")
    ]

    assert [status for status, _, _ in halves] == [206, 206]
    assert {headers["Content-Encoding"] for _, _, headers in halves} == {"gzip"}
    assert halves[0][2]["Content-Range"] == f"bytes 0-49/{len(whole)}"
    assert gzip.decompress(halves[0][1] + halves[1][1]) == ALPHABET


# What there is not.


@pytest.mark.parametrize(
    "path",
    [
        *("../graph.nq", "..%2fgraph.nq", "%2e%2e/graph.nq", "csv/../../graph.nq", "..%5cgraph.nq"),
        *(
            ".recipe",
            "../.lock",
            "csv",
            "csv/",
            "%00",
            "cablegraph.ttl%00",
            "/etc/passwd",
            "%2fetc%2fpasswd",
        ),
        *("MANIFEST.json/", "MANIFEST.json.gz", "cablegraph.ttl.gz.gz", "CABLEGRAPH.ttl", "é"),
    ],
)
def test_nothing_but_what_is_listed_is_served(client: Client, here: str, path: str) -> None:
    problem(client.get(here + path, follow_redirects=True), 404, "not-found")


@pytest.mark.parametrize("name", ["0" * 16, "..", "%2e%2e", ".making", "x", "graph.nq", "0123456789abcdef-2"])
def test_a_release_that_is_not_there_is_told_with_those_that_are(client: Client, name: str) -> None:
    response = client.get(f"/dumps/{name}/cablegraph.ttl", follow_redirects=True)

    problem(response, 404, "not-found")
    if name == "x":
        assert f"there are: {OLDER}" in response.text


def test_a_file_that_somebody_took_away_is_not_found(client: Client, folder: Path) -> None:
    gone = folder / OLDER / "ontology" / "context.jsonld"
    gone.unlink()

    problem(client.get(f"/dumps/{OLDER}/ontology/context.jsonld"), 404, "not-found")


def test_files_are_only_read(client: Client, file: str) -> None:
    for method in ("POST", "PUT", "DELETE"):
        problem(client.open(file, method=method), 405, "method-not-allowed")


def test_a_service_without_a_folder_offers_none() -> None:
    with open_pool(linked.load, linked.LIMITS) as pool:
        client = create_app(pool, data_version="v1").test_client()
        for path in ("/dumps/", "/dumps/latest/x", f"/dumps/{OLDER}/cablegraph.nq"):
            problem(client.get(path), 404, "not-found")
        assert b"dataDump" not in client.get("/.well-known/void").data
        assert b"/dumps/" not in client.get("/", headers={"Accept": BROWSER}).data


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (1_404_645, "1.4 MB"),
        (999_600, "1 MB"),
        (73 * 10**12, "73 TB"),
    ],
)
def test_sizes_are_written_for_people(count: int, text: str) -> None:
    assert release_page.size(count) == text
