"""From an operation of the cache to an executor of its own, without graphql-core's scan of it."""

from __future__ import annotations

from typing import Any

from graphql import GraphQLSchema, default_field_resolver, default_type_resolver
from graphql.execution.values import get_variable_values
from msgspec import Struct

from storeql.server.documents import Operation
from storeql.server.executor import OperationExecutor
from storeql.server.faults import document_refusal
from storeql.server.permissions import Guards
from storeql.server.request import Context

VARIABLE_ERRORS = 20


class Preparation(Struct, frozen=True):
    """What all executors of one server share."""

    schema: GraphQLSchema
    guards: Guards
    suggestions: bool

    def executor(
        self,
        operation: Operation,
        variables: dict[str, Any],
        context: Context,
        *,
        root: Any = None,
    ) -> OperationExecutor:
        """An executor with the plans of its variant; raises Refusal for bad variables."""
        document = operation.document
        values = get_variable_values(
            self.schema,
            operation.node.variable_definitions or (),
            variables,
            max_errors=VARIABLE_ERRORS,
            hide_suggestions=not self.suggestions,
        )
        if isinstance(values, list):
            raise document_refusal(values, "BAD_USER_INPUT")
        executor = OperationExecutor(
            self.schema,
            document.fragment_definitions,
            document.fragments,
            root,
            context,
            operation.node,
            values,
            default_field_resolver,
            default_type_resolver,
            default_field_resolver,
            hide_suggestions=not self.suggestions,
            guards=self.guards,
            granted=context.granted,
        )
        conditions = [values.coerced.get(name) for name in document.condition_variables]
        executor.completions = operation.plans.variant(
            (context.granted & document.permissions, *conditions)
        )
        return executor
