"""A program outside of the shop that receives webhooks: a real HTTP server in a thread."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from msgspec import Struct


class Received(Struct, frozen=True):
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def event(self) -> Any:
        """The event in its body."""
        return json.loads(self.body)["data"]["event"]


class Reply(Struct, frozen=True):
    """What to answer."""

    status: int = 200
    body: bytes = b"ok"
    headers: tuple[tuple[str, str], ...] = ()


class Receiver:
    """Keeps what it was sent; `answer` decides what it replies, 200 at first."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.answer: Callable[[Received], Reply] = lambda _: Reply()
        self.lock = threading.Lock()
        self.url = ""

    @property
    def kinds(self) -> list[str]:
        """The kinds of the events, in the order they came."""
        return [one.headers["storeql-event"] for one in self.received]

    def take(self, request: Received) -> Reply:
        """Keeps a request and decides on the reply."""
        with self.lock:
            self.received.append(request)
        return self.answer(request)


@contextmanager
def receiving() -> Iterator[Receiver]:
    """A receiver that listens on 127.0.0.1 while the context lasts."""
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            headers = {name.lower(): value for name, value in self.headers.items()}
            reply = receiver.take(Received(self.path, headers, self.rfile.read(length)))
            self.send_response(reply.status)
            for name, value in (*reply.headers, ("content-length", str(len(reply.body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body)

        def log_message(self, *_: Any) -> None:
            return

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        block_on_close = False

        def handle_error(self, *_: Any) -> None:
            return  # a client that hung up

    server = Server(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hooks"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
