"""Candidates: pairs of people of two volumes who may be one, by name, office and time, each with its reasons.

A candidate is a proposal to a person. Nothing is joined by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from kg.curating.drafting.heads.parties import Party
from kg.curating.importing.people.named_people import NamedPerson, offices_of
from kg.curating.importing.people.person_names import NameReader, PlainName
from kg.curating.importing.volumes.posts import DEPARTMENT, post_of

LEAST = 0.5  # the score from which a pair is offered
_CAREER = 40  # years that two documents of one person may lie apart
# What speaks for a pair adds to its score. Nobody measured a probability; the order is what counts.
_NAMES = {3: (0.6, "the same given name"), 2: (0.45, "the same initials"), 1: (0.3, "the same first initial")}
_BARE = (0.2, "a family name alone on one side")
_SAME_POST, _SAME_OFFICE, _NEAR, _LATER = 0.25, 0.1, 0.1, 0.05


@dataclass(frozen=True, slots=True)
class PeoplePair:
    """Two people who may be one, how much speaks for it, and what."""

    one: NamedPerson
    other: NamedPerson
    score: float
    why: tuple[str, ...]


@dataclass
class _Compared:
    """A person as it is compared with others."""

    person: NamedPerson
    name: PlainName

    @cached_property
    def offices(self) -> set[str]:
        return set(offices_of(self.person))

    @cached_property
    def posts(self) -> set[str]:
        """Return the countries or bodies of its offices; the Department alone tells nobody."""
        return {post for office in self.offices if (post := post_of(Party(role=office)))}


def candidates(people: Mapping[str, NamedPerson], least: float = LEAST) -> list[PeoplePair]:
    """Return the pairs of people of different volumes that have at least that score, the highest first."""
    families: dict[str, list[_Compared]] = {}
    reader = NameReader()
    for key in sorted(people):
        for name in reader.names_of(people[key])[:1]:
            families.setdefault(name.family, []).append(_Compared(people[key], name))
    pairs = (pair for group in families.values() for pair in combinations(group, 2))
    found = [one for first, second in pairs if (one := _candidate(first, second)) and one.score >= least]
    return sorted(found, key=lambda pair: (-pair.score, pair.one.key, pair.other.key))


def _candidate(first: _Compared, second: _Compared) -> PeoplePair | None:
    one, other = first.person, second.person
    name, its = first.name, second.name
    apart = _apart(one.years, other.years)
    if one.volume == other.volume or (apart or 0) > _CAREER or not name.agrees(its):
        return None
    told = _told(name, its)
    reasons = [_NAMES.get(told, _BARE), *_by_office(first, second), *_by_time(apart)]
    score = min(sum(score for score, _ in reasons), 0.95)
    return PeoplePair(one, other, round(score, 2), tuple(why for _, why in reasons))


def _told(name: PlainName, its: PlainName) -> int:
    """Return how much two names that agree have in common: whole names tell more than initials."""
    both = list(zip(name.given, its.given, strict=False))
    if any(a == b and len(a) > 2 for a, b in both):
        return 3
    return min(len(both), 2)


def _by_office(first: _Compared, second: _Compared) -> Iterator[tuple[float, str]]:
    posts = sorted((first.posts & second.posts) - {DEPARTMENT})
    offices = {office.lower() for office in first.offices} & {office.lower() for office in second.offices}
    if posts:
        yield _SAME_POST, f"the same post, {posts[0]}"
    elif DEPARTMENT in first.posts & second.posts:
        yield _SAME_POST, "the same post, Department of State"
    if offices:
        yield _SAME_OFFICE, f"the same office, {min(offices)}"


def _by_time(apart: int | None) -> Iterable[tuple[float, str]]:
    if apart is None:
        return []
    if apart <= 3:
        return [(_NEAR, "in the same years" if apart == 0 else f"{apart} years apart")]
    return [(_LATER, f"{apart} years apart")] if apart <= 15 else []


def _apart(one: set[int], other: set[int]) -> int | None:
    """Return the years between two people, 0 where their years overlap; None if they are not known."""
    if not one or not other:
        return None
    return max(0, min(one) - max(other), min(other) - max(one))
