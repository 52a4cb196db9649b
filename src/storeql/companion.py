"""Keeps a worker process beside the servers, without loading what the worker needs."""

from __future__ import annotations

import subprocess
import sys
import threading
from types import TracebackType

import structlog

log = structlog.get_logger("storeql.companion")

AGAIN_AFTER_SECONDS = 2.0
GRACE_SECONDS = 30.0
COMMAND = (sys.executable, "-m", "storeql.cli", "worker", "--attached")


class Companion:
    """A worker process that lives as long as the context, started again when it dies."""

    def __init__(self) -> None:
        self._closing = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._watch, name="storeql-worker", daemon=True)

    def __enter__(self) -> Companion:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing.set()
        if self._process is not None:
            self._process.terminate()
        self._thread.join(GRACE_SECONDS)

    def _watch(self) -> None:
        while not self._closing.is_set():
            with subprocess.Popen(COMMAND, stdin=subprocess.PIPE) as process:
                self._process = process
                if self._closing.is_set():
                    process.terminate()
                process.wait()
            if not self._closing.wait(AGAIN_AFTER_SECONDS):
                log.warning("worker_died", code=process.returncode)
