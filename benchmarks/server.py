"""Runs a server in processes of its own and asks the operating system what it used."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psutil

from benchmarks.client import Request, fetch

START_WITHIN_SECONDS = 30


@dataclass(frozen=True)
class Server:
    """A running server; `first_answer_seconds` counts from the start of its process."""

    port: int
    process: psutil.Process
    first_answer_seconds: float

    def cpu_seconds(self) -> float:
        """CPU time of all its processes so far, user and system."""
        return sum(
            times.user + times.system for times in (one.cpu_times() for one in self._processes())
        )

    def is_spread(self) -> bool:
        """Whether each of its workers holds at least a quarter of the open connections."""
        held = [self._accepted_by(one) for one in self.process.children()]
        held = [count for count in held if count]
        return len(held) > 1 and min(held) * 4 >= sum(held)

    def _accepted_by(self, process: psutil.Process) -> int:
        return sum(
            one.status == psutil.CONN_ESTABLISHED and one.laddr.port == self.port
            for one in process.net_connections("tcp")
        )

    def resident_bytes(self) -> int:
        """Resident memory of its largest process."""
        return max(one.memory_info().rss for one in self._processes())

    def proportional_bytes(self) -> int:
        """The same with a page mapped several times, as those of a database file are, once."""
        return max(one.memory_full_info().pss for one in self._processes())

    def _processes(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]


@contextmanager
def running(
    module: str, *arguments: str, environment: Mapping[str, str], first: Request
) -> Iterator[Server]:
    """`python -m module`, up from its first good answer to `first` until the context ends."""
    port = free_port()
    began = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", module, *arguments, "--port", str(port)],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    try:
        seconds = _await_answer(port, first, began, process)
        yield Server(port, psutil.Process(process.pid), seconds)
    finally:
        process.terminate()
        process.wait(timeout=40)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_answer(
    port: int, first: Request, began: float, process: subprocess.Popen[bytes]
) -> float:
    while time.perf_counter() - began < START_WITHIN_SECONDS:
        try:
            asyncio.run(fetch(port, first))
            return time.perf_counter() - began
        except OSError:
            if process.poll() is not None:
                raise RuntimeError(f"the server ended with {process.returncode}") from None
            time.sleep(0.01)
    raise TimeoutError("the server did not answer")
