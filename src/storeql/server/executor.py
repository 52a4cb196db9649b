"""graphql-core's executor for operations that run in one thread, with compiled completion.

Fields resolve as the stock executor resolves them; a value below which everything is plain is
completed by one generated function. Whatever that function raises on is completed again by the
stock code, so data, errors, paths and null propagation are the stock executor's.
"""

from __future__ import annotations

from typing import Any, cast

from graphql import (
    GraphQLError,
    GraphQLField,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    OperationType,
    Undefined,
    get_named_type,
    is_leaf_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from storeql.server.permissions import STRAWBERRY, Guards, denial
from storeql.server.plans import Completions, completion_of
from storeql.server.sources import Place


class OperationExecutor(Executor[None]):
    """Runs one operation; `completions` is None where nothing is to be compiled."""

    def __init__(
        self,
        *arguments: Any,
        guards: Guards,
        granted: frozenset[str],
        **options: Any,
    ) -> None:
        super().__init__(*arguments, **options)
        self.is_awaitable = _never  # type: ignore[assignment]
        self.is_async_iterable = _never  # type: ignore[assignment]
        self.completions: Completions | None = None
        self._is_event = self.operation.operation is OperationType.SUBSCRIPTION
        self._guards = guards
        self._granted = granted
        self._bound: dict[int, Any] = {}

    def allows(self, field: GraphQLField) -> bool:
        """Whether the permissions granted let the field through."""
        return self._guards.allow(field, self._granted)

    def bound(self, make: Any) -> Any:
        """What `make` makes of this executor, made once."""
        try:
            return self._bound[id(make)]
        except KeyError:
            made = self._bound[id(make)] = make(self)
            return made

    def execute_field(
        self,
        parent_type: GraphQLObjectType,
        source: Any,
        field_details_list: FieldDetailsList,
        path: Path,
        position_context: None,
    ) -> Any:
        """The stock method for synchronous resolvers, refusing what is not permitted."""
        field = self.schema.get_field(parent_type, field_details_list[0].node.name.value)
        if not field:
            return Undefined
        try:
            if not self.allows(field):
                raise denial(self.context_value)
            nodes = [details.node for details in field_details_list]
            info = self.build_resolve_info(field, nodes, parent_type, path)
            arguments = self._arguments(field, field_details_list)
            resolve = field.resolve or self.field_resolver
            value = resolve(source, info, **arguments)
            if self._is_event and path.prev is None:
                value = self._payload(value, field, info)
            return self.complete_value(
                field.type, field_details_list, info, path, value, position_context
            )
        except Exception as error:
            self.handle_field_error(error, field.type, field_details_list, path)
            return None

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: None,
    ) -> Any:
        """The completed value, by compiled code where there is some that can."""
        if (
            self.completions is not None
            and result is not None
            and not isinstance(return_type, GraphQLNonNull)
            and not is_leaf_type(get_named_type(return_type))
        ):
            place = Place(info.parent_type, str(info.path.key), field_details_list)
            completion = completion_of(self.completions, return_type, place, self)
            if completion is not None:
                try:
                    return completion(result, self)
                except Exception:
                    pass
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _payload(self, event: Any, field: GraphQLField, info: GraphQLResolveInfo[Any]) -> Any:
        """What an event of a subscription stands for, read now if the event is only a key."""
        load = getattr(event, "load_payload", None)
        if load is None:
            return event
        info_class = cast(Any, self.schema)._strawberry_schema.config.info_class
        return load(info_class(_raw_info=info, _field=field.extensions[STRAWBERRY]))

    def _arguments(self, field: GraphQLField, details: FieldDetailsList) -> dict[str, Any]:
        node = details[0].node
        if not field.args and not node.arguments:
            return {}
        try:
            return get_argument_values(
                field,
                node,
                self.variable_values,
                details[0].fragment_variable_values,
                self.hide_suggestions,
            )
        except GraphQLError as error:
            error.extensions = {"code": "BAD_USER_INPUT"}
            raise


def _never(value: object) -> bool:
    return False
