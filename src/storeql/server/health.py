"""Whether the process lives and whether it can serve, for whoever watches over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import structlog
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

log = structlog.get_logger("storeql.health")


def health_routes(readiness: Callable[[], None], *, seconds: float = 5.0) -> list[BaseRoute]:
    """`/healthz` and `/readyz`; `readiness` runs in a thread and raises when it cannot serve."""

    async def alive(request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def ready(request: Request) -> Response:
        try:
            await asyncio.wait_for(asyncio.to_thread(readiness), seconds)
        except Exception as error:
            log.warning("not_ready", reason=f"{type(error).__name__}: {error}")
            return JSONResponse({"status": "unavailable"}, 503)
        return JSONResponse({"status": "ok"})

    return [Route("/healthz", alive), Route("/readyz", ready)]
