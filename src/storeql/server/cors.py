"""Lets pages of other sites that are named in a setting use the API."""

from __future__ import annotations

from collections.abc import Collection

from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware

ALLOWED_HEADERS = (
    "accept",
    "apollo-require-preflight",
    "authorization",
    "content-type",
    "graphql-require-preflight",
    "x-request-id",
    "x-requested-with",
)
PREFLIGHT_SECONDS = 600


def cors_middleware(origins: Collection[str]) -> list[Middleware]:
    """The middleware for a Starlette application; none when no origin is named."""
    if not origins:
        return []
    return [
        Middleware(
            CORSMiddleware,
            allow_origins=list(origins),
            allow_methods=["GET", "POST"],
            allow_headers=list(ALLOWED_HEADERS),
            allow_credentials=True,
            expose_headers=["x-request-id", "retry-after"],
            max_age=PREFLIGHT_SECONDS,
        )
    ]
