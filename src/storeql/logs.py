"""One log for storeql and the libraries below it: the same lines, with the request they are of."""

from __future__ import annotations

import logging
import sys
from typing import Any, Literal, TextIO, TypeAlias

import orjson
import structlog

from storeql.errors import DatabaseUnavailable

Stream: TypeAlias = Literal["stdout", "stderr"]


def configure_logging(*, development: bool, stream: Stream = "stdout") -> None:
    """Readable lines in development, JSON lines elsewhere; tracebacks without local variables.

    Libraries are heard from warnings on; outside development also what uvicorn says of processes
    that start, stop and die.
    """
    render: list[Any] = [structlog.processors.format_exc_info, _json]
    if development:
        render = [
            structlog.dev.ConsoleRenderer(
                colors=_now(stream).isatty(), exception_formatter=structlog.dev.plain_traceback
            )
        ]
    structlog.configure(
        [*_stamps(), *render],
        logger_factory=lambda *_: structlog.PrintLogger(_now(stream)),
    )
    _hear_libraries(stream, render)
    logging.getLogger("uvicorn").setLevel(logging.WARNING if development else logging.INFO)


def log_interruption(log: Any, event: str, error: Exception, **facts: Any) -> None:
    """Logs work that was cut short and is begun again by itself.

    A database that is away is a warning with its reason, once a second as long as it lasts;
    anything else is an error with its traceback.
    """
    if isinstance(error, DatabaseUnavailable):
        log.warning(event, reason=error.reason, **facts)
    else:
        log.error(event, exc_info=error, **facts)


class LibraryLines(logging.StreamHandler[Any]):
    """Writes the lines of libraries to standard output or error."""

    def __init__(self, stream: Stream) -> None:
        logging.Handler.__init__(self)
        self._stream = stream

    @property
    def stream(self) -> TextIO:
        """Where a line goes."""
        return _now(self._stream)


def _hear_libraries(stream: Stream, render: list[Any]) -> None:
    handler = LibraryLines(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*_stamps(), structlog.stdlib.add_logger_name],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *render],
        )
    )
    root = logging.getLogger()
    for known in [one for one in root.handlers if isinstance(one, LibraryLines)]:
        root.removeHandler(known)
    root.addHandler(handler)


def _now(stream: Stream) -> TextIO:
    """The stream of this name: it may be redirected while the process runs."""
    to: TextIO = getattr(sys, stream)
    return to


def _stamps() -> list[Any]:
    return [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
    ]


def _json(_logger: Any, _method: str, event: Any) -> str:
    return orjson.dumps(event, default=repr).decode()
