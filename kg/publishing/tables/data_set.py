"""What is said of the data set as a whole, wherever it is described: `about.yaml` and the graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

from kg.namespaces import BASE
from kg.publishing.tables.table_rows import Filled
from kg.store.layers import LICENCE


@dataclass(frozen=True, slots=True)
class TextSource:
    """One text on which the data rests: its title, its page, and who published and translated it.

    All but the title may be empty; `rights` is what the page says of reuse.
    """

    title: str
    page: str = ""
    publisher: str = ""
    translator: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """The data set: its version is the SHA-256 of the sorted N-Quads, `published` a day (ISO 8601).

    `reading` are sentences on how to read the tables, `files` says what the files beside them are.
    """

    name: str
    title: str
    description: str
    published: str
    creator: str
    keywords: tuple[str, ...]
    licence: str
    licence_title: str
    licence_reach: str
    reading: tuple[str, ...]
    files: Mapping[str, str]
    version: str
    sources: tuple[TextSource, ...] = ()

    @property
    def homepage(self) -> str:
        """Return the address of the data set."""
        return BASE

    @property
    def licence_address(self) -> str:
        """Return the address of the licence."""
        return LICENCE

    @property
    def citation(self) -> str:
        """Return how the data is cited, in one line."""
        return f"{self.creator}. {self.title}. Data version {self.version}. {self.homepage}"


def about(version: str, sources: Iterable[TextSource] = ()) -> About:
    """Return what is said of the data set in `version`, resting on `sources`."""
    text = (files("kg.publishing.tables") / "about.yaml").read_text(encoding="utf-8")
    said = yaml.safe_load(text)
    licence = said["licence"]
    return About(
        name=said["name"],
        title=said["title"],
        description=said["description"],
        published=said["published"],
        creator=said["creator"],
        keywords=tuple(said["keywords"]),
        licence=licence["name"],
        licence_title=licence["title"],
        licence_reach=licence["reach"],
        reading=tuple(said["reading"]),
        files=said["files"],
        version=version,
        sources=tuple(sources),
    )


def sources(filled: Iterable[Filled]) -> tuple[TextSource, ...]:
    """Return the texts that were read: the rows of the table `telegrams` that have one."""
    return tuple(
        TextSource(
            f"{row['title']} ({row['text']})",
            row["page"],
            row["publisher"],
            row["translator"],
            row["rights"],
        )
        for one in filled
        if one.table.name == "telegrams"
        for row in one.dicts()
        if row["text"]
    )
