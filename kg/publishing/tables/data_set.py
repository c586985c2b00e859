"""Description of the data set as a whole, from `about.yaml` and the graph: title, licence, sources."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

from kg.publishing.tables.table_rows import FilledTable
from kg.reading.collection.description import Description
from kg.store.layers import OURS


@dataclass(frozen=True, slots=True)
class TextSource:
    """One text on which the data rests: its title, the address of its page, publisher and translator.

    All but the title may be empty. `rights` are the terms of reuse on the page.
    """

    title: str
    page: str = ""
    publisher: str = ""
    translator: str = ""
    rights: str = ""


@dataclass(frozen=True, slots=True)
class About:
    """Description of the data set.

    `version` is the SHA-256 of the sorted N-Quads, and `published` a day (ISO 8601). `reading` are
    sentences on how to read the tables. `files` has a description of each file beside the CSV by path.
    `homepage` is the address of the data set.
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
    homepage: str
    licence_address: str
    sources: tuple[TextSource, ...] = ()

    @property
    def citation(self) -> str:
        """Return the citation of the data, in one line."""
        return f"{self.creator}. {self.title}. Data version {self.version}. {self.homepage}"


def about(version: str, sources: Iterable[TextSource] = (), collection: Description = OURS) -> About:
    """Return the description of the data set in `version`, which rests on `sources`.

    What `about.yaml` says of ours is left out for any other `collection`.
    """
    text = (files("kg.publishing.tables") / "about.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    licence = entries["licence"]
    if not collection.is_ours:
        licence |= {"name": collection.licence_name.replace(" ", "-"), "title": collection.licence_name}
        entries |= {
            "name": re.sub(r"[^a-z0-9]+", "-", collection.name.lower()).strip("-") or "telegrams",
            "description": f"{collection.title}: who holds what, according to whom, and in which words.",
            "keywords": ["diplomacy"],
        }
    return About(
        name=entries["name"],
        title=collection.title,
        description=entries["description"],
        published=entries["published"],
        creator=collection.curator,
        keywords=tuple(entries["keywords"]),
        licence=licence["name"],
        licence_title=licence["title"],
        licence_reach=licence["reach"],
        reading=tuple(entries["reading"]),
        files=entries["files"],
        version=version,
        homepage=collection.base,
        licence_address=collection.licence,
        sources=tuple(sources),
    )


def sources(filled: Iterable[FilledTable]) -> tuple[TextSource, ...]:
    """Return the texts on which the data rests: the rows of the table `telegrams` that have one."""
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
