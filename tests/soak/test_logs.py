"""The soak reads the servers' log for faults that no client was told of."""

from __future__ import annotations

from pathlib import Path

import pytest

from soak.logs import faults_in, last_lines
from storeql.logs import configure_logging
from storeql.server.request_log import log, log_request


@pytest.fixture
def logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """What a server in development logs of a good request, a 503, and a bug."""
    configure_logging(development=True)
    log_request(status=200, codes=())
    log_request(status=503, codes=("OVERLOADED",))
    try:
        raise ValueError("a bug")
    except ValueError:
        log.exception("unexpected error")
    path = tmp_path / "servers.log"
    path.write_text(capsys.readouterr().out)
    return path


def test_errors_tracebacks_and_answers_of_5xx_are_found(logged: Path) -> None:
    kinds = [complaint.partition(" (1×)")[0] for complaint in faults_in(logged)]

    assert kinds == [
        "the log has an error",
        "the log has a traceback",
        "the log has an answer of 5xx",
    ]


def test_good_requests_are_no_fault_and_are_not_shown(logged: Path) -> None:
    shown = "\n".join(last_lines(logged))

    assert "status=503" in shown
    assert "status=200" not in shown


def test_a_log_that_was_never_written_has_no_faults(tmp_path: Path) -> None:
    assert faults_in(tmp_path / "servers.log") == []
