"""Parties of a title: a person with an office, an office alone, an organisation, or a place."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property

from kg.curating.drafting.finding.name_forms import INITIALS, WORD, tidy
from kg.curating.drafting.finding.word_tables import WordTables, alternatives
from kg.curating.drafting.source.found import CERTAIN, PROBABLE

_ARTICLE = re.compile(r"(?:the|el|la)\s+", re.IGNORECASE)
_AT = re.compile(r",\s*(?:at|in|then at)\s(?P<place>[A-Z][\w .]+)$")
_TIME = re.compile(r",\s*\d{1,2}(?::\d\d)?\s?(?:[ap]\.?m|hours|,).*$")


@dataclass(frozen=True, slots=True)
class Party:
    """A sender or recipient: a name, a role, a place, of which some may be empty; bounds in the text."""

    name: str = ""
    role: str = ""
    place: str = ""
    start: int = -1
    end: int = -1
    certainty: str = CERTAIN

    def as_json(self) -> dict[str, str]:
        """Return the members that are not empty."""
        return {key: value for key in ("name", "role", "place") if (value := getattr(self, key))}


def narrowed(party: Party, text: str) -> Party:
    """Return a party with the bounds of its name, or of its role if it has no name."""
    words = party.name or party.role
    at = text.find(words, max(party.start, 0), max(party.end, 0)) if words else -1
    return replace(party, start=at, end=at + len(words)) if at >= 0 else party


@dataclass(frozen=True)
class PartyReader:
    """Reads one party from the words of a title."""

    tables: WordTables

    @cached_property
    def office(self) -> re.Pattern[str]:
        """Return the pattern of a word for an office."""
        return re.compile(
            rf"(?<![\w-])(?:{alternatives(self.tables['titles']['offices'])})(?!\w)", re.IGNORECASE
        )

    @cached_property
    def _organisation(self) -> re.Pattern[str]:
        heads = alternatives([*self.tables["organisations"]["heads"], *self.tables.organisations])
        return re.compile(rf"(?<![\w.])(?:{heads}|МИД\w*|ЦК|Ministerio|Embajada|Министерств\w+)(?!\w)")

    @cached_property
    def _in_brackets(self) -> re.Pattern[str]:
        return re.compile(
            r"(?P<role>.+?)\s*\(\s*(?P<name>[A-Z][^()\d]{1,39}[^()\s])\s*\)\s*(?P<rest>[^()]*)$"
        )

    @cached_property
    def _apposed(self) -> re.Pattern[str]:
        """Return the pattern of a name with what the person is behind it."""
        address = alternatives(word.title() for word in self.tables["titles"]["address"] if len(word) > 1)
        name = rf"(?:{INITIALS}\s?)?(?:{WORD}\s(?:{INITIALS}\s?)?){{0,2}}{WORD}(?:,\sJr\.?)?"
        return re.compile(
            rf"(?P<address>(?:(?:{address})\.?\s)*)(?P<name>{name})"
            r"(?:\sof\s(?:the\s)?(?P<body>[A-Z].+)|,?\s(?:of|for|on)\s.+|,\s(?:the\s)?(?P<office>[A-Z].+))$"
        )

    def _is_person(self, match: re.Match[str]) -> bool:
        """Return whether the words before `of`, `for`, `on` or a comma name a person."""
        name = match["name"]
        named = not self.office.search(name) and not self._organisation.search(name)
        personal = re.search(r"\b(?:Mr|Mrs|Miss|Dr|Messrs)\b", match["address"]) or re.search(INITIALS, name)
        return named and (bool(personal) or name.split()[0] in self.tables.given_names)

    @cached_property
    def _trailing(self) -> re.Pattern[str]:
        given = alternatives(self.tables.given_names)
        particles = alternatives(self.tables["given_names"]["particles"])
        return re.compile(
            rf"(?:^|(?<=[\s,]))(?P<name>(?:{INITIALS}\s?|(?:(?:{given})(?:\s{INITIALS})?\s)(?:(?:{given})\s)?)?(?:(?:{particles})\s)?(?:{WORD}|[A-Z]{{4,}}))$"
        )

    def read(self, words: str, start: int = -1) -> Party | None:
        """Return the party that the words mean, whose first character stands at `start`; None for none."""
        text = _TIME.sub("", " ".join(words.split()).strip(" ,;")).strip(" ,;")
        text = text if re.search(r"\b[A-Z]\.$", text) else text.rstrip(".")
        at = _AT.search(text)
        if at and at.group("place") in self.tables.places:
            party = self.read(text[: at.start()], start)
            return party and replace(party, place=at.group("place"))
        text = re.sub(r"\s*\((?:[A-Z]{2,6}|[A-Z][a-z]+ [A-Z]\.?)\)$", "", text)
        end = start + len(words) if start >= 0 else -1
        bare = _ARTICLE.sub("", text, count=1) if _ARTICLE.match(text) else text
        if not bare or not re.search(r"\w", bare):
            return None
        apposed = self._apposed.match(bare)
        if apposed and self._is_person(apposed):
            office, body = apposed["office"] or "", apposed["body"] or ""
            role = office if self.office.match(office) else body if self.is_organisation(body) else ""
            return Party(tidy(apposed["name"]), role, "", start, end)
        bracketed = self._in_brackets.match(bare)
        if bracketed and not bracketed.group("name").isupper():
            return self._bracketed(bracketed, start, end)
        return self._without_brackets(bare, start, end)

    def _bracketed(self, match: re.Match[str], start: int, end: int) -> Party:
        """Return the party of words with a name in brackets; there the office may stand, too."""
        name, outer = match.group("name").strip(), match.group("role")
        inner = self._without_brackets(name, start, end)
        if inner.name and inner.role:  # a cover name with the bearer in brackets
            return inner
        role = " ".join(filter(None, (outer, match.group("rest").strip(" ,"))))
        return Party(name, role, "", start, end)

    def _without_brackets(self, bare: str, start: int, end: int) -> Party:
        if bare in self.tables.places:
            return Party("", "", bare, start, end)
        name, role = self._named(bare)
        if name and self.office.search(role):
            return Party(name, self._role(role), "", start, end)
        if self.is_organisation(bare):
            head, _, place = bare.rpartition(", ")  # `Ministry of Foreign Affairs, Bucharest`
            seated = place in self.tables.places and self.is_organisation(head)
            return Party(head, "", place, start, end) if seated else Party(bare, "", "", start, end)
        if not name and self.office.search(bare):
            return Party("", bare, "", start, end)
        if name and not role:
            return Party(name, "", "", start, end)
        place = self._place_at_start(bare)
        rest = bare[len(place) :].strip(" ,") if place else self._unaddressed(bare)
        return Party(rest, "", place, start, end, PROBABLE)

    def is_organisation(self, words: str) -> bool:
        """Return whether the words name an organisation and no office."""
        return bool(self._organisation.search(words)) and not self._is_office(words)

    def _is_office(self, bare: str) -> bool:
        """Return whether the words begin with an office and not with an organisation."""
        office, organisation = self.office.search(bare), self._organisation.search(bare)
        if not office or not organisation:
            return bool(office)
        beside = office.start() == organisation.end() + 1  # `Army Attaché`
        return (beside or office.start() < organisation.start()) and not re.match(
            r"(?:USSR|US|Soviet)?\s*(?:General Staff)", bare
        )

    @cached_property
    def _place_at_end(self) -> re.Pattern[str]:
        places = alternatives(place for place in self.tables.places if " " in place)
        return re.compile(rf"(?:^|\s)(?:{places})$")

    def _named(self, bare: str) -> tuple[str, str]:
        """Return the name at the end of the words and what stands before it, both may be empty."""
        match = self._trailing.search(bare)
        if not match:
            return "", bare
        name, role = match.group("name"), bare[: match.start()].strip(" ,")
        last = re.split(r"[\s.]", name)[-1]
        if last in self.tables.organisations or self._ends_with_place(bare, name, role):
            return "", bare
        has_more = len(name.replace(".", ". ").split()) > 1
        common = last.lower() in self.tables.common_words or self._organisation.fullmatch(last)
        if not has_more and common:
            return "", bare
        while (more := re.search(rf"(?:^|\s)({WORD})$", role)) and self._is_given(
            more.group(1), role[: more.start()]
        ):
            name, role = f"{more.group(1)} {name}", role[: more.start()].strip(" ,")
        if not self.office.search(role):
            role = "" if self._addresses(role) else self._unaddressed(role)
        return tidy(name), role

    def _ends_with_place(self, bare: str, name: str, before: str) -> bool:
        """Return whether what looks like a name at the end is of a place, as `Kong` of `Hong Kong` is."""
        last = re.split(r"[\s.]", name)[-1]
        known = {name, last} & self.tables.places.keys() or self._place_at_end.search(bare)
        return bool(known) or bool(re.search(r"(?:^|\s)(?:in|at|en|в)$", before))

    def _addresses(self, words: str) -> bool:
        """Return whether the words are a form of address or a rank."""
        return words.lower() in self.tables["titles"]["address"]

    def _is_given(self, word: str, before: str) -> bool:
        """Return whether a word before a family name is a given name that no table has."""
        if re.search(r"(?:^|\s)(?:in|at|en|в|на)$", before):  # a place
            return False
        known = word in self.tables.places or word in self.tables.organisations or self._addresses(word)
        return not known and word.lower() not in self.tables.common_words and not self.office.fullmatch(word)

    def _role(self, role: str) -> str:
        return re.sub(r"^(?:Comrade|Mr\.?)\s+", "", role).strip(" ,")

    def _place_at_start(self, bare: str) -> str:
        words = bare.split()
        return next((" ".join(words[:n]) for n in (3, 2, 1) if " ".join(words[:n]) in self.tables.places), "")

    @cached_property
    def _forms_of_address(self) -> re.Pattern[str]:
        address = alternatives(word.title() for word in self.tables["titles"]["address"] if len(word) > 1)
        return re.compile(rf"^(?:(?:{address}|comrade|t\.)\.?\s+)+(?=[A-Z])")

    def _unaddressed(self, words: str) -> str:
        return self._forms_of_address.sub("", words).strip()


def joined_places(parties: list[Party]) -> tuple[Party, ...]:
    """Return the parties with a place alone moved to the person after it, as in `from Havana from NAME`."""
    found: list[Party] = []
    place = ""
    for party in parties:
        if party.place and not party.name and not party.role:
            place = party.place
            continue
        found.append(
            Party(party.name, party.role, party.place or place, party.start, party.end, party.certainty)
        )
        place = ""
    if place and found:
        found[-1] = Party(
            found[-1].name, found[-1].role, place, found[-1].start, found[-1].end, found[-1].certainty
        )
    elif place:
        found.append(Party("", "", place))
    return tuple(found)
