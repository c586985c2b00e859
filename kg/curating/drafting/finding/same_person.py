"""Mentions of one person within one document, joined: a family name alone, initials and the whole name.

Two names are of one person if their family names are the same and their given names or initials agree.
"President Kennedy" beside "R. Kennedy" is somebody else. Persons of the collection are matched elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from kg.curating.drafting.finding.name_forms import Mention, family
from kg.curating.drafting.source.found import Found


@dataclass
class _Person:
    """The mentions that are taken for one person."""

    mentions: list[Mention] = field(default_factory=list)

    @property
    def fullest(self) -> Mention:
        """Return the first mention with a given name or initials, else the first."""
        return min(self.mentions, key=lambda m: (not _given(m.name), m.start < 0, m.start))


def persons(mentions: Iterable[Mention], telling: Mapping[str, Mapping[str, str]]) -> list[Found]:
    """Return each person once, under the fullest name that the text writes, in the order of first mention."""
    ordered = sorted(mentions, key=lambda mention: mention.start)
    groups: list[_Person] = []
    for mention in ordered:
        if _given(mention.name):
            _join(groups, mention)
    for mention in ordered:
        if not _given(mention.name):
            _join_bare(groups, mention, telling.get(mention.title, {}))
    groups.sort(key=lambda group: min(mention.start for mention in group.mentions))
    return [Found(m.name, m.start, m.end, m.certainty) for m in (group.fullest for group in groups)]


def _join(groups: list[_Person], mention: Mention) -> None:
    for group in groups:
        if all(agree(mention.name, other.name) for other in group.mentions):
            group.mentions.append(mention)
            return
    groups.append(_Person([mention]))


def _join_bare(groups: list[_Person], mention: Mention, holders: Mapping[str, str]) -> None:
    """Join a family name alone to the first person of that name, unless its title tells another one."""
    name = _folded(mention.name)
    same = [group for group in groups if name in _ends(family(group.mentions[0].name))]
    if name in holders:
        same = [
            group for group in same if (_given(group.fullest.name) or [holders[name]])[0][0] == holders[name]
        ]
    same = same or [group for group in groups if _begins(group.fullest.name, name)]
    if same:
        same[0].mentions.append(mention)
    else:
        groups.append(_Person([mention]))


def _begins(whole: str, name: str) -> bool:
    """Return whether a name of several words begins with that one, as `Chou En-lai` and `Fidel Castro` do."""
    first, *more = whole.split()
    return bool(more) and _folded(first) == name


def agree(one: str, other: str) -> bool:
    """Return whether two names may be of one person: the same family name, given names that do not differ."""
    if not _same_family(_folded(family(one)), _folded(family(other))):
        return False
    return all(
        a.startswith(b) or b.startswith(a)  # an initial, or short as in "Geo."
        for a, b in zip(_given(one), _given(other), strict=False)
    )


def initialled(initials: str, name: str) -> bool:
    """Return whether a signature of initials alone, as in `W. W.`, may be of the person with this name."""
    letters = re.fullmatch(r"(?:[A-Z]\.?\s?){2,4}", initials)
    return bool(letters and name) and re.findall("[A-Z]", initials)[-1] == family(name)[0]


def _ends(family_name: str) -> set[str]:
    """Return a family name in lower case, and the last part of one with a hyphen."""
    return {_folded(family_name), _folded(family_name.rpartition("-")[2])}


def _same_family(one: str, other: str) -> bool:
    """Return whether two family names are the same; a Russian one may have the ending of a case."""
    short, long = sorted((one, other), key=len)
    declined = re.fullmatch("[а-яё]{4,}", short) and long.startswith(short) and len(long) - len(short) < 3
    return one == other or bool(declined)


def _given(name: str) -> list[str]:
    """Return the given names and initials of a name, in lower case without points."""
    last = family(name)
    rest = re.sub(rf"(?<!\w){re.escape(last)}(?!\w)", " ", name, count=1)
    return [
        word.lower()
        for word in re.findall(r"\w+", rest)
        if word.lower() not in ("jr", "de", "la", "del", "van", "von")
    ]


def _folded(word: str) -> str:
    return word.lower().replace("'", "")
