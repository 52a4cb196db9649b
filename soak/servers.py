"""The two server processes of a shop under proof: started, killed, stopped, started again."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from benchmarks.client import Request, fetch
from benchmarks.server import free_port

WORKERS = 2
COMMAND = ("storeql.cli", "serve", "--workers", str(WORKERS))
START_WITHIN_SECONDS = 40
STOP_WITHIN_SECONDS = 45
READY = Request("/readyz")


class Servers:
    """`storeql serve --workers 2` on one port of 127.0.0.1, in a process group of its own."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        self.port = free_port()
        self.log = log
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    async def start(self) -> None:
        """Starts the processes and waits until both are there and one answers."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", *COMMAND, "--port", str(self.port)],
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        await self.answering()

    async def answering(self) -> None:
        """Waits until both processes are there and a request is answered."""
        until = time.monotonic() + START_WITHIN_SECONDS
        while time.monotonic() < until:
            if self._running.poll() is not None:
                raise RuntimeError(f"the server ended with {self._running.returncode}")
            if len(self.workers()) >= WORKERS and await self._answers():
                return
            await asyncio.sleep(0.05)
        raise TimeoutError("the server did not answer")

    def workers(self) -> list[psutil.Process]:
        """The processes that answer requests."""
        found = []
        for child in psutil.Process(self._running.pid).children():
            try:
                if "spawn_main" in " ".join(child.cmdline()):
                    found.append(child)
            except psutil.Error:
                continue
        return found

    def connections(self) -> dict[int, int]:
        """How many connections each process has accepted and holds, by process id."""
        return {worker.pid: self._accepted_by(worker) for worker in self.workers()}

    def kill_busiest(self) -> None:
        """kill -9 of the process with the most connections; its parent starts another."""
        held = self.connections()
        os.kill(max(held, key=lambda pid: held[pid]), signal.SIGKILL)

    def kill_all(self) -> None:
        """kill -9 of every process at once, as when the machine goes dark."""
        os.killpg(self._running.pid, signal.SIGKILL)
        self._running.wait(timeout=STOP_WITHIN_SECONDS)

    def ask_to_stop(self, *, every_process: bool) -> None:
        """SIGTERM to the parent process, or to all of them as service managers send it."""
        if every_process:
            os.killpg(self._running.pid, signal.SIGTERM)
        else:
            self._running.terminate()

    async def stopped(self) -> int:
        """Waits for the end; the exit status of the parent process."""
        return await asyncio.to_thread(self._running.wait, STOP_WITHIN_SECONDS)

    def end(self) -> None:
        """Ends whatever still runs."""
        if self._process is None or self._process.poll() is not None:
            return
        self._process.terminate()
        try:
            self._process.wait(timeout=STOP_WITHIN_SECONDS)
        except subprocess.TimeoutExpired:
            self.kill_all()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None, "the server was not started"
        return self._process

    def _accepted_by(self, worker: psutil.Process) -> int:
        try:
            held = worker.net_connections("tcp")
        except psutil.Error:
            return 0
        return sum(one.laddr.port == self.port and one.status == "ESTABLISHED" for one in held)

    async def _answers(self) -> bool:
        try:
            await asyncio.wait_for(fetch(self.port, READY), timeout=5)
        except (OSError, EOFError, TimeoutError):
            return False
        return True
