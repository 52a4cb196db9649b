"""How promotions go together in this shop: lanes, exclusion groups and sets that stack.

Settings are kept version by version and the newest one holds: an order names the version that its
price was made with.
"""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct
from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.pricing import LANES, Lane
from storeql.promotions.tables import stacking_versions

FIRST_VERSION = 1

_version = stacking_versions.c
_COLUMNS = (_version.version, _version.settings, _version.at)
_NEWEST = statement(select(*_COLUMNS).order_by(_version.version.desc()).limit(1))
_ONE = statement(select(*_COLUMNS).where(_version.version == bindparam("version")))


class ExclusionGroup(Struct, frozen=True, kw_only=True):
    """At most one promotion of the group applies to a cart; promotions name it by its key."""

    key: str
    title: str = ""


class StackableSet(Struct, frozen=True, kw_only=True):
    """Stacking groups whose promotions may share units, each with those of the other groups."""

    key: str
    title: str = ""
    groups: tuple[str, ...] = ()


class Stacking(Struct, frozen=True, kw_only=True):
    """One version of the settings; `in_order_lanes` go by priority, the others by the best answer.

    Version 1, which nobody wrote, has every lane best for the customer and no groups.
    """

    version: int = FIRST_VERSION
    in_order_lanes: tuple[Lane, ...] = ()
    exclusion_groups: tuple[ExclusionGroup, ...] = ()
    stackable_sets: tuple[StackableSet, ...] = ()
    updated_at: int | None = None

    def stackable_with(self, group: str | None, named: tuple[str, ...]) -> tuple[str, ...]:
        """What a promotion of this stacking group stacks with: what it names, and its sets."""
        if group is None:
            return named
        others = {
            other
            for one in self.stackable_sets
            if group in one.groups
            for other in one.groups
            if other != group
        }
        return (*named, *sorted(others.difference(named)))


UNTOUCHED = Stacking()
"""The first version."""


class Kept(Struct, frozen=True):
    """What is stored of a version."""

    in_order_lanes: tuple[Lane, ...]
    exclusion_groups: tuple[ExclusionGroup, ...]
    stackable_sets: tuple[StackableSet, ...]


_kept = msgspec.json.Decoder(Kept)


def current_stacking(connection: Connection) -> Stacking:
    """The settings that hold."""
    row = connection.one(_NEWEST)
    return UNTOUCHED if row is None else _of_row(row)


def stacking_version(connection: Connection, version: int) -> Stacking | None:
    """The settings as they were; None for a version there never was."""
    row = connection.one(_ONE, version=version)
    if row is not None:
        return _of_row(row)
    return UNTOUCHED if version == FIRST_VERSION else None


def lanes_of(stacking: Stacking) -> tuple[tuple[Lane, bool], ...]:
    """Every lane in its order, and whether it goes in order of priority."""
    return tuple((lane, lane in stacking.in_order_lanes) for lane in LANES)


def _of_row(row: tuple[Any, ...]) -> Stacking:
    version, text, at = row
    kept = _kept.decode(text)
    return Stacking(version=version, updated_at=at, **msgspec.structs.asdict(kept))
