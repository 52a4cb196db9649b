"""The executor that the compiled one is held to, and what of an answer is compared."""

from __future__ import annotations

from typing import Any

from graphql import DocumentNode, GraphQLError
from graphql.execution import Executor

from tests.server.fuzz.permissions import Asking, refusal_of
from tests.server.fuzz.worlds import World


class StockExecutor(Executor[None]):
    """graphql-core's executor, which refuses fields before it looks at their arguments."""

    def execute_field(
        self, parent_type: Any, source: Any, details: Any, path: Any, position_context: Any
    ) -> Any:
        field = self.schema.get_field(parent_type, details[0].node.name.value)
        refusal = refusal_of(field, self.context_value) if field else None
        if field is None or refusal is None:
            return super().execute_field(parent_type, source, details, path, position_context)
        self.handle_field_error(GraphQLError(refusal), field.type, details, path)
        return None


def stock_answer(
    world: World, document: DocumentNode, variables: dict[str, Any], asking: Asking
) -> tuple[str, list[Any]]:
    """What graphql-core answers to the document's operation."""
    executor: Any = StockExecutor.build(
        world.schema._schema,
        document,
        None,
        asking,
        variables,
        is_awaitable=_never,  # type: ignore[arg-type]
        is_async_iterable=_never,  # type: ignore[arg-type]
    )
    return told(executor.execute_operation())


def told(result: Any) -> tuple[str, list[Any]]:
    """All a client and a log could see, the order of keys and errors included."""
    errors = [
        (e.message, e.path, [tuple(place) for place in e.locations or ()], type(e.original_error))
        for e in result.errors or ()
    ]
    return repr(result.data), errors


def _never(value: Any) -> bool:
    return False
