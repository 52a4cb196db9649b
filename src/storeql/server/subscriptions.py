"""Subscriptions: a stream of events on the event loop, each event's payload read in a thread.

Every event gets a context of its own, so that credentials revoked meanwhile end the stream.
"""

from __future__ import annotations

import time
from collections.abc import AsyncIterable
from inspect import isawaitable
from typing import Any

from graphql import OperationType
from graphql.execution import create_source_event_stream
from graphql.execution.collect_fields import collect_fields

from storeql.server.answers import Answer, answer_of
from storeql.server.documents import Operation
from storeql.server.executor import OperationExecutor
from storeql.server.faults import Refusal, execution_errors, refusal
from storeql.server.operations import Operations, payload_of
from storeql.server.parameters import Parameters
from storeql.server.permissions import denial
from storeql.server.request import RequestInfo


class Subscription:
    """One subscription of one client; its methods other than `events` run in a worker."""

    def __init__(self, operations: Operations, parameters: Parameters, info: RequestInfo) -> None:
        self._operations = operations
        self._variables = parameters.variables
        self._info = info
        self.operation: Operation
        self.operation, _ = operations.select(parameters, (OperationType.SUBSCRIPTION,))
        self._stream = self._opened()

    async def events(self) -> AsyncIterable[Any]:
        """The stream of events; raises Refusal if the resolver refuses to begin one."""
        stream = await self._stream if isawaitable(self._stream) else self._stream
        errors = getattr(stream, "errors", None)
        if errors:
            raise Refusal(execution_errors(errors))
        events: AsyncIterable[Any] = stream
        return events

    def answer(self, event: Any) -> Answer:
        """The answer to one event; raises Refusal when the client may no longer have it."""
        context = self._operations.open(self._info, time.monotonic())
        failed = True
        try:
            executor = self._operations.executor(
                self.operation, self._variables, context, root=event
            )
            _check_permission(executor)
            answer = answer_of(self.operation, context, payload_of(executor))
            failed = bool(answer.codes)
        finally:
            context.close(failed)
        return answer

    def _opened(self) -> Any:
        """What the resolver begins: an async generator, not yet running, or a promise of one."""
        context = self._operations.open(self._info, time.monotonic())
        failed = True
        try:
            executor = self._operations.executor(self.operation, self._variables, context)
            _check_permission(executor)
            executor.is_awaitable = isawaitable  # type: ignore[assignment]
            stream = create_source_event_stream(executor)
            failed = False
        finally:
            context.close(failed)
        return stream


def _check_permission(executor: OperationExecutor) -> None:
    """Raises Refusal unless the subscription's one field is selected and permitted."""
    root_type = executor.schema.subscription_type
    assert root_type is not None
    selected = collect_fields(
        executor.schema,
        executor.fragments,
        executor.variable_values,
        root_type,
        executor.operation,
        executor.hide_suggestions,
    ).grouped_field_set
    if not selected:
        raise refusal("BAD_REQUEST", "The subscription selects nothing.")
    details = next(iter(selected.values()))
    field = root_type.fields[details[0].node.name.value]
    if not executor.allows(field):
        refused = denial(executor.context_value)
        raise refusal((refused.extensions or {})["code"], refused.message)
