"""Posts: in whose series a party writes, so that `your No. 45` leads to the series of the addressee.

A post is a text such as `great britain`, `geneva`, `department`; the embassy, the legation and whoever heads
them in one country are one post. It is a key for comparison and no thing of the graph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from kg.curating.drafting.finding.name_forms import family
from kg.curating.drafting.heads.parties import Party

DEPARTMENT = "department"
_DEPARTMENT = re.compile(
    r"\b(?:Secretary of State(?! for)|Department of State|Secretary’s Office)", re.IGNORECASE
)
_ABROAD = re.compile(
    r"\b(?:Ambassador|Minister|Charge|Legation|Embassy|Agent|Commissioner|Counselor|Consul(?:ate)?|"
    r"Vice Consul|Consular Agent|Envoy|Mission|Delegation|Representative|Secretary)\b"
    r"[^,;()]*?\s(?:in|at|to)\s+(?:the\s+)?(?P<place>[A-Z].*)$"
)
# The secretary of state of another country, as in `the Cuban Secretary of State`.
_FOREIGN = re.compile(
    r"\b(?!American)(?P<nation>[A-Z][a-z]+(?:an|ese|ish|uch|sh)) (?:Acting )?Secretary of State"
)
_NATIONAL = re.compile(
    r"^(?:the\s+)?(?P<nation>[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)?)\s+(?:Ambassador|Minister|Charge|Embassy|Legation|Consul)\b"
)
_MISSION = re.compile(
    r"\b(?:Embassy|Legation|Consulate|Mission|Delegation|Interests Section|Liaison Office)\b"
)
_TEMPORARY = re.compile(r"\((?:temporarily|then)[^)]*\)|,?\s*temporarily (?:in|at) [\w ]+$", re.IGNORECASE)
# Whose a cited document is, by the word before it.
_OURS = ("our", "my", "this", "mine")
_YOURS = ("your", "yours", "you")
_MISSIONS = (
    "embassy",
    "legation",
    "consulate",
    "delegation",
    "commission",
    "mission",
    "ambassador",
    "minister",
    "consul",
)


def post_of(party: Party) -> str:
    """Return the post of a party; an empty text if nothing tells one."""
    words = _plain(_TEMPORARY.sub("", party.role or "").replace("'", "’").strip(" ,"))
    if foreign := _FOREIGN.search(words):
        return f"{foreign.group('nation').lower()} mission"
    if _DEPARTMENT.search(words) or (not words and _DEPARTMENT.fullmatch(party.name)):
        return DEPARTMENT
    if not words:
        return _of_name(party)
    abroad = _ABROAD.search(words)
    if abroad:
        return abroad.group("place").lower().strip(" ,.")
    national = _NATIONAL.match(words)
    if national:
        return f"{national.group('nation').lower()} mission"
    return re.sub(r"^(?:the|acting|special)\s+", "", words.lower())


def _plain(words: str) -> str:
    """Return words without accents, which an edition sets in one head and leaves out in the next."""
    return "".join(one for one in unicodedata.normalize("NFD", words) if not unicodedata.combining(one))


def _of_name(party: Party) -> str:
    """Return the post of a party without an office: that of a mission, else the family name."""
    if _is_mission(party):
        return post_of(Party("", party.name))
    return _plain(family(party.name).lower()) if party.name else ""


def _is_mission(party: Party) -> bool:
    """Return whether a party that has no office is a mission, as in `Embassy in Ostria`."""
    words = _plain(party.name or "")
    return not party.role and bool(_MISSION.search(words))


def posts_of(parties: Sequence[Party]) -> tuple[str, ...]:
    """Return the posts of the parties of one side, each once; who signs for a mission is of it."""
    bodies = [one for one in parties if _is_mission(one) or post_of(one) == DEPARTMENT]
    return tuple(dict.fromkeys(filter(None, map(post_of, bodies or parties))))


def side_of(owner: str, senders: Sequence[str], recipients: Sequence[str]) -> str:
    """Return `from` or `to`, the side of a document that wrote what it calls `owner`'s; empty if untold."""
    word = owner.lower().replace("'", "’").removeprefix("the ").strip()
    if word.startswith(_OURS):
        return "from"
    if word.startswith(_YOURS):
        return "to"
    word = word.partition("’")[0]
    if word in ("department", "department of state"):
        return "from" if DEPARTMENT in senders else "to" if DEPARTMENT in recipients else ""
    if word.endswith(_MISSIONS):
        if DEPARTMENT in senders and DEPARTMENT not in recipients:
            return "to"
        return "from" if DEPARTMENT in recipients and DEPARTMENT not in senders else ""
    return ""
