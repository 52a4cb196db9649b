"""Runs the shop under uvicorn, in one process or several."""

from __future__ import annotations

import gc
import os

import uvicorn
from starlette.applications import Starlette

from storeql.customers.mail import smtp_sender
from storeql.db import Database
from storeql.db.revisions import check_schema
from storeql.demo.accounts import has_demo_password
from storeql.errors import SettingsError
from storeql.settings import Settings, settings_from_environment

GRACE_SECONDS = 30


def serve(settings: Settings) -> None:
    """Serves until told to stop, then finishes the requests in hand.

    Raises SettingsError where the shop must not be served: a database of another schema, or,
    outside development, one in which the demo's passwords still open the door.
    """
    check_servable(settings)
    _hand_down(settings)
    uvicorn.run(
        "storeql.serving:application",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=75,
        ws="websockets-sansio",
        ws_max_size=256_000,
    )


def application() -> Starlette:
    """The application of one server process, from the environment."""
    # Nearly everything that is made while a shop is loaded stays: looking for what does not costs
    # an eighth of the start. `app` collects once and turns the collector on again.
    gc.disable()
    # Loaded here and not above: the process that only watches over workers can do without it.
    from storeql.app import create_app

    return create_app(settings_from_environment())


def check_servable(settings: Settings) -> None:
    """Raises SettingsError when the shop must not be served as it is."""
    if settings.mail_url:
        smtp_sender(settings.mail_url)
    database = Database(settings.database_url, pool_size=1)
    try:
        check_schema(database)
        if not settings.development and has_demo_password(database):
            raise SettingsError(
                "The demo's staff password still opens this shop: change it before serving."
            )
    finally:
        database.close()


def _hand_down(settings: Settings) -> None:
    """Gives the settings to the server processes, which read them from their environment."""
    for name in settings.__struct_fields__:
        value = getattr(settings, name)
        text = ",".join(value) if isinstance(value, tuple) else str(value)
        os.environ[f"STOREQL_{name.upper()}"] = text
