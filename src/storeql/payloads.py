"""Checks and runs what subscribers select of events, with the machinery that answers requests."""

from __future__ import annotations

import time
from typing import Any

import orjson
from graphql import (
    FieldNode,
    GraphQLField,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    visit,
)

from storeql.access import Actor
from storeql.context import RequestContext
from storeql.inputs import Fields
from storeql.server.documents import Operation
from storeql.server.faults import Refusal
from storeql.server.operations import Operations, payload_of
from storeql.server.parameters import Parameters
from storeql.shop import Shop
from storeql.webhooks.selections import Unfit

ROOT_FIELD = "event"


class Payloads:
    """What subscribers select, as the shop's own schema answers it.

    Costs, depths and all other limits of the door hold here too.
    """

    def __init__(self) -> None:
        self._operations: Operations
        self._shop: Shop

    def open(self, operations: Operations, shop: Shop) -> None:
        """Says what to run selections with; a schema knows its shop before the shop knows it."""
        self._operations, self._shop = operations, shop

    def check(self, fields: Fields, document: str, *, granted: frozenset[str]) -> None:
        """Notes at `query` all that is wrong with a selection."""
        try:
            operation = self._operation(document)
        except Refusal as refused:
            for error in refused.errors:
                fields.report("INVALID_QUERY", str(error["message"]), "query")
            return
        if _is_other_than_event(operation.node):
            message = f"Ask for the one root field {ROOT_FIELD}, without an id or variables."
            fields.report("INVALID_QUERY", message, "query")
        for path, needed in self._refused(operation, granted):
            message = f"To see {path} the owner needs {' or '.join(needed)}."
            fields.report("NOT_PERMITTED", message, "query")

    def body(self, document: str, *, event_id: int, owner: Actor, now: int) -> bytes:
        """The answer about an event as JSON: data, and errors where fields were refused."""
        deadline = time.monotonic() + self._shop.settings.deadline_seconds
        context = RequestContext(
            self._shop.database,
            now,
            actor=owner,
            shop=self._shop,
            request_id=f"event-{event_id}",
            deadline=deadline,
            event_id=event_id,
        )
        failed = True
        try:
            operation = self._operation(document)
            payload = payload_of(self._operations.executor(operation, {}, context))
            failed = "errors" in payload
        except Refusal as refused:
            raise Unfit(f"The query cannot be run any more: {refused}") from refused
        finally:
            context.close(failed)
        return orjson.dumps(payload)

    def _operation(self, document: str) -> Operation:
        parameters = Parameters(document, None, {}, {})
        operation, _ = self._operations.select(parameters, (OperationType.QUERY,))
        return operation

    def _refused(self, operation: Operation, granted: frozenset[str]) -> list[tuple[str, Any]]:
        """The fields that these permissions do not let through, with those that would."""
        schema, guards = self._operations.schema, self._operations.guards
        seen = _FieldsOf(schema)
        visit(operation.document.ast, TypeInfoVisitor(seen.types, seen))
        return [
            (path, sorted(guards.needed(field)))
            for path, field in seen.fields.items()
            if not guards.allow(field, granted)
        ]


class _FieldsOf(Visitor):
    """Gathers every field that a document names, by type and name."""

    def __init__(self, schema: GraphQLSchema) -> None:
        super().__init__()
        self.types = TypeInfo(schema)
        self.fields: dict[str, GraphQLField] = {}

    def enter_field(self, node: FieldNode, *_: Any) -> None:
        """Notes the field at hand."""
        parent, field = self.types.get_parent_type(), self.types.get_field_def()
        if parent is not None and field is not None:
            self.fields[f"{parent.name}.{node.name.value}"] = field


def _is_other_than_event(node: OperationDefinitionNode) -> bool:
    selections = node.selection_set.selections
    only = selections[0]
    return (
        bool(node.variable_definitions)
        or len(selections) != 1
        or not isinstance(only, FieldNode)
        or only.name.value != ROOT_FIELD
        or bool(only.arguments)
    )
