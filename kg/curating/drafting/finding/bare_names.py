"""Family names alone: known ones, and those of which the words beside them show that they are of persons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from kg.curating.drafting.finding.gazetteer import Spans, outside
from kg.curating.drafting.finding.name_forms import LOWER, UPPER, WORD, Mention, is_common
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import CERTAIN, POSSIBLE, PROBABLE

_CAPITALISED = re.compile(rf"(?<![\w.'-]){WORD}(?![\w])")
_DONE_BY = re.compile(
    r"\b(?:[Dd]rafted|[Cc]leared|[Aa]pproved|[Ii]nitialed|[Ss]igned|[Ss]ent|[Pp]repared)(?: and \w+)?"
    r" (?:\w+ ){0,2}by (?P<names>[^.;:]+)"
)
_OFFICE_OF = re.compile(
    r"\b(?:Director|Chief|Head|Chairman|President|Secretary|Deputy|Minister|Ambassador|Member)"
    r" (?:of|for|to) (?:the )?$",
    re.IGNORECASE,
)
_NAME_BEFORE = re.compile(rf"(?<![.?!:]\s)(?<!\n)[{UPPER}][\w']*\s$")
_SPEECH_BEFORE = re.compile(r"\b(?:said|says|asked|replied|added|answered|remarked|told)\s$")
_WITH_BEFORE = re.compile(
    r"\b(?:with|through|[Tt]ell|[Aa]sk|[Ii]nform|[Ii]nstruct|[Tt]old|by|[Ii]nformed|between|[Aa]sked|Messrs\.|[Ss]aw|[Mm]et|[Ss]ee|[Vv]isit|[Vv]isited"
    r"|[Cc]onsult|[Cc]onsulted|[Tt]hank|(?:wrote|spoke|talked|turned|appealed|replied|him|them|me)\sto)\s$"
)
_LIST_BEFORE = re.compile(rf"(?:[{UPPER}]\w+,|and|\()\s?$")
_AT = "".join(rf"(?<!\b{word}\s)" for word in ("on", "at", "in", "of", "off", "near", "to", "from"))
_AND_NAME = re.compile(rf"\sand\s({WORD})(?!\s[{UPPER}])")
_TWO_WORDS = re.compile(rf"(?<![\w.'-]){WORD}\s{WORD}(?![\w-])")
_HOLDER = re.compile(rf"\s({WORD})(?=[,.;)]|\s[{LOWER}])")  # a name behind an organisation
_PAIR_BEFORE = re.compile(rf"{_AT}(?<!\w)[{UPPER}]\w+\sand\s$")  # not `the raid on NAME and NAME`
MOTION = (
    r"(?:drove|went|flew|travel\w*|moved|returned|left|came|come|comes|march\w*|leaves|flies|sail\w*|walked)"
    r"\s(?:\w+\s)?(?:to|for|from|upon)"
)
_PLACE_BEFORE = re.compile(
    rf"\b(?:in|at|near|towards?|off|the|The|into|port of|city of|SS|ship|{MOTION}"
    rf"|(?:at|in|near)\s[{UPPER}]\w+\sand)\s$"
)
_PLACE_AFTER = re.compile(
    r"(?:\sand\s\w+)?\s(?:airfields?|airport|harbou?r|province|district|river|valley|station|bridge)\b"
)


@dataclass(frozen=True)
class BareNameFinder:
    """Finds family names that have neither given name, initials nor form of address beside them."""

    tables: WordTables

    @cached_property
    def _verbs(self) -> re.Pattern[str]:
        verbs = alternatives(self.tables["titles"]["verbs"])
        return re.compile(rf"\s(?:(?:also|then|further|himself|again|has|had)\s)?(?:{verbs})\b|'s\b|'(?=\s)")

    @cached_property
    def _nouns(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{alternatives(self.tables['titles']['nouns'])})\s(?:-\s)?$")

    @cached_property
    def _held_by(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{alternatives(self.tables['titles']['held_by'])})\sof\s$")

    @cached_property
    def _office_behind(self) -> re.Pattern[str]:
        """Return the pattern of what a person is, behind the name: `, Minister for`, `, his secretary`."""
        offices = alternatives(self.tables["titles"]["offices"])
        return re.compile(
            rf",\s(?:(?:the|his|her|their|our|a|then|now|newly|acting|former|deputy|general|new)\s){{0,2}}(?:[A-Z]\w+\s){{0,2}}(?:{offices})(?!\w)",
            re.IGNORECASE,
        )

    @cached_property
    def _nouns_apposed(self) -> re.Pattern[str]:
        return re.compile(rf"\b(?:{alternatives(self.tables['titles']['nouns'])}),\s$", re.IGNORECASE)

    def title_before(self, text: str, start: int) -> str:
        """Return the title before a name, if it tells bearers of one family name apart."""
        before = re.search(r"(\w+)\s$", text[max(0, start - 20) : start])
        word = before.group(1).lower() if before else ""
        return word if word in self.tables["titles"]["telling"] else ""

    def find(self, text: str, region: tuple[int, int], known: set[str], taken: Spans) -> Iterator[Mention]:
        """Yield the known family names in a region, and those that words beside them show."""
        known = known | self._halves_of_pairs(text, region, known)
        candidates: dict[str, list[int]] = defaultdict(list)
        for match in _CAPITALISED.finditer(text, *region):
            for part, start in _parts(match.group().removesuffix("'s"), match.start()):
                if not outside(start, start + len(part), taken):
                    continue
                if part in known:
                    yield Mention(part, start, start + len(part), self.title_before(text, start), CERTAIN)
                elif part == match.group().removesuffix("'s") and self._may_be(part):
                    candidates[part].append(start)
        shown = list(self._shown(text, candidates))
        yield from shown
        yield from self._beside(text, candidates, known | {mention.name for mention in shown})
        yield from self._whole(text, region, taken)

    def _halves_of_pairs(self, text: str, region: tuple[int, int], known: set[str]) -> set[str]:
        """Return the other half of each pair such as `NAME-NAME` of which one half is known."""
        words = (match.group().removesuffix("'s") for match in _CAPITALISED.finditer(text, *region))
        pairs = [word.split("-") for word in words if "-" in word]
        return {
            part for pair in pairs if known & set(pair) for part in pair if not is_common(self.tables, part)
        }

    def _may_be(self, word: str) -> bool:
        """Return whether a capitalised word is no common word, place or given name."""
        known = word in self.tables.places or word in self.tables.given_names
        return not known and not is_common(self.tables, word)

    def _shown(self, text: str, candidates: Mapping[str, list[int]]) -> Iterator[Mention]:
        for name, starts in candidates.items():
            shown = [start for start in starts if self._shows(text, start, start + len(name))]
            if shown and not any(_is_placed(text, start, start + len(name)) for start in starts):
                certainty = PROBABLE if len(starts) > 1 else POSSIBLE
                yield Mention(name, shown[0], shown[0] + len(name), "", certainty)

    def _beside(self, text: str, candidates: Mapping[str, list[int]], known: set[str]) -> Iterator[Mention]:
        """Yield the names that stand before `and` with a known name behind it, as in `NAME and Suslov`."""
        for name, starts in candidates.items():
            for start in starts if name not in known else ():
                pair = _AND_NAME.match(text, start + len(name))
                before = text[max(0, start - 30) : start]
                placed = _NAME_BEFORE.search(before) or _is_placed(text, start, start + len(name))
                if pair and pair.group(1) in known and not placed:
                    yield Mention(name, start, start + len(name), "", PROBABLE)
                    break

    def _whole(self, text: str, region: tuple[int, int], taken: Spans) -> Iterator[Mention]:
        """Yield names of two words that no table has, before a verb of persons: `Kong Le took`."""
        for match in _TWO_WORDS.finditer(text, *region):
            words, after = match.group().removesuffix("'s").split(), text[match.end() : match.end() + 40]
            acts = match.group().endswith("'s") or self._verbs.match(after)
            alone = not re.search(rf"[{UPPER}][\w']*\s$", text[max(0, match.start() - 20) : match.start()])
            known = " ".join(words) in self.tables.places or not all(map(self._may_be, words))
            if acts and alone and not known and outside(*match.span(), taken):
                yield Mention(" ".join(words), *match.span(), "", POSSIBLE)

    def _shows(self, text: str, start: int, end: int) -> bool:
        """Return whether the words beside a capitalised word show that it is a person."""
        after, before = text[end : end + 40], text[max(0, start - 30) : start]
        if re.match(rf"\s[{UPPER}]", after) or _NAME_BEFORE.search(before):
            return False
        of = re.search(r"\bof\s$", before) and not after.startswith(
            "'"
        )  # as in "the harbour of Bergen was …"
        acts = (not of and self._verbs.match(after)) or re.match(rf"\s[{LOWER}]{{3,}}ed\s", after)
        named = self._office_behind.match(after) or (
            re.match(r",\s", after) and self._nouns_apposed.search(before)
        )
        held = self._held_by.search(before) and not re.match(r"\s(?:and|or)\s[a-z]", after)
        listed = _LIST_BEFORE.search(before) and re.match(r",|\)|\sand\b", after)
        addressed = re.search(r"\b(?:From|For)\s$", before) and after.startswith(".")
        shown = (
            acts,
            named,
            held,
            listed,
            addressed,
            *(p.search(before) for p in (_SPEECH_BEFORE, _WITH_BEFORE, _PAIR_BEFORE)),
        )
        return any(shown) or bool(self._nouns.search(before))

    def beside_organisations(self, text: str, taken: Spans, regions: Spans) -> Iterator[Mention]:
        """Yield the holder of an office after its organisation, and the name within `NAME Administration`."""
        for low, high in taken:
            if not any(a <= low < b for a, b in regions):
                continue
            own = re.match(rf"({WORD})\sAdministration$", text[low:high])
            after = _HOLDER.match(text, high)
            if own and self._may_be(own.group(1)):
                yield Mention(own.group(1), low, low + own.end(1), "", PROBABLE)
            if (
                after
                and _OFFICE_OF.search(text[max(0, low - 40) : low])
                and not is_common(self.tables, after.group(1))
            ):
                yield Mention(after.group(1), *after.span(1), "", PROBABLE)


def _is_placed(text: str, start: int, end: int) -> bool:
    """Return whether the words beside a capitalised word say that it is a place."""
    return bool(_PLACE_BEFORE.search(text, max(0, start - 30), start) or _PLACE_AFTER.match(text, end))


def _parts(name: str, start: int) -> list[tuple[str, int]]:
    """Return a name, and the two names of one such as `Kennedy-Khrushchev`, with where each begins."""
    first, hyphen, second = name.partition("-")
    return [(name, start), *([(first, start), (second, start + len(first) + 1)] if hyphen else [])]


def named_in_note(text: str, low: int, high: int, taken: Spans) -> list[Mention]:
    """Return those who drafted and cleared a document, as its source note names them."""
    name_in_list = re.compile(rf"(?:^|,\s|\b(?:and|by|with)\s)({WORD})(?=$|,|\sand\b|\s\()")
    found = []
    for done in _DONE_BY.finditer(text, low, high):
        for name in name_in_list.finditer(done.group("names")):
            start, end = done.start("names") + name.start(1), done.start("names") + name.end(1)
            if outside(start, end, taken):
                found.append(Mention(name.group(1), start, end, "", PROBABLE))
    return found
