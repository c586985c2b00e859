"""All finders over one set of tables, made once and handed to those who put drafts together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.citations import ReferenceFinder
from kg.curating.drafting.finding.dates import DateFinder
from kg.curating.drafting.finding.gazetteer import PlaceFinder, Spans
from kg.curating.drafting.finding.name_forms import Mention, family
from kg.curating.drafting.finding.number_lists import NumberFinder
from kg.curating.drafting.finding.organisations import OrganisationFinder
from kg.curating.drafting.finding.people import PeopleFinder
from kg.curating.drafting.finding.same_person import persons
from kg.curating.drafting.finding.unknown_places import UnknownPlaceFinder
from kg.curating.drafting.finding.word_tables import WordTables
from kg.curating.drafting.forms.form_head import FormReader
from kg.curating.drafting.heads.archive_labels import LabelReader
from kg.curating.drafting.heads.head_lines import HeadReader
from kg.curating.drafting.heads.markings import MarkFinder
from kg.curating.drafting.heads.page_layout import LayoutReader
from kg.curating.drafting.heads.parties import PartyReader
from kg.curating.drafting.heads.signatures import SignatureReader
from kg.curating.drafting.heads.title_grammar import TitleReader
from kg.curating.drafting.source.found import Found, SourceText, flowing


@dataclass(frozen=True)
class Names:
    """The names in a text: persons, organisations and places, each once."""

    persons: list[Found]
    organisations: list[Found]
    places: list[Found]


@dataclass(frozen=True)
class Finders:
    """The finders, each over the same tables."""

    tables: WordTables

    @cached_property
    def dates(self) -> DateFinder:
        """Return the finder of dates."""
        return DateFinder(self.tables)

    @cached_property
    def titles(self) -> TitleReader:
        """Return the reader of titles."""
        return TitleReader(self.tables, self.dates, self.parties)

    @cached_property
    def parties(self) -> PartyReader:
        """Return the reader of senders and recipients."""
        return PartyReader(self.tables)

    @cached_property
    def marks(self) -> MarkFinder:
        """Return the finder of marks."""
        return MarkFinder(self.tables)

    @cached_property
    def labels(self) -> LabelReader:
        """Return the reader of what an archive's page says."""
        return LabelReader(self.tables)

    @cached_property
    def layouts(self) -> LayoutReader:
        """Return the reader of layouts."""
        return LayoutReader(self.tables, self.dates, self.titles, self.heads, self.labels)

    @cached_property
    def heads(self) -> HeadReader:
        """Return the reader of the pieces of heads."""
        return HeadReader(self.tables, self.dates, self.titles, self.marks, self.numbers)

    @cached_property
    def numbers(self) -> NumberFinder:
        """Return the finder of numbers with their series, and of file numbers."""
        return NumberFinder(self.tables)

    @cached_property
    def forms(self) -> FormReader:
        """Return the reader of forms."""
        return FormReader(self.tables, self.dates, self.heads)

    @cached_property
    def signatures(self) -> SignatureReader:
        """Return the reader of signatures."""
        return SignatureReader(self.tables, self.dates)

    @cached_property
    def references(self) -> ReferenceFinder:
        """Return the finder of references."""
        return ReferenceFinder(self.tables, self.dates)

    @cached_property
    def unknown_places(self) -> UnknownPlaceFinder:
        """Return the finder of places that no table has."""
        return UnknownPlaceFinder(self.tables)

    @cached_property
    def _names(self) -> tuple[PeopleFinder, OrganisationFinder, PlaceFinder]:
        return PeopleFinder(self.tables), OrganisationFinder(self.tables), PlaceFinder(self.tables)

    def places(self, source: SourceText, regions: Spans) -> list[Found]:
        """Return the places of the table in the regions, each once."""
        return self._names[2].find(source, regions, [])

    def names(
        self,
        source: SourceText,
        regions: Spans,
        masked: Spans,
        given: list[Mention] | None = None,
        more: Spans | None = None,
        summary: Spans | None = None,
    ) -> Names:
        """Return the names in the regions outside of what is masked; `given` are persons known already.

        `more` are regions in which organisations alone are looked for, `summary` those without persons.
        """
        people, organisations, places = self._names
        source = flowing(source)
        named, taken = organisations.find(source, [*regions, *(more or []), *(summary or [])], masked)
        given = given or []
        own = [(mention.start, mention.end) for mention in given if mention.start >= 0]
        known = {family(mention.name) for mention in given}
        mentions = people.mentions(source.plain, regions, [*masked, *taken, *own], known)
        found = persons([*given, *mentions], self.tables["titles"]["telling"])
        spans = [(m.start, m.end) for m in mentions]
        small = [(low, high) for low, high in taken if source.plain[low:high].split()[-1][0].islower()]
        covered = [span for span in taken if span not in small]
        return Names(
            found, named, places.find(source, [*regions, *(summary or [])], [*masked, *covered, *spans, *own])
        )
