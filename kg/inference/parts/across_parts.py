"""What follows across documents that lie on disk: what joins them in memory, and projections for rules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from kg.inference.columns.graph_closing import Closing, CompiledRule
from kg.inference.columns.statement_columns import Columns, Statement
from kg.inference.parts.borders import Border, Homes
from kg.inference.parts.rule_reach import Projection, RuleReach
from kg.inference.parts.stored_parts import StoredParts


@dataclass
class AcrossParts:
    """All data together, as the closure across documents asks for it.

    `kept` are the stated and drawn statements beside documents, `alone` those of them that a document is not
    closed with, `links` the subjects that axioms do not read.
    """

    closing: Closing
    homes: Homes
    stored: StoredParts
    ontology: Columns
    kept: Sequence[Columns]
    alone: Sequence[Columns]
    links: set[str]
    between: Columns = field(default_factory=Columns)
    _beside: Columns = field(
        default_factory=Columns
    )  # joins shared things, and axioms draw it but do not read
    _added: Columns = field(default_factory=Columns)
    _foreign: Columns = field(default_factory=Columns)
    _predicates: set[str] = field(default_factory=set)
    _reaches: dict[str, RuleReach] = field(default_factory=dict)
    _leaving: set[str] = field(default_factory=set)  # rules
    _projections: dict[str, Projection] = field(default_factory=dict)
    _use: dict[str, tuple[bool, bool]] = field(default_factory=dict)  # whether axioms read it, and draw it

    def __post_init__(self) -> None:
        """Compile how far each rule reaches."""
        stages = self.closing.stages
        for rule in (*stages["after"], *stages["across"]):
            self._reaches[rule.name] = RuleReach(rule)
        for rule in stages["across"]:
            self._projections[rule.name] = Projection(self._reaches[rule.name])

    def take(self, name: str, columns: Columns) -> None:
        """Take what matters of a document, with what was drawn from it."""
        document = self.homes.document(name)
        self._predicates.update(columns.out)
        for predicate, column in columns.out.items():
            if document in column:
                self._take_shared((document, predicate, target) for target in column[document])
        for projection in self._projections.values():
            projection.take(columns)
        for rule in self.closing.stages["after"]:
            if rule.name not in self._leaving and self._reaches[rule.name].leaves(name, columns, self.homes):
                self._leaving.add(rule.name)

    def begin(self, borders: Iterable[Border]) -> None:
        """Take what is beside documents, and what documents say of things that are not theirs."""
        for columns in self.kept:
            self._predicates.update(columns.out)
            for predicate in columns.out:
                self._take_shared(
                    (s, predicate, t) for s, targets in columns.column(predicate).items() for t in targets
                )
        for border in borders:
            for statement in border.statements_about():
                self._foreign.add(*statement)
        self._take_shared(self._foreign)
        self._predicates.update(self._foreign.out)

    def rows(self, rule: CompiledRule) -> set[Statement]:
        """Return what a rule draws from all data."""
        reach = self._reaches[rule.name]
        predicates = self._predicates | self._added.out.keys()
        if not reach.can_draw(predicates) or not self._is_across(rule, reach):
            return set()
        if rule.name not in self._projections:
            self._project(rule.name, reach)
        projection = self._projections[rule.name]
        self._force(projection)
        held = (*self.kept, self._foreign, self._added, self.ontology)
        return rule.query.rows((projection.columns, *held))

    def add(self, subject: str, predicate: str, target: str) -> bool:
        """Add a statement; return whether it is new."""
        if self.between.holds(subject, predicate, target):
            return False
        return self.add_joined(subject, predicate, target)

    def add_joined(self, subject: str, predicate: str, target: str) -> bool:
        """Add what axioms have put into `between` just now; return whether it is new elsewhere."""
        held = (self.ontology, *self.kept, self._foreign, self._beside)
        projected = (one.columns for one in self._projections.values())
        if any(one.holds(subject, predicate, target) for one in (*held, *projected)):
            return False
        return self._added.add(subject, predicate, target)

    def _take_shared(self, statements: Iterable[Statement]) -> None:
        for statement in statements:
            subject, predicate, _ = statement
            if predicate not in self._use:
                axioms = self.closing.axioms
                self._use[predicate] = axioms.reads(predicate), axioms.draws(predicate)
            is_read, is_drawn = self._use[predicate]
            if not (is_read or is_drawn) or not self.closing.is_between(statement):
                continue
            if is_read and subject not in self.links:
                self.between.add(*statement)
            else:
                self._beside.add(*statement)

    def _is_across(self, rule: CompiledRule, reach: RuleReach) -> bool:
        """Return whether a rule may join several documents, or reads what no document is read with."""
        if rule.name in self._projections or rule.name in self._leaving or reach.is_apart:
            return True
        if any(reach.enters(columns, self.homes) for columns in self.kept):
            return True
        others = (statement for columns in (*self.alone, self._foreign, self._added) for statement in columns)
        return any(map(reach.reads_statement, others))

    def _project(self, name: str, reach: RuleReach) -> None:
        projection = self._projections[name] = Projection(reach)
        for number in range(len(self.stored.parts)):
            for document, columns in self.stored.stated(number).items():
                for statement in self.stored.drawn(document):
                    columns.add(*statement)
                projection.take(columns)

    def _force(self, projection: Projection) -> None:
        """Take what a document says of its things of which others, too, say what the rule asks first."""
        for subject in sorted({*self._told_elsewhere(projection.reach)} - projection.forced):
            projection.forced.add(subject)
            page = self.stored.page(self.homes.home(subject), with_drawn=True)
            if page is not None:
                projection.take_things([subject], page)

    def _told_elsewhere(self, reach: RuleReach) -> Iterator[str]:
        for columns in (*self.kept, self._foreign, self._added):
            for predicate in filter(reach.asks_first, columns.out):
                yield from (s for s in columns.column(predicate) if s.startswith(self.homes.start))
