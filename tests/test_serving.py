"""What stops a shop from being served: one sentence each, before anything is begun."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from storeql.errors import SettingsError
from storeql.serving import bound, check_place
from storeql.settings import Settings


def test_an_address_that_is_taken_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(SettingsError, match=f"Cannot listen on 127.0.0.1:{port}: Address"):
            bound(Settings(port=port))


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"Cannot listen on 203\.0\.113\.9:8000"):
        bound(Settings(host="203.0.113.9"))


def test_a_bound_address_refuses_clients_until_the_shop_listens() -> None:
    with bound(Settings(host="127.0.0.1", port=_free_port())) as listener:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(listener.getsockname(), timeout=5)
        listener.listen()
        socket.create_connection(listener.getsockname(), timeout=5).close()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"media_dir": "/dev/null/media"}, "STOREQL_MEDIA_DIR /dev/null/media: Not a directory"),
        ({"media_dir": "/dev/null"}, "STOREQL_MEDIA_DIR /dev/null: File exists"),
        ({"mail_url": "http://mail.example"}, "STOREQL_MAIL_URL must look like"),
        ({"mail_url": "smtp://mail.example:post"}, "STOREQL_MAIL_URL must look like"),
        ({"plugins_enabled": ("no-such",)}, "STOREQL_PLUGINS_ENABLED names no-such"),
        ({"plugins_disabled": ("percentge",)}, "STOREQL_PLUGINS_DISABLED names percentge"),
    ],
)
def test_what_is_wrong_around_the_database_is_found_before_it_is_opened(
    tmp_path: Path, wrong: dict[str, Any], words: str
) -> None:
    sound = {"media_dir": str(tmp_path), "plugins_disabled": ("percentage",)}
    check_place(Settings(**sound))
    with pytest.raises(SettingsError, match=words):
        check_place(Settings(**{**sound, **wrong}))


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
