"""What writes of the storefront are asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import UNSET, Struct, UnsetType

from storeql.storefront.bodies import Body


class ContentInput(Struct, frozen=True, kw_only=True):
    """Something new to show; `place` and `position` are a banner's.

    Without a slug one is made from the title. `channel_id` is None for every channel.
    """

    body: Body
    slug: str = ""
    channel_id: int | None = None
    place: str = ""
    position: int = 0


class ContentUpdate(Struct, frozen=True, kw_only=True):
    """A change: what is UNSET stays, and so do the fields that `body` does not name."""

    id: int
    expected_version: int
    body: Mapping[str, Any] = {}
    slug: str | UnsetType = UNSET
    place: str | UnsetType = UNSET
    position: int | UnsetType = UNSET


class Publication(Struct, frozen=True, kw_only=True):
    """A revision (None for the newest) to be shown from `at` (None for now) until `until`."""

    id: int
    expected_version: int
    revision: int | None = None
    at: int | None = None
    until: int | None = None
