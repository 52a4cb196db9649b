"""Runs the shop under uvicorn, in one process or several."""

from __future__ import annotations

import gc
import os
import socket
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

import uvicorn
from starlette.applications import Starlette

from storeql.customers.mail import smtp_sender
from storeql.db import Database
from storeql.db.revisions import History, check_schema
from storeql.demo.accounts import has_demo_password
from storeql.errors import SettingsError
from storeql.logs import configure_logging
from storeql.media.storage import storage_of
from storeql.settings import Settings, settings_from_environment

GRACE_SECONDS = 30


def serve(settings: Settings, listener: socket.socket | None = None) -> None:
    """Serves until told to stop, then finishes the requests in hand.

    `listener` is a socket from `bound`. Raises SettingsError where the shop must not be served: a
    database of another schema, or, outside development, one in which the demo's passwords still
    open the door.
    """
    check_place(settings)
    check_servable(settings)
    _hand_down(settings)
    configure_logging(development=settings.development)
    with listener or bound(settings) as listening, _beside(settings), suppress(KeyboardInterrupt):
        _run(_configuration(settings), listening)


def _beside(settings: Settings) -> AbstractContextManager[object]:
    """The worker that runs background jobs beside the servers, where the settings ask for it."""
    if not settings.with_worker:
        return nullcontext()
    from storeql.companion import Companion

    return Companion()


def application() -> Starlette:
    """The application of one server process, from the environment."""
    # Nearly everything that is made while a shop is loaded stays: looking for what does not costs
    # an eighth of the start. `app` turns the collector on again.
    gc.disable()
    # Loaded here and not above: the process that only watches over workers can do without it.
    from storeql.app import create_app

    return create_app(settings_from_environment())


def bound(settings: Settings) -> socket.socket:
    """A socket at the settings' address that nobody else has; raises SettingsError.

    It does not listen yet: as long as the shop is not ready, clients are refused.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.set_inheritable(True)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise SettingsError(
            f"Cannot listen on {settings.host}:{settings.port}: {error.strerror}."
        ) from error
    return listener


def check_place(settings: Settings) -> None:
    """Raises SettingsError for what is wrong around the database: mail, pictures, plugins."""
    if settings.mail_url:
        smtp_sender(settings.mail_url)
    _check_folder(Path(settings.media_dir))
    if settings.media_store:
        storage_of(settings.media_dir, settings.media_store)
    if settings.plugins_enabled or settings.plugins_disabled:
        from storeql.hooks.discovery import check_names

        check_names("STOREQL_PLUGINS_ENABLED", settings.plugins_enabled)
        check_names("STOREQL_PLUGINS_DISABLED", settings.plugins_disabled)


def check_servable(settings: Settings) -> None:
    """Raises SettingsError when the shop in the database must not be served as it is."""
    database = Database(settings.database_url, pool_size=1)
    try:
        check_schema(database, *_histories(settings))
        if not settings.development and has_demo_password(database):
            raise SettingsError(
                "The demo's staff password still opens this shop: change it before serving."
            )
    finally:
        database.close()


def _check_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"STOREQL_MEDIA_DIR {folder}: {error.strerror}.") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise SettingsError(f"STOREQL_MEDIA_DIR {folder}: it may not be written to.")


def _configuration(settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        "storeql.serving:application",
        factory=True,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
        ws="websockets-sansio",
        ws_max_size=256_000,
    )


def _run(configuration: uvicorn.Config, listener: socket.socket) -> None:
    if configuration.workers == 1:
        uvicorn.Server(configuration).run(sockets=[listener])
        return
    from uvicorn.supervisors import Multiprocess

    Multiprocess(configuration, sockets=[listener]).run()


def _histories(settings: Settings) -> tuple[History, ...]:
    """The tables that plugins need. One process finds out by itself, when it loads the shop."""
    if settings.workers == 1:
        return ()
    from storeql.hooks import load_hooks

    hooks = load_hooks(enabled=settings.plugins_enabled, disabled=settings.plugins_disabled)
    return hooks.histories


def _hand_down(settings: Settings) -> None:
    """Gives the settings to the server processes, which read them from their environment."""
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        os.environ[f"STOREQL_{name.upper()}"] = text
