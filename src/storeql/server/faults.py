"""What a client is told when something goes wrong: stable codes, and of bugs only an id."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any, TypeAlias

import structlog
from graphql import GraphQLError
from strawberry.exceptions import StrawberryInputCoercionError

from storeql.errors import DatabaseUnavailable, StoreError

log = structlog.get_logger("storeql.server")

FormattedError: TypeAlias = dict[str, Any]

MOST_ERRORS = 100
HEADERS = {401: (("www-authenticate", "Bearer"),), 503: (("retry-after", "1"),)}
STATUSES = {"UNAUTHENTICATED": 401, "FORBIDDEN": 403, "DATABASE_UNAVAILABLE": 503}


class Refusal(Exception):
    """A request that is answered without being run.

    `well_formed` says that only its document or variables are at fault, which clients of
    `application/json` expect with status 200.
    """

    def __init__(
        self,
        errors: list[FormattedError],
        status: int = 400,
        *,
        well_formed: bool = False,
        headers: tuple[tuple[str, str], ...] = (),
    ) -> None:
        super().__init__(errors[0]["message"])
        self.errors = errors
        self.status = status
        self.well_formed = well_formed
        self.headers = headers

    def again(self) -> Refusal:
        """A copy to raise: one kept and raised often would gather tracebacks."""
        return Refusal(self.errors, self.status, well_formed=self.well_formed, headers=self.headers)


def refusal(
    code: str,
    message: str,
    *,
    status: int = 400,
    well_formed: bool = False,
    headers: tuple[tuple[str, str], ...] = (),
    **data: Any,
) -> Refusal:
    """A refusal with one error."""
    error = {"message": message, "extensions": {"code": code, **data}}
    return Refusal([error], status, well_formed=well_formed, headers=headers)


def document_refusal(errors: Iterable[GraphQLError], code: str) -> Refusal:
    """The refusal of a document (or its variables) for errors found by graphql-core."""
    return Refusal([_formatted(error, error.message, code) for error in errors], well_formed=True)


def store_refusal(error: StoreError) -> Refusal:
    """The refusal of a request whose context could not be opened, or was lost."""
    _tell_operator(error)
    status = STATUSES.get(error.code, 400)
    headers = HEADERS.get(status, ())
    return refusal(error.code, error.message, status=status, headers=headers, **error.data)


def bug_refusal(error: Exception) -> Refusal:
    """The answer to a bug outside the execution of fields; logs it."""
    return refusal("INTERNAL_SERVER_ERROR", "Internal error.", status=500, errorId=report(error))


def execution_errors(errors: Sequence[GraphQLError]) -> list[FormattedError]:
    """The errors of fields as a client may see them; bugs are logged and masked.

    One bug is logged once, however many rows met it. What is past `MOST_ERRORS` is only counted.
    """
    ids: dict[tuple[Any, ...], str] = {}
    shown = [_execution_error(error, ids) for error in errors[:MOST_ERRORS]]
    if len(errors) > MOST_ERRORS:
        message = f"{len(errors) - MOST_ERRORS} more errors are not shown."
        shown.append({"message": message, "extensions": {"code": "MORE_ERRORS"}})
    return shown


def _execution_error(error: GraphQLError, ids: dict[tuple[Any, ...], str]) -> FormattedError:
    """What is meant for clients is a StoreError, or a GraphQLError that carries a code."""
    cause = error.original_error or error
    if isinstance(cause, StoreError):
        _tell_operator(cause)
        formatted = _formatted(error, cause.message, cause.code)
        formatted["extensions"].update(cause.data)
        return formatted
    code = (error.extensions or {}).get("code")
    if isinstance(cause, StrawberryInputCoercionError):
        code = "BAD_USER_INPUT"
    if isinstance(code, str):
        return _formatted(error, error.message, code)
    formatted = _formatted(error, "Internal error.", "INTERNAL_SERVER_ERROR")
    place = (type(cause), *map(id, error.nodes or ()))
    if place not in ids:
        ids[place] = report(cause, path=error.path)
    formatted["extensions"]["errorId"] = ids[place]
    return formatted


def report(error: BaseException, **facts: Any) -> str:
    """Logs a bug once with its traceback; the id that finds it in the log."""
    error_id = secrets.token_hex(8)
    log.error("bug", error_id=error_id, exc_info=error, **facts)
    return error_id


def _tell_operator(error: StoreError) -> None:
    if isinstance(error, DatabaseUnavailable):
        log.warning("database_unavailable", reason=error.reason)


def _formatted(error: GraphQLError, message: str, code: str) -> FormattedError:
    formatted: FormattedError = {"message": message}
    if error.locations:
        formatted["locations"] = [place.formatted for place in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    formatted["extensions"] = {"code": code}
    return formatted
