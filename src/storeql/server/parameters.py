"""The parameters of a GraphQL request, read from a body or an address that may be hostile."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs

import orjson
from msgspec import Struct

from storeql.server.faults import Refusal, refusal
from storeql.server.limits import Limits


class Parameters(Struct, frozen=True):
    """What a client sent; `query` is None when it names a persisted document instead."""

    query: str | None
    operation_name: str | None
    variables: dict[str, Any]
    extensions: dict[str, Any]


def parameters_from_body(body: bytes, limits: Limits) -> Parameters:
    """The parameters in a JSON body; raises Refusal."""
    return parameters_from_payload(_json(body, "The body"), limits)


def parameters_from_address(query_string: bytes, limits: Limits) -> Parameters:
    """The parameters in the query part of an address; raises Refusal."""
    try:
        fields = parse_qs(
            query_string.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10
        )
    except ValueError:
        raise _bad("The query of the address is not valid.") from None
    payload: dict[str, Any] = {name: values[-1] for name, values in fields.items()}
    for name in ("variables", "extensions"):
        if payload.get(name):
            payload[name] = _json(payload[name], f"'{name}'")
        else:
            payload.pop(name, None)
    return parameters_from_payload(payload, limits)


def parameters_from_payload(payload: Any, limits: Limits) -> Parameters:
    """The parameters in a decoded payload; raises Refusal for one of the wrong shape."""
    if isinstance(payload, list):
        raise refusal("BATCHING_NOT_SUPPORTED", "Send one operation a request, not a list.")
    if not isinstance(payload, dict):
        raise _bad("The request must be a JSON object.")
    parameters = Parameters(
        _optional(payload, "query", str, "a string"),
        _optional(payload, "operationName", str, "a string") or None,
        _optional(payload, "variables", dict, "an object") or {},
        _optional(payload, "extensions", dict, "an object") or {},
    )
    if parameters.query is None and "persistedQuery" not in parameters.extensions:
        raise _bad("The request needs a 'query'.")
    if parameters.variables:
        _check_size(parameters.variables, limits)
    return parameters


def _json(text: bytes | str, what: str) -> Any:
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        raise _bad(f"{what} is not valid JSON in UTF-8.") from None


def _optional(payload: dict[str, Any], name: str, wanted: type, words: str) -> Any:
    value = payload.get(name)
    if value is None or isinstance(value, wanted):
        return value
    raise _bad(f"'{name}' must be {words}.")


def _check_size(variables: dict[str, Any], limits: Limits) -> None:
    """Counts values level by level, so that no nesting can exhaust the stack."""
    level: list[Any] = [variables]
    count = depth = 0
    while level:
        depth += 1
        count += len(level)
        if depth > limits.variable_depth + 1:
            raise _too_large("nest deeper", "depth", limits.variable_depth)
        if count > limits.variable_values:
            raise _too_large("hold more values", "values", limits.variable_values)
        level = [child for value in level for child in _children(value)]


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _too_large(words: str, what: str, limit: int) -> Refusal:
    code = f"VARIABLE_{what.upper()}_LIMIT"
    return refusal(code, f"The variables {words} than the limit of {limit}.", limit=limit)


def _bad(message: str) -> Refusal:
    return refusal("BAD_REQUEST", message)
