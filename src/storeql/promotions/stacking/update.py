"""Changes how promotions go together: a new version, that every cart follows at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam
from sqlalchemy.dialects.postgresql import insert as upsert

from storeql.access import Actor
from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion
from storeql.inputs import Fields
from storeql.pricing import Lane
from storeql.promotions.set_up.settle import LONGEST_GROUP
from storeql.promotions.set_up.stored import raise_set
from storeql.promotions.stacking.settings import (
    ExclusionGroup,
    Kept,
    StackableSet,
    Stacking,
    current_stacking,
)
from storeql.promotions.tables import stacking_versions

MOST_GROUPS = 100

_ADD = statement(
    upsert(stacking_versions)
    .values({name: bindparam(name) for name in ("version", "settings", "actor", "at")})
    .on_conflict_do_nothing(index_elements=["version"])
)


class StackingChange(Struct, frozen=True, kw_only=True):
    """What is given is replaced as a whole."""

    in_order_lanes: tuple[Lane, ...] | UnsetType = UNSET
    exclusion_groups: tuple[ExclusionGroup, ...] | UnsetType = UNSET
    stackable_sets: tuple[StackableSet, ...] | UnsetType = UNSET


def update_stacking(
    connection: Connection,
    change: StackingChange,
    *,
    expected_version: int,
    actor: Actor,
    now: int,
) -> Stacking:
    """Writes the next version; carts follow it at once, in every process.

    Raises Rejected with everything wrong with the input, and when the settings changed since
    `expected_version`.
    """
    before = current_stacking(connection)
    fields = Fields()
    values = {
        name: value
        for name in change.__struct_fields__
        if (value := getattr(change, name)) is not UNSET
    }
    after = msgspec.structs.replace(before, **values, version=expected_version + 1, updated_at=now)
    _check(after, fields)
    fields.refuse_problems()
    if before.version != expected_version or not _added(connection, after, actor.key):
        message = "The settings changed after they were read."
        now_at = current_stacking(connection).version
        field = ("expectedVersion",)
        raise Rejected([StaleVersion(message=message, field=field, current=now_at)])
    raise_set(connection)
    return after


def _added(connection: Connection, stacking: Stacking, actor: str) -> bool:
    """False when somebody wrote this version just before."""
    kept = Kept(stacking.in_order_lanes, stacking.exclusion_groups, stacking.stackable_sets)
    text = msgspec.json.encode(kept).decode()
    added = connection.run(
        _ADD, version=stacking.version, settings=text, actor=actor, at=stacking.updated_at
    )
    return added > 0


def _check(stacking: Stacking, fields: Fields) -> None:
    named = (
        ("exclusionGroups", [(one.key, one.title) for one in stacking.exclusion_groups]),
        ("stackableSets", [(one.key, one.title) for one in stacking.stackable_sets]),
    )
    for name, entries in named:
        fields.count(name, entries, most=MOST_GROUPS)
        _check_keys(fields.at(name), [key for key, _ in entries], "key")
        for place, (_, title) in enumerate(entries):
            fields.at(name, str(place)).line("title", title, required=False)
    for place, one in enumerate(stacking.stackable_sets):
        at = fields.at("stackableSets", str(place))
        at.count("groups", one.groups, least=2, most=MOST_GROUPS)
        _check_keys(at.at("groups"), one.groups)


def _check_keys(fields: Fields, keys: Sequence[str], *name: str) -> None:
    known: set[str] = set()
    for place, key in enumerate(keys):
        *path, last = (str(place), *name)
        at = fields.at(*path)
        at.line(last, key, most=LONGEST_GROUP)
        if key in known:
            at.report("DUPLICATE", "It is named twice.", last)
        known.add(key)
