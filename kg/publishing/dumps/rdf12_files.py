"""The RDF 1.2 edition in a release: the whole graph with the annotations of what is drawn.

Its files have names of their own and announce their version, so that a program for RDF 1.1 takes none of
them for the graph: https://www.w3.org/TR/rdf12-concepts/ section 2.1, https://www.w3.org/TR/rdf12-turtle/.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources.abc import Traversable
from types import MappingProxyType

import pyoxigraph as ox

from kg.publishing.dumps import notice, parts
from kg.publishing.tables import table_files
from kg.reading.collection.description import Description
from kg.resources import folder
from kg.store import nquads
from kg.store.layers import OURS

FOLDER = "rdf12/"
_TITLE = "The whole graph in RDF 1.2, with the statements that each drawn triple is drawn from"
# Ending of each file: N-Quads have neither comment nor announcement, as everywhere in a release.
_ENDINGS: Mapping[str, bytes] = MappingProxyType(
    {"nq": b"", "trig": b'VERSION "1.2"\n', "ttl": b'VERSION "1.2"\n'}
)


def files(
    store: ox.Store, version: str, about: Description = OURS, queries: Traversable | None = None
) -> dict[str, bytes]:
    """Return the files of the edition by path; none if nothing in `store` is drawn.

    `version` is the data version; `about` and `queries` are those of the collection. Raises
    DataError if too much is drawn for a proof of each triple.
    """
    if not gives(store, FOLDER):
        return {}
    from kg.inference import reifiers  # noqa: PLC0415 - its libraries take longer to load than a service to start
    from kg.inference import rules as rule_files  # noqa: PLC0415

    quads = reifiers.annotated(store, rule_files.load((queries or folder("queries")) / "rules"))
    content = parts.Content(lambda: nquads.ordered(quads))
    head = notice.Notice(_TITLE, version, table_files.text_sources(store, queries), about)
    return {_path(ending): _file(content, ending, head) for ending in _ENDINGS}


def gives(store: ox.Store, _path: str) -> bool:
    """Return whether there are files of the edition, that is, whether anything in `store` is drawn."""
    from kg.inference import reifiers  # noqa: PLC0415 - as above

    return any(reifiers.drawn(store))


def titles() -> dict[str, str]:
    """Return the title of each file, a sentence, by its path in the release folder."""
    return {_path(ending): f"{_TITLE}." for ending in _ENDINGS}


def _path(ending: str) -> str:
    return f"{FOLDER}cablegraph-rdf12.{ending}"


def _file(content: parts.Content, ending: str, head: notice.Notice) -> bytes:
    statements = content.quads if parts.keeps_graphs(ending) else content.triples
    body = nquads.serialize_sorted(statements, ending, head.about.names)
    announcement = _ENDINGS[ending]
    return (head.hash_comment() + announcement + body) if announcement else body
