"""The options of `cablegraph serve`: their definitions for click, and a record of their values."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import click

from kg.cli.group import collections_option
from kg.reading.collection.collection import Collection
from server.cli.store_places import Place, store_option
from server.engine.evaluation.query_request import Limits


@dataclass(frozen=True, slots=True)
class Options:
    """The values of the options; `timeout` in seconds, `cache_size` in MiB, `rate` in requests a minute."""

    host: str
    port: int
    timeout: float
    workers: int | None
    texts: Path | None
    drafts: Path | None
    graph: Path | None
    store: Place
    store_files: Path | None
    rdf12: bool
    allow_service: tuple[str, ...]
    rate: int | None
    metrics: bool
    access_log: bool
    log_queries: bool
    behind_proxy: bool
    cache_size: int
    dumps: Path | None
    pid_file: Path | None
    open: bool
    collection: Collection
    watch: bool

    @property
    def shown_texts(self) -> Path | None:
        """The folder of texts that pages show: on this machine only, since their rights are others'."""
        return self.texts if self._serves_this_machine else None

    @property
    def shown_drafts(self) -> Path | None:
        """The folder of drafts that pages show: on this machine only, since nobody has checked the quotes."""
        return self.drafts if self._serves_this_machine else None

    @property
    def _serves_this_machine(self) -> bool:
        return _is_loopback(self.host) and not self.behind_proxy

    @property
    def limits(self) -> Limits:
        """The limits of a query; without `workers` the default number of workers."""
        if self.workers:
            return Limits(timeout=self.timeout, workers=self.workers)
        return Limits(timeout=self.timeout)


def _is_loopback(host: str) -> bool:
    """Return whether `host` is this machine alone (RFC 6761 section 6.3, RFC 6890)."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def parameters() -> list[click.Parameter]:
    """Return the options for click, each named like its field in `Options`."""
    return [*_listening(), *_answering(), *_watching(), collections_option()]


def _listening() -> list[click.Parameter]:
    return [
        _option("--host", str, "Address to listen on.", "127.0.0.1"),
        _option("--port", click.IntRange(0, 65535), "Port; 0 takes a free one.", 8000),
        _flag("--open", "Open the front page in a browser as soon as the service listens."),
        _flag("--behind-proxy", "Trust X-Forwarded-For, -Proto, -Host and -Prefix of one proxy in front."),
        _option(
            "--rate",
            click.IntRange(min=1),
            "Requests a minute that one client may send; more are answered with 429.",
        ),
    ]


def _answering() -> list[click.Parameter]:
    return [
        _option(
            "--timeout",
            click.FloatRange(min=0, max=86_400, min_open=True),
            "Longest time for a query, in seconds.",
            Limits().timeout,
        ),
        _option(
            "--workers",
            click.IntRange(min=1),
            "Queries that run at once; by default one for each processor, at least 2.",
        ),
        _option(
            "--cache-size",
            click.IntRange(min=0),
            "Memory for the answer cache, in MiB; 0 for no cache.",
            64,
        ),
        _option(
            "--graph",
            click.Path(exists=True, dir_okay=False, path_type=Path),
            "Serve this built file, in N-Quads, instead of the records of the collection.",
        ),
        store_option("Serve"),
        _option(
            "--store-files",
            click.Path(exists=True, file_okay=False, path_type=Path),
            "With --store URL: folder of a store on disk with the same data, whose answers, counts, index "
            "for the search and file for downloads are used.",
        ),
        _flag("--rdf12", "Annotate each drawn triple with its statements, in RDF 1.2 (queries/RDF12.md)."),
        _option(
            "--texts",
            click.Path(exists=True, file_okay=False, path_type=Path),
            "Folder with your own copies of the texts, to check the quotes against. Pages show them to this "
            "machine alone: not with another --host, nor with --behind-proxy.",
        ),
        _option(
            "--drafts",
            click.Path(exists=True, file_okay=False, path_type=Path),
            "Folder of drafts, beside that of the records; /drafts/ shows them to this machine alone.",
        ),
        _option(
            "--dumps",
            click.Path(file_okay=False, path_type=Path),
            "Folder for the files of /dumps/, with older releases; by default in the user's cache.",
        ),
        click.Option(
            ["--allow-service"],
            multiple=True,
            metavar="URL",
            help="Exact address that a query may call with SERVICE, for example "
            "https://query.wikidata.org/sparql; repeatable. Without it a query may call none.",
        ),
    ]


def _watching() -> list[click.Parameter]:
    return [
        _flag("--access-log", "Write a line of JSON for every request to standard error."),
        _flag("--log-queries", "Write the text of the query into that line, too."),
        _option(
            "--pid-file",
            click.Path(dir_okay=False, path_type=Path),
            "Write the process ID into this file while the service runs, for `cablegraph reload`.",
        ),
        _flag(
            "--watch",
            "Serve what was just saved in the folder of --collection, and show on each page and on standard "
            "error what was found in it; nothing is cached.",
        ),
        _flag("--metrics", "Offer metrics for Prometheus at /metrics."),
    ]


def _option(name: str, type_: Any, text: str, default: object = None) -> click.Option:
    return click.Option([name], type=type_, help=text, default=default, show_default=default is not None)


def _flag(name: str, text: str) -> click.Option:
    return click.Option([name], is_flag=True, help=text)
