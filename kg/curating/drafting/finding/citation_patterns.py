"""Patterns of references by number: with a possessor, a kind, a series or a post before the number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.number_lists import (
    BEFORE_BARE,
    NUMBER_LIST,
    NUMBER_SIGN,
    ONE_ALONE,
    POINTED,
    SEVERAL,
)
from kg.curating.drafting.finding.word_tables import WordTables, alternatives

# Said once more before a choice of many words, so that none of them is tried in the middle of a word.
_WORD_BEGINS = r"\b(?=\w)"
_POSSESSOR = (
    r"(?P<owner>\b(?:your|our|my|his|its|their|yours|ваш\w*|наш\w*|мой|su|nuestro|mi)"
    r"|\b(?-i:[A-Z])\w+(?:\s(?:of\s)?(?-i:[A-Z])\w+)?'s?)"
)
_SHORT = 3  # letters of a post that in capitals might be another thing
_ABBREVIATED = (
    r"(?P<short>\b(?:re)?(?:Emb|Dep|Con|Leg|Miss|our|my|ur|your|ref|Amemb|Con?gen)(?:cir)?(?:tel|des|desp|gram|inst)s?\b\.?"
    r"|\b(?:re|ref|ur)?(?:Dept|Emb|Leg|Con)s\b\.?|\b(?:{series})\b)"
)


@dataclass(frozen=True)
class CitationPatterns:
    """The patterns by the tables of words, in the order in which they are tried."""

    tables: WordTables

    @cached_property
    def _kinds(self) -> str:
        kinds = alternatives(self.tables["references"]["kinds"])
        qualities = (
            r"circular|urgent|coded|cipher\w*|confidential|secret|written|mail|naval|telegraphic|unnumbered"
        )
        return rf"(?P<kind>(?:(?:(?:strictly|most|very)\s+)?(?:{qualities})\s+)?(?:{kinds})(?:e?s)?)"

    @cached_property
    def copy(self) -> re.Pattern[str]:
        """Return the pattern of what tells, up to such a number, that it is of a copy."""
        words, verbs, wires = (
            alternatives(self.tables["references"][key]) for key in ("copies", "copied", "wires")
        )
        return re.compile(rf"(?:(?<=[\w,;]\s)(?i:{verbs})|\b(?i:{words}|(?:{wires})s?))\b[^.;\n]*$")

    @cached_property
    def _posts(self) -> str:
        """Return the pattern of a post, as a telegram from there is cited: `Ref: A. Paris 877`."""
        posts = [*self.tables["references"]["posts"], *self.tables.places]
        return alternatives([*posts, *(post.upper() for post in posts if len(post) > _SHORT)])

    @cached_property
    def _leading(self) -> str:
        """Return the pattern of the words that lead to a number alone, as in `sent to you under No. 3`."""
        words = self.tables["references"]
        leading = alternatives(form for word in words["leading"] for form in (word, word.capitalize()))
        return rf"\b(?:{leading})(?:\s(?:{alternatives(words['between'])}))*"

    @cached_property
    def papers(self) -> re.Pattern[str]:
        """Return the pattern of papers that are called by the letters of their series, as in `NIE 85-62`."""
        papers = alternatives(self.tables["references"]["papers"])
        return re.compile(
            rf"(?<![\w-])(?P<kind>{papers})(?:\s|/|[-–](?=\d+[-–]))(?:(?i:{NUMBER_SIGN})\s?)?(?P<list>\d{{1,6}}(?:[-–/]\d{{1,4}}){{0,3}})"
            r"(?![\w–-])(?!\s(?:Special\s)?(?:Group|Committee))"
        )

    @cached_property
    def posted(self) -> re.Pattern[str]:
        """Return the pattern of a number behind its post, as in `Saigon 1234`: so since the 1940s."""
        return re.compile(
            rf"(?<![\w-])(?=(?:[A-Z][\w.]*\s){{1,4}}(?:[ACG]{{1,2}}[-–])?\d)(?P<office>{self._posts})\s(?P<list>(?:CA|[AG])[-–]\d{{1,4}}|\d{{4,6}}|\d{{3}}{BEFORE_BARE})(?!\d|,\d|\.\d|[-–]\w)"
        )

    @cached_property
    def coded(self) -> re.Pattern[str]:
        """Return the pattern of a number behind letters that stand for its sender, as in `Re: ABC 12345`."""
        words = self.tables["references"]
        lead, told = alternatives(words["reference_lines"]), alternatives(words["told_in"])
        long = rf"\b(?:{told}|(?i:{alternatives(words['wires'])})s?)\s(?=[A-Z]+\s(?!19\d\d\b)\d{{3}})"
        hidden = rf"\[[^\]\n]*(?:{alternatives(words['wires'])}|indicator)[^\]\n]*not declassified\]"
        return re.compile(
            rf"(?:(?:\b(?:{lead}):?\s|;\s|{long})(?P<office>[A-Z]{{3,12}})|{hidden}(?=\s\d{{3}}))\s"
            rf"(?P<list>{NUMBER_LIST})(?![\w/%-]|[.,]\d)"
        )

    @cached_property
    def stamped(self) -> re.Pattern[str]:
        """Return the pattern of what staffs cite by day and hour, as in `ABCPAC 030405Z`."""
        wires = alternatives(self.tables["references"]["wires"])
        return re.compile(
            rf"(?<![\w-])(?:(?P<office>[A-Z]{{3,15}})(?:'s)?\s(?:(?i:{wires})\s)?|(?i:{wires})\s)(?P<list>\d{{6}}Z)(?!\w)"
        )

    @cached_property
    def behind_party(self) -> re.Pattern[str]:
        """Return the pattern of a number behind a party, as in `telegram from Vane at Bern (No. 5)`."""
        other = alternatives(self.tables["references"]["numbered"])
        word = rf"(?!(?i:{other}|{alternatives(self.tables['references']['kinds'])})s?\b)[^\W\d][\w'.-]*"
        return re.compile(
            rf"(?<![\w-])(?:{_POSSESSOR}\s(?:\w+\s)?)?(?i:{self._kinds})\s"
            rf"(?:to|for|(?:from|of|by)\s(?:the\s)?(?P<office>{word})?)(?:\s{word}){{0,8}},?\s"
            rf"\(?(?i:{NUMBER_SIGN})\s*(?P<list>{NUMBER_LIST})(?![\w/-])"
        )

    @cached_property
    def copied(self) -> re.Pattern[str]:
        """Return the pattern of the number of a copy, as in `The same telegram to Vane as No. 13`."""
        return re.compile(rf"\bas\s(?:Dep\w*'s?\.?\s)?(?i:{NUMBER_SIGN})\s*(?P<list>{NUMBER_LIST})(?![\w/-])")

    @cached_property
    def wired(self) -> tuple[re.Pattern[str], ...]:
        """Return the patterns of what is a telegram or an airgram though nothing calls it so."""
        return self.coded, self.stamped, self.posted, self.copied

    @cached_property
    def early(self) -> list[re.Pattern[str]]:
        """Return all but those of numbers behind a post or letters alone."""
        return [pattern for pattern in self.all if pattern not in (self.posted, self.coded, self.stamped)]

    @cached_property
    def all(self) -> list[re.Pattern[str]]:
        """Return all, of which each leaves what one before it has found."""
        gap = r"\s*(?:\[[^\]\n]{0,30}\]\s*)?"
        numbers = rf"(?P<list>{NUMBER_LIST})(?![\w/])(?!-(?!bis\b|ter\b)\w)(?!\.\d)(?!,\d)"
        offices = alternatives(self.tables["references"]["offices"])
        owners = rf"{_WORD_BEGINS}(?:{_POSSESSOR}|(?P<office>\b(?:{offices})'s?))"
        short = _WORD_BEGINS + _ABBREVIATED.replace(
            "{series}", alternatives(self.tables["references"]["series"])
        )
        ahead = rf"(?:(?:{alternatives(self.tables['references']['urgent'])})\s)?"
        lettered = r"(?P<list>(?-i:[A-Z]{1,2})[-–]\d{1,5})(?![\w–-])"
        wires = alternatives(self.tables["references"]["wires"])
        replies = r"(?:[a-z]+\s)?repl(?:y|ies)(?:\sthereto)?"
        return [
            re.compile(
                rf"{owners}{gap}(?:{self._kinds}{gap}(?:{NUMBER_SIGN}\s*)?)?(?P<list>(?-i:CA|[ACDEGLRS])[-–]\d{{1,5}})"
                r"(?![\w–-])(?!\s(?:aircraft|planes?|bombers?|jets?|tanks?)\b)",
                re.IGNORECASE,
            ),
            re.compile(
                rf"{owners}{gap}(?i:{self._kinds}|{replies})?[,:]?{gap}\(?(?i:{NUMBER_SIGN})\s*{numbers}",
                re.IGNORECASE,
            ),
            re.compile(rf"{owners}{gap}(?i:{self._kinds}){gap}{numbers}{BEFORE_BARE}", re.IGNORECASE),
            re.compile(rf"{owners}{gap}(?P<kind>{wires}){gap}{ONE_ALONE}", re.IGNORECASE),
            re.compile(
                rf"{owners}{gap}(?i:{self._kinds})\s(?:of|dated)\s[\w\s]{{3,24}}(?:,\s[\w:.\s]{{2,10}})?,?\s{NUMBER_SIGN}\s*{numbers}",
                re.IGNORECASE,
            ),
            re.compile(
                rf"{_WORD_BEGINS}(?:\b(?P<owner>[Yy]our|[Oo]ur|[Mm]y|[Mm]i|[Ss]u|[Нн]аш\w*|[Вв]аш\w*|[A-Z]\w+(?:-[A-Z]\w+)?(?:'s|(?<=s)'(?=\s\d\d)))|(?P<office>\b(?:{offices})'s?)){gap}{ahead}{numbers}{BEFORE_BARE}"
            ),
            re.compile(
                rf"(?<=\s)(?:(?<=\bRe\s)|(?<=\bRef\s)|(?<=\bRef:\s)|(?<=\bRefs:\s)|(?<=\bre\s)|(?<=\b[A-H]\.\s)|(?<=\(\b[A-H]\)\s))(?P<office>{self._posts})\s(?:tel\w*\s)?{numbers}(?=\s*[,;.:()\n]|$|\s\(|\sand\b)"
            ),
            re.compile(
                rf"{owners}{gap}(?i:{NUMBER_SIGN})\s*(?P<list>{POINTED.pattern})(?![\d/])", re.IGNORECASE
            ),
            re.compile(rf"{short}{gap}(?:{NUMBER_SIGN})?\s*{numbers}", re.IGNORECASE),
            re.compile(
                rf"(?<![\w-]){self._kinds},?{gap}\(?(?:{NUMBER_SIGN}|numbered)\s*{numbers}", re.IGNORECASE
            ),
            re.compile(rf"(?<![\w-]){self._kinds}{gap}(?:{NUMBER_SIGN}\s*)?{lettered}", re.IGNORECASE),
            self.behind_party,
            re.compile(rf"(?<![\w-])(?P<kind>(?:{wires})e?s){gap}{SEVERAL}", re.IGNORECASE),
            re.compile(rf"(?<![\w-])(?P<kind>(?:{wires})(?:e?s)?){gap}{numbers}{BEFORE_BARE}", re.IGNORECASE),
            re.compile(rf"(?<![\w-])(?P<kind>{wires}){gap}{ONE_ALONE}", re.IGNORECASE),
            re.compile(r"(?<![\w–-])(?P<list>CA[-–]\d{2,5})(?![\w–-])"),
            re.compile(r"(?P<kind>\b[Dd]oc(?:ument)?s?)\.?\s(?P<list>[A-Z]{1,2}(?:/[A-Z.\d]+)*/[\w.-]*\d)"),
            self.papers,
            self.stamped,
            self.coded,
            self.posted,
            self.copied,
            re.compile(
                rf"(?:^|(?<=\n)|(?<=erence:\s)|(?<=re\s))\s*(?:to\s+)?(?:{NUMBER_SIGN})\s?{numbers}(?=\s*(?:\((?:incoming|entry|вх)|/\s*{NUMBER_SIGN}))",
                re.IGNORECASE,
            ),
            re.compile(
                rf"(?:^|(?<=\n))\s*(?:to|re|in reply to|на|a)\s+{NUMBER_SIGN}\s?{numbers}", re.IGNORECASE
            ),
            re.compile(rf"{self._leading}\s(?i:{NUMBER_SIGN})\s*{numbers}"),
        ]
