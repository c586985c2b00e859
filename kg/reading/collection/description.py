"""The description of a collection in `collection.yaml`: title, base IRI, licence, curator, usual words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from typing import Any

from kg.errors import DataError, Finding, did_you_mean, near, there_are
from kg.namespaces import BASE, Namespaces
from kg.reading.collection import pages_text
from kg.reading.collection.pages_text import NOTHING, PagesText
from kg.reading.patterns import wrong_language
from kg.reading.yaml_nodes import compose, pairs, plain

FILE = "collection.yaml"
_TEXTS = ("title", "base", "licence", "curator")
_ABOUT = "about"
_LISTS = ("languages", "places", "zones")
_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`?#]+")
_NOT_IN_NAME = re.compile(r"[^a-z0-9]+")
_CREATIVE_COMMONS = re.compile(
    r"https?://creativecommons\.org/(?:licenses|publicdomain)/([a-z-]+)/([0-9.]+)/?\Z"
)
# For data whose rights nobody has told; a rights statement, and no licence.
NOT_EVALUATED = "http://rightsstatements.org/vocab/CNE/1.0/"
_EXAMPLES = {
    "title": "title: Telegrams from the embassy in Havana",
    "base": "base: https://example.org/havana/",
    "licence": "licence: https://creativecommons.org/licenses/by/4.0/",
    "curator": "curator: Jane Doe, University of Example",
}


@dataclass(frozen=True, slots=True)
class Description:
    """What a collection says of itself.

    `base` is the IRI that the names of its things begin with, up to `id/`. `licence` is an IRI, `curator`
    the name of whoever answers for the records. `languages`, `places` and `zones` are what is usual here.
    `about` says in a sentence or two what the collection is, for the front page, and may be empty. `pages` is
    what else it says on its pages. `others` describe the collections that are read together with it.
    """

    title: str
    base: str
    licence: str
    curator: str
    languages: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    zones: tuple[str, ...] = ()
    about: str = ""
    pages: PagesText = NOTHING
    others: tuple[Description, ...] = ()

    @property
    def name(self) -> str:
        """Return the short name of the collection: its title up to the first colon."""
        return self.title.partition(":")[0].strip()

    @property
    def is_ours(self) -> bool:
        """Return whether this is the collection that came with cablegraph."""
        return self.base == BASE

    @property
    def names(self) -> Namespaces:
        """Return the namespaces of the things of the collection."""
        return Namespaces(
            self.base, tuple(zip(self._short_names, (o.base for o in self.others), strict=True))
        )

    @property
    def _short_names(self) -> list[str]:
        """The end of each base of the others, or all of it where two have the same end."""
        whole = [_NOT_IN_NAME.sub("-", o.base.partition("://")[2].lower()).strip("-") for o in self.others]
        ends = [_NOT_IN_NAME.sub("-", o.base.rstrip("/").rpartition("/")[2].lower()) for o in self.others]
        return [end if ends.count(end) == 1 else name for end, name in zip(ends, whole, strict=True)]

    def of(self, iri: str) -> Description:
        """Return the description of the collection, of those read together, that names the thing `iri`."""
        base = self.names.home(iri)
        return next((other for other in self.others if other.base == base), self)

    @property
    def is_described(self) -> bool:
        """Return whether somebody has told title, curator and licence."""
        return self.licence != NOT_EVALUATED

    @property
    def licence_name(self) -> str:
        """Return the short name of a licence of Creative Commons, and the IRI of any other."""
        if not self.is_described:
            return "rights not evaluated"
        match = _CREATIVE_COMMONS.match(self.licence)
        if match is None:
            return self.licence
        return f"CC {match[1].upper()} {match[2]}".replace("CC ZERO", "CC0")

    @property
    def citation(self) -> str:
        """Return how it is cited, without the data version, which is a hash that covers this text."""
        return f"{self.curator}. {self.title}. {self.base}"


def undescribed(base: str) -> Description:
    """Return what can be said of data in `base` of which nobody has told title, curator or licence."""
    place = base.partition("://")[2].rstrip("/#")
    return Description(f"Documents at {place}", base, NOT_EVALUATED, "[curator not named]")


def read(file: Traversable) -> Description:
    """Return the description in `file`; raises DataError with every finding and its line."""
    try:
        content = file.read_bytes()
    except OSError as error:
        text = "cannot be read; name a folder with this file, or make one with `cablegraph new DIR`"
        raise DataError([Finding(FILE, 0, f"{text} ({error.strerror})")]) from None
    return parse(content)


def parse(content: bytes) -> Description:
    """Return the description in the text of a file; raises DataError with every finding and its line."""
    root, findings = compose(FILE, content)
    if root is not None:
        lines = {key: line for key, line, _ in pairs(root)}
        values = plain(root)
        findings += [Finding(FILE, lines.get(key, 0), text) for key, text in _problems(values)]
    if findings or root is None:
        raise DataError(findings)
    title, base, licence, curator = (str(values[key]) for key in _TEXTS)
    languages, places, zones = (tuple(values.get(key, ())) for key in _LISTS)
    about, pages = values.get(_ABOUT, ""), pages_text.read(values)
    return Description(title, base, licence, curator, languages, places, zones, about, pages)


def _problems(values: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each wrong key with what is wrong with it."""
    known = (*_TEXTS, _ABOUT, *_LISTS, *pages_text.KEYS)
    for key in values:
        if key not in known:
            yield key, f"there is no key {key!r}; {did_you_mean(near(key, known)) or there_are(known)}"
    for key in _TEXTS:
        if not isinstance(values.get(key, ""), str) or not values.get(key):
            yield key, f"{key} is missing; write one text, as in `{_EXAMPLES[key]}`"
        elif key in ("base", "licence") and not _IRI.fullmatch(values[key]):
            yield key, f"{key} takes an IRI, as in `{_EXAMPLES[key]}`, not {values[key]!r}"
    if isinstance(base := values.get("base"), str) and _IRI.fullmatch(base) and not base.endswith("/"):
        yield "base", f"base ends with a slash; write `base: {base}/`"
    for key in _LISTS:
        yield from ((key, text) for text in _list_problems(key, values.get(key, [])))
    yield from _about_problems(values.get(_ABOUT, ""))
    yield from pages_text.problems(values)


def _about_problems(about: object) -> Iterator[tuple[str, str]]:
    if not isinstance(about, str):
        yield _ABOUT, "about takes one text, a sentence or two, as in `about: Telegrams of our archive.`"


def _list_problems(key: str, items: object) -> Iterator[str]:
    if not isinstance(items, list) or not all(isinstance(item, str) and item for item in items):
        yield f"{key} takes a list of words, as in `{key}: [{'en, ru' if key == 'languages' else 'havana'}]`"
    elif key == "languages":
        yield from filter(None, map(wrong_language, items))
