"""What the log says: one format for all, with the request that a line belongs to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterator
from typing import Any

import orjson
import pytest
import structlog

from storeql.errors import DatabaseUnavailable
from storeql.logs import LibraryLines, configure_logging, log_interruption
from storeql.server.request_log import begun_request
from storeql.server.workers import Workers


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, LibraryLines)]:
        root.removeHandler(handler)
    logging.getLogger("uvicorn").setLevel(logging.NOTSET)


def lines(capfdbinary: Any) -> list[Any]:
    return [orjson.loads(line) for line in capfdbinary.readouterr().out.splitlines()]


def test_lines_are_json_outside_development_and_show_no_local_variables(capfdbinary: Any) -> None:
    configure_logging(development=False)
    secret = "hunter" + str(2)
    try:
        raise ValueError("no")
    except ValueError:
        structlog.get_logger().exception("bug", error_id="1")
    [line] = lines(capfdbinary)
    assert (line["event"], line["error_id"], line["level"]) == ("bug", "1", "error")
    assert "ValueError: no" in line["exception"]
    assert secret not in line["exception"]


def test_libraries_are_heard_in_the_same_format_with_the_request(capfdbinary: Any) -> None:
    configure_logging(development=False)
    configure_logging(development=False)  # a second time adds nothing
    begun_request({"x-request-id": "abc"})
    logging.getLogger("alembic.runtime").warning("odd %s", "thing")
    logging.getLogger("alembic.runtime").info("not worth a line")
    logging.getLogger("uvicorn.error").info("Child process [%d] died", 7)
    odd, died = lines(capfdbinary)
    assert (odd["event"], odd["level"], odd["logger"]) == (
        "odd thing",
        "warning",
        "alembic.runtime",
    )
    assert odd["request_id"] == "abc"
    assert "timestamp" in odd
    assert died["event"] == "Child process [7] died"


def test_what_a_worker_logs_belongs_to_the_request_that_it_works_for(capfdbinary: Any) -> None:
    async def request(workers: Workers, number: str) -> None:
        begun_request({"x-request-id": number})
        await workers.submit(lambda: structlog.get_logger().info("worked", number=number))

    async def main() -> None:
        workers = Workers(1, 4)
        await asyncio.gather(*(request(workers, number) for number in ("a", "b")))
        await workers.close()

    configure_logging(development=False)
    asyncio.run(main())
    told = lines(capfdbinary)
    assert [(line["request_id"], line["number"]) for line in told] == [("a", "a"), ("b", "b")]


def test_a_database_that_is_away_is_a_reason_and_a_bug_a_traceback(capfdbinary: Any) -> None:
    configure_logging(development=False)
    log = structlog.get_logger()
    log_interruption(log, "cut_short", DatabaseUnavailable("It is being restarted."), topics=2)
    log_interruption(log, "cut_short", ValueError("no"))
    away, bug = lines(capfdbinary)
    assert (away["level"], away["reason"]) == ("warning", "It is being restarted.")
    assert away["topics"] == 2 and "exception" not in away
    assert bug["level"] == "error" and "ValueError: no" in bug["exception"]


def test_development_reads_plain_lines_and_commands_log_to_standard_error(
    capfd: pytest.CaptureFixture[str],
) -> None:
    configure_logging(development=True, stream="stderr")
    structlog.get_logger().info("hello", who="you")
    logging.getLogger("asyncio").warning("slow")
    out, err = capfd.readouterr()
    assert out == ""
    assert [line.split("]")[1].split()[0] for line in err.splitlines()] == ["hello", "slow"]
