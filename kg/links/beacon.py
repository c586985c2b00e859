"""Links in BEACON, for those who hold identifiers of a catalogue and look for pages about them.

https://gbv.github.io/beaconspec/beacon.html (draft 003): the source of each link is the identifier in the
catalogue, its target the thing here, its annotation the thing's name. All links of a file have one
relation, so that only exact matches are in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from kg.links.authorities import Authority
from kg.links.linked import Link
from kg.namespaces import BASE, ID

_EXACT = "http://www.w3.org/2004/02/skos/core#exactMatch"


def written(links: Sequence[Link], authority: Authority) -> str:
    """Return the exact matches among `links`, of which there must be one, as a BEACON file.

    The time stamp is the day of the newest check, no time of writing.
    """
    prefix, _, rest = authority.iri.partition("{}")
    head = {
        "FORMAT": "BEACON",
        # Without {ID} the identifier is put at the end.
        "PREFIX": f"{prefix}{{ID}}{rest}" if rest else prefix,
        "TARGET": f"{ID}{{+ID}}",
        "RELATION": _EXACT,
        "NAME": "cablegraph",
        "DESCRIPTION": f"People, bodies and places of diplomatic telegrams, by {authority.title} identifier",
        "HOMEPAGE": BASE,
        "FEED": f"{BASE}links/{authority.name}.beacon.txt",
        "TIMESTAMP": max(link.checked for link in links).isoformat(),
    }
    lines = [f"#{name}: {value}" for name, value in head.items()]
    body = sorted(f"{link.identifier}|{_plain(link.label)}|{link.iri.removeprefix(ID)}" for link in links)
    return "\n".join([*lines, "", *body]) + "\n"


def _plain(text: str) -> str:
    """Return `text` without the bar that separates fields, and without line ends."""
    return " ".join(text.replace("|", "/").split())
