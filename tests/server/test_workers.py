"""Work is done in a bounded number of threads, in turn, and finished before the door closes."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import pytest

from storeql.server import Limits, RequestInfo
from storeql.server.faults import Refusal
from storeql.server.workers import Workers
from tests.server.shop import ShopContext, client, codes, open_context, serve


def test_no_more_work_runs_at_once_than_there_are_threads() -> None:
    running: list[int] = []
    most: list[int] = []

    def work() -> None:
        running.append(1)
        most.append(len(running))
        time.sleep(0.01)
        running.pop()

    async def main() -> None:
        workers = Workers(3, 100)
        await asyncio.gather(*(workers.submit(work) for _ in range(12)))
        await workers.close()

    asyncio.run(main())
    assert max(most) == 3


def test_what_work_raises_reaches_whoever_waits_for_it() -> None:
    async def main() -> None:
        workers = Workers(1, 1)
        with pytest.raises(LookupError):
            await workers.submit(lambda: {}["nothing"])
        with pytest.raises(RuntimeError):
            await workers.submit(lambda: next(iter(())))
        assert await workers.submit(lambda: 1) == 1

    asyncio.run(main())


def test_a_full_line_refuses_more_work() -> None:
    async def main() -> None:
        workers = Workers(1, 1)
        release = threading.Event()
        held = [workers.submit(release.wait) for _ in range(2)]
        with pytest.raises(Refusal) as refused:
            workers.submit(release.wait)
        assert refused.value.status == 503
        assert dict(refused.value.headers)["retry-after"] == "1"
        release.set()
        await asyncio.gather(*held)
        assert await workers.submit(lambda: 1) == 1

    asyncio.run(main())


def test_work_cancelled_in_the_line_never_runs() -> None:
    async def main() -> list[int]:
        workers = Workers(1, 5)
        ran: list[int] = []
        release = threading.Event()
        first = workers.submit(release.wait)
        second = workers.submit(lambda: ran.append(2))
        second.cancel()
        release.set()
        await first
        await workers.close()
        return ran

    assert asyncio.run(main()) == []


def test_closing_finishes_the_work_in_the_line() -> None:
    async def main() -> list[int]:
        workers = Workers(1, 10)
        done: list[int] = []
        for number in range(5):
            workers.submit(lambda number=number: (time.sleep(0.01), done.append(number)))  # type: ignore[misc]
        await workers.close()
        return done

    assert asyncio.run(main()) == [0, 1, 2, 3, 4]


def test_a_client_that_hangs_up_in_the_line_is_never_served() -> None:
    opened: list[str] = []
    release = threading.Event()

    def slow_context(request: RequestInfo) -> ShopContext:
        opened.append(request.request_id)
        release.wait(5)
        return ShopContext(request)

    async def main() -> list[Any]:
        server = serve(max_threads=1, open_context=slow_context)
        sent: list[Any] = []

        async def ask(name: str, *, hangs_up: bool) -> None:
            messages = [{"type": "http.request", "body": b'{"query": "{hello}"}'}]
            if hangs_up:
                messages.append({"type": "http.disconnect"})

            async def receive() -> Any:
                if not messages:
                    await asyncio.sleep(60)
                return messages.pop(0)

            async def send(message: Any) -> None:
                sent.append((name, message["type"]))

            headers = [(b"content-type", b"application/json"), (b"x-request-id", name.encode())]
            scope = {"type": "http", "method": "POST", "headers": headers, "query_string": b""}
            await server(scope, receive, send)

        first = asyncio.create_task(ask("first", hangs_up=False))
        await asyncio.sleep(0.05)
        await ask("second", hangs_up=True)
        release.set()
        await first
        await server.close()
        return sent

    assert {name for name, _ in asyncio.run(main())} == {"first"}
    assert opened == ["first"]


def test_a_request_that_waited_past_its_deadline_is_not_begun() -> None:
    answer = client(limits=Limits(deadline_seconds=-1)).post("/graphql", json={"query": "{hello}"})
    assert (answer.status_code, codes(answer)) == (503, ["OVERLOADED"])


def test_the_context_knows_the_deadline_and_is_closed_once() -> None:
    contexts: list[ShopContext] = []

    def opened(request: RequestInfo) -> ShopContext:
        contexts.append(open_context(request))
        return contexts[-1]

    http = client(open_context=opened)
    http.post("/graphql", json={"query": "{hello}"})
    http.post("/graphql", json={"query": "{refusal}"})
    http.post("/graphql", json={"query": "query ($n: Int!) {products(first: $n) {totalCount}}"})
    assert [context.closed for context in contexts] == [[False], [True], [True]]
    remaining = [context.deadline - time.monotonic() for context in contexts if context.deadline]
    assert all(9 < seconds <= 10 for seconds in remaining)
    assert len(remaining) == 3
