"""One operation from its parameters to the bytes of its answer, run whole in one thread."""

from __future__ import annotations

import time
from collections.abc import Collection
from typing import Any

import msgspec
from graphql import GraphQLSchema, OperationType

from storeql.errors import StoreError
from storeql.server.answers import Answer, answer_of, answer_with
from storeql.server.bounded_cache import BoundedCache
from storeql.server.cost import evaluate
from storeql.server.document_limits import check_cost
from storeql.server.documents import Documents, Operation
from storeql.server.executor import OperationExecutor
from storeql.server.faults import Refusal, execution_errors, refusal, store_refusal
from storeql.server.limits import Limits
from storeql.server.parameters import Parameters
from storeql.server.permissions import Guards
from storeql.server.persisted import PersistedDocuments
from storeql.server.preparation import Preparation
from storeql.server.request import Context, OpenContext, RequestInfo
from storeql.server.workers import overloaded

INTROSPECTION_ANSWERS = 4
INTROSPECTION_BYTES = 20_000_000


class Operations:
    """Runs the operations of one schema."""

    def __init__(
        self,
        preparation: Preparation,
        documents: Documents,
        open_context: OpenContext,
        limits: Limits,
    ) -> None:
        self._preparation = preparation
        self._documents = documents
        self._persisted = PersistedDocuments(limits)
        self._open_context = open_context
        self._limits = limits
        self._introspections: BoundedCache[Operation, bytes] = BoundedCache(
            entries=INTROSPECTION_ANSWERS, weight=INTROSPECTION_BYTES
        )

    @property
    def schema(self) -> GraphQLSchema:
        """The schema that operations are of."""
        return self._preparation.schema

    @property
    def guards(self) -> Guards:
        """Which permissions its fields ask for."""
        return self._preparation.guards

    def is_short(self, parameters: Parameters, seconds: float) -> bool:
        """Whether this is a query that can be expected to take no longer than `seconds`."""
        document = self._documents.known(parameters.query or "")
        if document is None:
            return False
        try:
            operation = document.operation(parameters.operation_name)
        except Refusal:
            return False
        return operation.kind is OperationType.QUERY and operation.pace.is_within(seconds)

    def answer(
        self,
        parameters: Parameters,
        info: RequestInfo,
        kinds: Collection[OperationType],
        began_at: float,
    ) -> Answer:
        """The answer of the operation; raises Refusal when it does not run."""
        if time.monotonic() > began_at + self._limits.deadline_seconds:
            raise overloaded()
        operation, cost = self.select(parameters, kinds)
        run_at = time.monotonic()
        context = self.open(info, began_at)
        failed = True
        try:
            answer = self._run(operation, cost, parameters.variables, context)
            failed = bool(answer.codes)
        finally:
            context.close(failed)
            operation.pace.note(time.monotonic() - run_at)
        return answer

    def select(
        self, parameters: Parameters, kinds: Collection[OperationType]
    ) -> tuple[Operation, int]:
        """The operation asked for, with its cost; raises Refusal if it may not run."""
        text = self._persisted.text(parameters)
        document = self._documents.document(text)
        self._persisted.keep(parameters, text)
        operation = document.operation(parameters.operation_name)
        if operation.kind not in kinds:
            raise kind_refusal(operation.kind)
        cost = evaluate(operation.measure.cost, {**operation.sizes, **parameters.variables})
        check_cost(cost, self._limits.cost)
        return operation, cost

    def open(self, info: RequestInfo, began_at: float) -> Context:
        """A context for the request; raises Refusal if its credentials are refused."""
        deadline = began_at + self._limits.deadline_seconds
        try:
            context = self._open_context(msgspec.structs.replace(info, deadline=deadline))
        except StoreError as error:
            raise store_refusal(error) from error
        if hasattr(context, "deadline"):
            context.deadline = deadline
        return context

    def executor(
        self, operation: Operation, variables: dict[str, Any], context: Context, *, root: Any = None
    ) -> OperationExecutor:
        """An executor of the operation; raises Refusal for bad variables."""
        return self._preparation.executor(operation, variables, context, root=root)

    def _run(
        self, operation: Operation, cost: int, variables: dict[str, Any], context: Context
    ) -> Answer:
        known = self._introspections.get(operation) if operation.is_introspection else None
        if known is not None:
            return answer_with(operation, context, known)
        payload = payload_of(self.executor(operation, variables, context))
        payload["extensions"] = {"cost": {"requested": cost, "limit": self._limits.cost}}
        answer = answer_of(operation, context, payload)
        if operation.is_introspection and not answer.codes:
            self._introspections.keep(operation, answer.body, len(answer.body))
        return answer


def payload_of(executor: OperationExecutor) -> dict[str, Any]:
    """The response of an executor, its errors fit for clients."""
    result: Any = executor.execute_operation()
    payload: dict[str, Any] = {}
    if result.errors:
        payload["errors"] = execution_errors(result.errors)
    payload["data"] = result.data
    return payload


def kind_refusal(kind: OperationType) -> Refusal:
    """The refusal of an operation that its transport does not carry."""
    if kind is OperationType.MUTATION:
        return refusal(
            "METHOD_NOT_ALLOWED",
            "Mutations are sent over HTTP with POST.",
            status=405,
            headers=(("allow", "POST"),),
        )
    if kind is OperationType.SUBSCRIPTION:
        return refusal(
            "SUBSCRIPTION_NEEDS_SOCKET",
            "Subscriptions run over a WebSocket with the graphql-transport-ws protocol.",
        )
    return refusal("QUERY_NEEDS_HTTP", "Queries are sent over HTTP.")
