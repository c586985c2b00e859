"""Names of terms: as they are written in SPARQL, how like one is to another, and how one may be misspelt."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator

import pyoxigraph as ox
from rapidfuzz import fuzz
from rapidfuzz.distance import Prefix

from kg.namespaces import CG, PREFIXES, SHIPPED, Namespaces
from kg.terms import short

WORD = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
# The likeness from which a name is suggested, of 100: sentBy and sender have 75, for their start.
ALIKE = 62
_START = 3  # letters that a common start has at least
_IN_NAME = 90  # the likeness of a name that has all words of the unknown name among others
# Words at the end of a name that say little: sentBy is also compared as sent.
_SMALL_WORD = re.compile(r"(?<=[a-z])(?:By|Of|In|At|To|On|From|With)\Z")
_LONGEST = 24  # letters of a name that is misspelt


def written(iri: str, names: Namespaces = SHIPPED) -> str:
    """Return an IRI with its prefix, as it is written in SPARQL; in angle brackets where it has none.

    `names` has the namespaces of the collection.
    """
    text = short(ox.NamedNode(iri), names)
    if iri.startswith(CG):
        return f"cg:{text}"
    prefix, colon, local = text.partition(":")
    return text if colon and prefix in PREFIXES and "/" not in local else f"<{iri}>"


def likeness(unknown: str, known: str) -> float:
    """Return the likeness of two names, of 100; a name with all words of the other is very like it."""
    one, other = unknown.lower(), known.lower()
    words = {word.lower() for word in WORD.findall(unknown)}
    has_all = bool(words) and words <= {word.lower() for word in WORD.findall(known)}
    core = _SMALL_WORD.sub("", unknown).lower()
    common = Prefix.similarity(core, other)
    start = 100 * common / len(core) if common >= _START else 0
    return max(fuzz.ratio(one, other), start, _IN_NAME * has_all)


def misspelt(name: str) -> Iterator[str]:
    """Yield the names that differ from `name` by one letter, its case, or the order of two neighbours."""
    if len(name) > _LONGEST:
        return
    for n in range(len(name) + 1):
        before, after = name[:n], name[n:]
        if after:
            yield before + after[1:]
            yield before + after[0].swapcase() + after[1:]
        if len(after) > 1:
            yield before + after[1] + after[0] + after[2:]
        for letter in string.ascii_lowercase:
            yield before + letter + after
            if after:
                yield before + letter + after[1:]
