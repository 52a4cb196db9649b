"""One walk over a parsed document that measures all its limits look at.

Every fragment is measured once, however often it is spread: a document of fragments that spread
each other twice is exponential in its answer, but not to this walk.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
    VariableNode,
    get_named_type,
)
from msgspec import Struct

from storeql.server.cost import Cost, factor_of, field_cost, sum_of
from storeql.server.limits import Limits

INTROSPECTIONS = ("__schema", "__type")
CONDITIONS = ("skip", "include")


class Measure(Struct, frozen=True):
    """What a selection amounts to with all its fragments; `top_fields` are its own fields."""

    depth: int = 0
    aliases: int = 0
    top_fields: int = 0
    introspections: int = 0
    cost: Cost = Cost()


class Measurement:
    """The measures of a document's operations, and the names its plans depend on."""

    def __init__(self, schema: GraphQLSchema, ast: DocumentNode, limits: Limits) -> None:
        self._schema = schema
        self._limits = limits
        self._definitions = {
            node.name.value: node
            for node in ast.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self._fragments: dict[str, Measure] = {}
        self.directives = 0
        self.condition_variables: set[str] = set()
        self.field_names: set[str] = set()
        self._occurrences: Counter[str] = Counter()

    @property
    def merges(self) -> int:
        """Pairs of fields with selections that validation may have to compare with each other."""
        return sum(count * (count - 1) // 2 for count in self._occurrences.values())

    def operation(self, node: OperationDefinitionNode) -> Measure:
        """The measure of one operation."""
        self._note_directives(node)
        for variable in node.variable_definitions or ():
            self._note_directives(variable)
        return self._selection(node.selection_set, self._schema.get_root_type(node.operation))

    def _selection(
        self, selection_set: SelectionSetNode, parent: GraphQLNamedType | None
    ) -> Measure:
        return _side_by_side(
            self._measure(selection, parent) for selection in selection_set.selections
        )

    def _measure(self, node: object, parent: GraphQLNamedType | None) -> Measure:
        self._note_directives(node)
        if isinstance(node, FieldNode):
            return self._field(node, parent)
        if isinstance(node, FragmentSpreadNode):
            return self._fragment(node.name.value)
        assert isinstance(node, InlineFragmentNode)
        condition = node.type_condition
        inner = self._schema.get_type(condition.name.value) if condition else parent
        return self._selection(node.selection_set, inner)

    def _field(self, node: FieldNode, parent: GraphQLNamedType | None) -> Measure:
        name = node.name.value
        self.field_names.add(name)
        aliases = 1 if node.alias else 0
        if name in INTROSPECTIONS:
            return Measure(1, aliases, 1, 1, Cost(1))
        field = (
            parent.fields.get(name)
            if isinstance(parent, GraphQLObjectType | GraphQLInterfaceType)
            else None
        )
        if field is None or parent is None or not node.selection_set:
            return Measure(1, aliases, 1, 0, Cost(1))
        self._occurrences[node.alias.value if node.alias else name] += 1
        below = self._selection(node.selection_set, get_named_type(field.type))
        return Measure(
            below.depth + 1,
            below.aliases + aliases,
            1,
            below.introspections,
            field_cost(factor_of(field, node, parent, self._limits), below.cost),
        )

    def _fragment(self, name: str) -> Measure:
        measure = self._fragments.get(name)
        if measure is None:
            self._fragments[name] = Measure()  # a cycle adds nothing; validation refuses it
            definition = self._definitions.get(name)
            if definition is not None:
                self._note_directives(definition)
                parent = self._schema.get_type(definition.type_condition.name.value)
                self._fragments[name] = self._selection(definition.selection_set, parent)
            measure = self._fragments[name]
        return measure

    def _note_directives(self, node: object) -> None:
        for directive in getattr(node, "directives", None) or ():
            self.directives += 1
            if directive.name.value in CONDITIONS:
                self.condition_variables.update(_variables(directive.arguments))


def _side_by_side(measures: Iterable[Measure]) -> Measure:
    found = list(measures)
    return Measure(
        max((measure.depth for measure in found), default=0),
        sum(measure.aliases for measure in found),
        sum(measure.top_fields for measure in found),
        sum(measure.introspections for measure in found),
        sum_of(measure.cost for measure in found),
    )


def _variables(arguments: Iterable[object]) -> Iterator[str]:
    for argument in arguments:
        value = getattr(argument, "value", None)
        if isinstance(value, VariableNode):
            yield value.name.value
