"""Names of organisations: known ones, and phrases in capitals with a word for an organisation in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.gazetteer import Spans, outside
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import PROBABLE, Found, SourceText

_WORD = (
    r"(?:(?!(?:Bulletin|Central(?=\sFiles)|Files?|Lot|Presidential|Executive|Secretariat|Correspondence)\b)"
    r"[A-Z][\w'&-]+|[A-Z](?![.\w])|U\.S\.|U\.S\.S\.R\.|U\.N\.)"
)
_POSTS = ("Embassy", "Legation", "Consulate", "Mission", "General", "Delegation")
_DETERMINERS = (
    r"(?:The|See|This|That|These|An?|In|At|On|Our|Your|His|Their|Its|By|To|For|From|Of|And|As|If"
    r"|When|While|But|No|Any|All|Both|Some|Since|Until|With|After|Before|Acting|Recommend|Request|Suggest"
    r"|Believe|Understand|Inform|Tell|Told|Advise|Saw|Met|Urge|Assume|Hope|Trust|Regret|Doubt|Sent|Repeated|Passed)\s+"
)


@dataclass(frozen=True)
class OrganisationFinder:
    """Finds organisations by tables and by the form of their names."""

    tables: WordTables

    @cached_property
    def known(self) -> re.Pattern[str]:
        """Return the pattern of the organisations in the table."""
        return re.compile(rf"(?<![\w.])(?:{alternatives(self.tables.organisations)}|CINC[A-Z]{{2,12}})(?!\w)")

    @cached_property
    def phrase(self) -> re.Pattern[str]:
        """Return the pattern of a name with a word for an organisation."""
        heads = alternatives(self.tables["organisations"]["heads"])
        small = alternatives(self.tables["organisations"]["small_heads"])
        joined = rf"(?:,?\sand\s{_WORD}(?=\s(?:{heads})))?"
        tail = rf"(?:\s(?:of|for)\s(?:the\s|an?\s)?{_WORD}(?:\s{_WORD}){{0,4}}{joined})"
        posts = "|".join(f"(?<={post})" for post in _POSTS)
        abroad = rf"(?:{posts})\s(?:in|at|to)\s(?:the\s)?{_WORD}(?:\s(?:of\s(?:the\s)?)?{_WORD}){{0,2}}"
        before = rf"(?:{_WORD}\s(?:(?:for|of)\s(?:the\s)?)?){{0,5}}?"
        return re.compile(
            rf"(?<![\w.'-])(?:{before}(?:{heads})(?:\s(?:{heads}))*(?!\w)(?:{abroad}|{tail}{{0,3}}(?:(?<=USSR)\sin\s(?:the\s)?{_WORD})?)(?:\s(?:{heads})(?!\w))*|(?-i:[A-Z]\w+)\s(?:{small})\b)"
        )

    @cached_property
    def _bare(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?:{alternatives(self.tables['organisations']['heads'])})(?:\s(?:General|Staff))?"
        )

    def find(self, source: SourceText, regions: Spans, taken: Spans) -> tuple[list[Found], Spans]:
        """Return the organisations, each once, and all the places where organisations are named."""
        mentions = [
            m
            for low, high in regions
            for m in self._mentions(source, low, high)
            if outside(m.start, m.end, taken)
        ]
        kept: dict[str, Found] = {}
        for mention in sorted(mentions, key=lambda m: (-len(m.value), m.start)):
            name = re.sub(r"^the ", "", mention.value)
            if not any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", other, re.I) for other in kept):
                kept[name] = Found(name, mention.end - len(name), mention.end, mention.certainty)
        found = sorted(kept.values(), key=lambda found: found.start)
        return found, [(m.start, m.end) for m in mentions]

    def _mentions(self, source: SourceText, low: int, high: int) -> Iterator[Found]:
        taken: Spans = []
        for match in self.phrase.finditer(source.plain, low, high):
            start = match.start() + self._lead(match.group())
            name = source.plain[start : match.end()]
            if match.group().startswith("The ") and self._newspaper.search(name):
                start = match.start()
            if self._bare.fullmatch(name) or self._not_meant(name):
                continue
            taken.append((start, match.end()))
            yield source.found(start, match.end(), PROBABLE)
        for match in self.known.finditer(source.plain, low, high):
            if outside(*match.span(), taken):
                yield source.found(match.start(), match.end())

    def _lead(self, name: str) -> int:
        """Return how many characters at the beginning belong to the sentence and not to the name."""
        lead, offices = 0, list(self._office.finditer(name))
        if offices:
            lead = offices[-1].end()
        while match := re.match(rf"{_DETERMINERS}(?:the\s|an?\s|of\s|for\s|and\s|to\s)*", name[lead:]):
            lead += match.end()
        of = re.match(r"(?:[A-Z][\w'-]+\s){1,3}of\s(?:the\s)?(?=[A-Z])", name[lead:])
        if of and not self._head.search(of.group()):  # "Officials of the Chinese Embassy"
            lead += of.end()
        return lead

    @cached_property
    def _head(self) -> re.Pattern[str]:
        return re.compile(
            rf"(?<!\w)(?:{alternatives(self.tables['organisations']['heads'])}|House|School|Chamber|Ministers)(?!\w)"
        )

    @cached_property
    def _office(self) -> re.Pattern[str]:
        offices = alternatives(word.title() for word in self.tables["titles"]["offices"])
        return re.compile(rf"(?<![\w-])(?:{offices})(?:\sof(?:\sthe)?|\sfor(?:\sthe)?|,)\s(?=\S)")

    @cached_property
    def _newspaper(self) -> re.Pattern[str]:
        return re.compile(r"\b(?:Times|Post|Herald|Tribune|Journal|Telegraph)$")

    def _not_meant(self, name: str) -> bool:
        words = name.lower()
        return any(word in words for word in self.tables["organisations"]["not"]) or " " not in name.strip()
