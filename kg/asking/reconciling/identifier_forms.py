"""Forms in which people write identifiers: ids, prefixed names and addresses of our things and of others'.

Columns of tables and exports of other tools hold `Q11256`, `wd:Q11256`, `http://www.wikidata.org/entity/Q11256`
or `<…>` for the same item, and `actor/fidel-castro`, `actor:fidel-castro` or its IRI for the same thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.asking.reconciling.known_things import KnownThings
from kg.namespaces import SHIPPED, Namespaces
from kg.reading.authorities import AUTHORITIES
from kg.reading.characters import nfc

LETTERS = "~"  # before the letters that all spellings of a value share; no other form of it begins so
_SCHEME = re.compile(r"^https?://", re.IGNORECASE)


def entity_id(text: str, names: Namespaces = SHIPPED) -> str:
    """Return the id of the thing that `text` may mean: an id, an IRI below `id/`, `actor:…` or `id:actor/…`.

    Angle brackets, blanks around, the scheme and a slash at the end make no difference. Any other text is
    returned as it is. `names` has the namespaces of the collection.
    """
    written = without_brackets(text)
    bare = _SCHEME.sub("", written)
    if bare.startswith(_SCHEME.sub("", names.base)):
        return bare.removeprefix(_SCHEME.sub("", names.id)).rstrip("/")
    kind, colon, rest = written.partition(":")
    namespace = names.prefixes.get(kind, "")
    for one in (written, f"{namespace}{rest}" if colon and namespace else ""):
        if name := names.name(one):
            return name
    return written


def catalogue_iris(text: str) -> Iterator[str]:
    """Yield the IRI of the item that `text` may mean in each catalogue whose identifiers have this form."""
    written = without_brackets(text)
    for authority in AUTHORITIES.values():
        if identifier := authority.read(written):
            yield authority.iri_of(identifier)


def without_brackets(text: str) -> str:
    """Return `text` in NFC without blanks around it, and without the angle brackets of an IRI."""
    written = nfc(text.strip())
    return written[1:-1].strip() if written.startswith("<") and written.endswith(">") else written


def identified(known: KnownThings, text: str) -> frozenset[str]:
    """Return the ids of the things whose id, IRI or identifier elsewhere `text` is, in any form."""
    own = entity_id(text, known.names)
    if own in known.things:
        return frozenset({own})
    written = (without_brackets(text), *catalogue_iris(text))
    forms = [form for form in written if form[:1] not in ("", LETTERS)]
    elsewhere = [kind.id for kind in known.properties.values() if kind.namespace]
    numbers = {number for name in elsewhere for form in forms for number in known.having(name, form)}
    return frozenset(map(known.id_of, numbers))
