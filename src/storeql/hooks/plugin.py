"""What is known of a plugin: where it was found, and what became of it at start."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct
from sqlalchemy import MetaData

from storeql.db.revisions import History
from storeql.hooks.payments import PaymentGateway
from storeql.pricing import PromotionType


class PluginStatus(Enum):
    """ACTIVE: it takes part. DISABLED: a setting keeps it out. BROKEN: it failed its trial."""

    ACTIVE = "ACTIVE"
    DISABLED = "DISABLED"
    BROKEN = "BROKEN"


class PluginInfo(Struct, frozen=True, kw_only=True):
    """One plugin as `storeql plugin list` shows it.

    `source` is "built-in", the distribution it came from, or "given" by the program that started
    the shop. `reason` says why it does not take part. `promotion_types` and `gateways` are the
    keys it brings, ascending; `query_types` names its types of query fields. `hooks_version` is the
    version of the hooks that it states it was built for; `warnings` tell what it uses that goes.
    """

    name: str
    version: str
    source: str
    status: PluginStatus
    reason: str = ""
    promotion_types: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    query_types: tuple[str, ...] = ()
    hooks_version: int | None = None
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A plugin that was found and not yet tried; `load` imports it and may raise anything."""

    name: str
    version: str
    source: str
    load: Callable[[], object]


class PluginTables(Struct, frozen=True, kw_only=True):
    """Tables that a plugin brings, and the folder of the migrations that make them.

    The tables' names begin with the plugin's name, its hyphens written as underscores, and one
    underscore more. The files are named `0001_what_changed.py`, `0002_…` and hold Alembic's
    `revision = "0001"`, `down_revision`, `upgrade` and `downgrade`. No foreign key leads to a table
    of storeql's, which must stay free to delete its rows.
    """

    metadata: MetaData
    migrations: Path


@dataclass(frozen=True)
class OwnTables:
    """A plugin's tables, with the history of their migrations as the database keeps it."""

    declared: PluginTables
    history: History


@dataclass(frozen=True, kw_only=True)
class LoadedPlugin:
    """A plugin that passed its trial; `guarded` is what is registered with pluggy in its place."""

    candidate: Candidate
    guarded: object
    promotion_types: tuple[PromotionType[Any], ...]
    gateways: tuple[PaymentGateway, ...]
    tables: OwnTables | None = None
    query_types: tuple[type, ...] = ()
    hooks_version: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def info(self) -> PluginInfo:
        """The plugin as it is listed."""
        return PluginInfo(
            name=self.candidate.name,
            version=self.candidate.version,
            source=self.candidate.source,
            status=PluginStatus.ACTIVE,
            promotion_types=tuple(sorted(kind.key for kind in self.promotion_types)),
            gateways=tuple(sorted(gateway.key for gateway in self.gateways)),
            query_types=tuple(sorted(query.__name__ for query in self.query_types)),
            hooks_version=self.hooks_version,
            warnings=self.warnings,
        )


class BrokenPlugin(Exception):
    """Why a plugin is left out, in one sentence for the operator."""


def left_out(candidate: Candidate, status: PluginStatus, reason: str) -> PluginInfo:
    """A plugin that does not take part, as it is listed."""
    return PluginInfo(
        name=candidate.name,
        version=candidate.version,
        source=candidate.source,
        status=status,
        reason=reason,
    )
