"""Description of the data set as a whole, from `about.yaml` and the graph: title, licence, sources."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files

import yaml

from kg.namespaces import BASE
from kg.publishing.tables.table_rows import FilledTable
from kg.store.layers import LICENCE


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
        """Return the citation of the data, in one line."""
        return f"{self.creator}. {self.title}. Data version {self.version}. {self.homepage}"


def about(version: str, sources: Iterable[TextSource] = ()) -> About:
    """Return the description of the data set in `version`, which rests on `sources`."""
    text = (files("kg.publishing.tables") / "about.yaml").read_text(encoding="utf-8")
    entries = yaml.safe_load(text)
    licence = entries["licence"]
    return About(
        name=entries["name"],
        title=entries["title"],
        description=entries["description"],
        published=entries["published"],
        creator=entries["creator"],
        keywords=tuple(entries["keywords"]),
        licence=licence["name"],
        licence_title=licence["title"],
        licence_reach=licence["reach"],
        reading=tuple(entries["reading"]),
        files=entries["files"],
        version=version,
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
