"""Documents parsed, measured and validated once per text, so that a repeated one costs nothing."""

from __future__ import annotations

from hashlib import sha256

from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    OperationDefinitionNode,
    specified_rules,
    validate,
)
from graphql.execution.collect_fields import FragmentDetails
from graphql.validation import MaxIntrospectionDepthRule
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from storeql.server.bounded_cache import BoundedCache
from storeql.server.cost import default_sizes
from storeql.server.document_limits import check_measure, over, parsed
from storeql.server.faults import Refusal, document_refusal, refusal
from storeql.server.limits import Limits
from storeql.server.measure import Measure, Measurement
from storeql.server.pace import Pace
from storeql.server.permissions import Guards
from storeql.server.plans import Plans

RULES = (
    *specified_rules,
    MaxIntrospectionDepthRule,
    MaybeNullValidationRule,
    OneOfInputValidationRule,
)
VALIDATION_ERRORS = 20


class Operation:
    """One operation of a valid document, with its compiled plans."""

    def __init__(self, document: Document, node: OperationDefinitionNode, measure: Measure) -> None:
        self.document = document
        self.node = node
        self.name = node.name.value if node.name else None
        self.kind = node.operation
        self.measure = measure
        self.sizes = default_sizes(node)
        self.is_introspection = (
            not node.variable_definitions and measure.introspections == measure.top_fields > 0
        )
        self.plans = Plans()
        self.pace = Pace()


class Document:
    """A document in the cache; `hash` is its SHA-256, its name in logs and when persisted."""

    def __init__(
        self, text: str, ast: DocumentNode, measurement: Measurement, guards: Guards
    ) -> None:
        self.hash = sha256(text.encode("utf-8")).hexdigest()
        self.ast = ast
        self.fragments = {
            node.name.value: FragmentDetails(node)
            for node in ast.definitions
            if isinstance(node, FragmentDefinitionNode)
        }
        self.fragment_definitions = {name: f.definition for name, f in self.fragments.items()}
        self.operations = {
            node.name.value if node.name else None: Operation(
                self, node, measurement.operation(node)
            )
            for node in ast.definitions
            if isinstance(node, OperationDefinitionNode)
        }
        self.condition_variables = tuple(sorted(measurement.condition_variables))
        self.permissions = guards.names_at(measurement.field_names)

    def operation(self, name: str | None) -> Operation:
        """The operation to run; raises Refusal when `name` does not settle which."""
        if name is not None and name in self.operations:
            return self.operations[name]
        if name is not None:
            raise _unresolved(f"The document has no operation named '{name}'.")
        if len(self.operations) == 1:
            return next(iter(self.operations.values()))
        if not self.operations:
            raise _unresolved("The document has no operation.")
        raise _unresolved("The document has several operations: name the one to run.")


class Documents:
    """The cache of documents, refused ones included."""

    def __init__(
        self, schema: GraphQLSchema, guards: Guards, limits: Limits, *, suggestions: bool
    ) -> None:
        self._schema = schema
        self._guards = guards
        self._limits = limits
        self._suggestions = suggestions
        self._cache: BoundedCache[str, Document | Refusal] = BoundedCache(
            entries=limits.documents, weight=limits.document_bytes
        )

    def document(self, text: str) -> Document:
        """The document of `text`; raises Refusal if it breaks a limit, the syntax or the schema."""
        entry = self._cache.get(text)
        if entry is None:
            entry = self._prepare(text)
            self._cache.keep(text, entry, len(text))
        if isinstance(entry, Refusal):
            raise entry.again()
        return entry

    def known(self, text: str) -> Document | None:
        """The document of `text` if it was prepared before and is a good one."""
        entry = self._cache.get(text)
        return entry if isinstance(entry, Document) else None

    def _prepare(self, text: str) -> Document | Refusal:
        try:
            document = self._measured(text)
        except Refusal as refused:
            return refused.again()
        errors = validate(
            self._schema,
            document.ast,
            RULES,
            max_errors=VALIDATION_ERRORS,
            hide_suggestions=not self._suggestions,
        )
        return document_refusal(errors, "GRAPHQL_VALIDATION_FAILED") if errors else document

    def _measured(self, text: str) -> Document:
        ast = parsed(text, self._limits)
        measurement = Measurement(self._schema, ast, self._limits)
        try:
            document = Document(text, ast, measurement, self._guards)
        except RecursionError:
            raise over("depth", self._limits.depth) from None
        if measurement.directives > self._limits.directives:
            raise over("directives", self._limits.directives, measurement.directives)
        if measurement.merges > self._limits.merges:
            raise over("merges", self._limits.merges, measurement.merges)
        for operation in document.operations.values():
            check_measure(operation.measure, self._limits)
        return document


def _unresolved(message: str) -> Refusal:
    return refusal("OPERATION_RESOLUTION_FAILURE", message, well_formed=True)
