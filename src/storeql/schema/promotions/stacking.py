"""How promotions go together: read and changed by marketing, version by version."""

from collections import Counter
from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Annotated, Any, TypeAlias

import msgspec
import strawberry
from msgspec import Struct
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection, Selection
from storeql.pricing import Lane
from storeql.promotions.stacking import settings as stacking
from storeql.promotions.stacking.settings import (
    Stacking,
    current_stacking,
    lanes_of,
    stacking_version,
)
from storeql.promotions.stacking.update import StackingChange, update_stacking
from storeql.schema.fields import answers, argument, attribute, field
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.scalars import DateTime
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS


@strawberry.enum(
    description="BEST_FOR_CUSTOMER: the answer that saves most, proven. "
    "IN_ORDER: by priority, each promotion taking the units still free."
)
class LaneMode(Enum):
    """How a lane chooses among promotions."""

    BEST_FOR_CUSTOMER = "BEST_FOR_CUSTOMER"
    IN_ORDER = "IN_ORDER"


class LaneChoice(Struct, frozen=True):
    """The record behind StackingLane."""

    lane: Lane
    mode: LaneMode


class GroupInUse(Struct, frozen=True):
    """The record behind ExclusionGroup; without a title it is only named by promotions."""

    key: str
    title: str | None
    active_promotion_count: int


class Shown(Struct, frozen=True, kw_only=True):
    """The record behind StackingSettings."""

    version: int
    updated_at: int | None
    lanes: Sequence[LaneChoice]
    exclusion_groups: Sequence[GroupInUse]
    stackable_sets: Sequence[stacking.StackableSet]


@strawberry.type(description="How one lane chooses among promotions.")
@answers(LaneChoice)
class StackingLane:
    """A lane's mode."""

    lane: Lane = attribute("The lane.")
    mode: LaneMode = attribute("How it chooses.")


@strawberry.type(description="Promotions of which at most one applies to a cart.")
@answers(GroupInUse)
class ExclusionGroup:
    """An exclusion group."""

    key: str = attribute("How promotions name it.")
    title: str | None = attribute("What staff call it; null when only promotions name it.")
    active_promotion_count: int = attribute("How many promotions that are switched on name it.")


@strawberry.type(description="Stacking groups whose promotions share units with one another.")
@answers(stacking.StackableSet)
class StackableSet:
    """A set of stacking groups."""

    key: str = attribute("Its key.")
    title: str = attribute("What staff call it.")
    groups: Sequence[str] = attribute("Stacking groups; each stacks with all the others.")


@strawberry.type(description="How promotions go together in this shop.")
@answers(Shown)
class StackingSettings:
    """The stacking settings."""

    version: int = attribute("Raised by every change; orders name the one that priced them.")
    updated_at: DateTime | None = attribute("When this version was made; null for the first.")
    lanes: Sequence[StackingLane] = attribute("Every lane in the order they are granted.")
    exclusion_groups: Sequence[ExclusionGroup] = attribute(
        "The groups with a title, then those that only promotions name."
    )
    stackable_sets: Sequence[StackableSet] = attribute("The sets that stack.")


@strawberry.input(description="How one lane is to choose.")
class StackingLaneInput:
    """A lane's mode."""

    lane: Lane = strawberry.field(description="The lane.")
    mode: LaneMode = strawberry.field(description="How it chooses from now on.")


@strawberry.input(description="A group of which at most one promotion applies.")
class ExclusionGroupInput:
    """An exclusion group."""

    key: str = strawberry.field(description="How promotions name it, at most 64 characters.")
    title: str = strawberry.field(default="", description="What staff call it.")


@strawberry.input(description="Stacking groups that stack with one another.")
class StackableSetInput:
    """A stackable set."""

    key: str = strawberry.field(description="Its key, at most 64 characters.")
    title: str = strawberry.field(default="", description="What staff call it.")
    groups: list[str] = strawberry.field(description="2 to 100 stacking groups.")


@strawberry.input(description="What to change; what is left out stays as it is.")
class StackingSettingsUpdateInput:
    """A change of the settings."""

    expected_version: int = strawberry.field(description="The version that was read.")
    lanes: list[StackingLaneInput] | None = strawberry.field(
        default=None, description="Lanes to change; the others stay as they are."
    )
    exclusion_groups: list[ExclusionGroupInput] | None = strawberry.field(
        default=None, description="Replaces the list, at most 100."
    )
    stackable_sets: list[StackableSetInput] | None = strawberry.field(
        default=None, description="Replaces the list, at most 100."
    )


@strawberry.type(description="The stacking settings after a change.")
class StackingSettingsPayload:
    """What a change of the settings answers."""

    stacking_settings: StackingSettings | None = attribute("The settings after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class StackingQuery:
    """The root field that reads the settings."""

    @field("How promotions go together; null for a version there never was.", PROMOTIONS)
    def stacking_settings(
        self,
        info: Info_,
        version: Annotated[
            int | None, argument("The version to show; the one that holds when left out.")
        ] = None,
    ) -> StackingSettings | None:
        connection = context_of(info).connection
        if version is None:
            found: Stacking | None = current_stacking(connection)
        else:
            found = stacking_version(connection, version)
        if found is None:
            return None
        used = _used(info, connection, selection_of(info))
        return _shown(found, used)  # type: ignore[return-value]


@strawberry.type
class StackingMutation:
    """The root field that changes the settings."""

    @mutation("Changes how promotions go together; carts follow it at once.", PROMOTIONS)
    def stacking_settings_update(
        self,
        info: Info_,
        input: Annotated[StackingSettingsUpdateInput, argument("The change.")],
    ) -> StackingSettingsPayload | None:
        context = context_of(info)

        def work(connection: Connection, selection: Selection) -> dict[str, Any]:
            # Before the change: what a transaction may still roll back must not be remembered.
            used = _used(info, connection, selection.of("stacking_settings"))
            changed = update_stacking(
                connection,
                _change(input, current_stacking(connection)),
                expected_version=input.expected_version,
                actor=context.actor,
                now=context.now,
            )
            return {"stacking_settings": _shown(changed, used)}

        return run(info, StackingSettingsPayload, work)


def _change(typed: StackingSettingsUpdateInput, current: Stacking) -> StackingChange:
    sets = typed.stackable_sets
    groups = typed.exclusion_groups
    return StackingChange(
        in_order_lanes=_lanes(typed.lanes, current),
        exclusion_groups=msgspec.UNSET
        if groups is None
        else tuple(stacking.ExclusionGroup(key=one.key, title=one.title) for one in groups),
        stackable_sets=msgspec.UNSET
        if sets is None
        else tuple(
            stacking.StackableSet(key=one.key, title=one.title, groups=tuple(one.groups))
            for one in sets
        ),
    )


def _lanes(
    typed: list[StackingLaneInput] | None, current: Stacking
) -> tuple[Lane, ...] | msgspec.UnsetType:
    """The lanes in order; of a lane named twice the last mode counts."""
    if typed is None:
        return msgspec.UNSET
    modes = dict(lanes_of(current)) | {one.lane: one.mode is LaneMode.IN_ORDER for one in typed}
    return tuple(lane for lane, in_order in modes.items() if in_order)


def _used(info: Info_, connection: Connection, wanted: Selection) -> Mapping[str, int]:
    """How many promotions that are switched on name each exclusion group."""
    if not wanted.wants("exclusion_groups"):
        return {}
    active = context_of(info).shop.price_desk.active_sets.current(connection).promotions
    named = [entry.promotion.exclusion_group for entry in active]
    return Counter(group for group in named if group is not None)


def _shown(found: Stacking, used: Mapping[str, int]) -> Shown:
    return Shown(
        version=found.version,
        updated_at=found.updated_at,
        lanes=[
            LaneChoice(lane, LaneMode.IN_ORDER if in_order else LaneMode.BEST_FOR_CUSTOMER)
            for lane, in_order in lanes_of(found)
        ],
        exclusion_groups=_groups(found, used),
        stackable_sets=found.stackable_sets,
    )


def _groups(found: Stacking, used: Mapping[str, int]) -> list[GroupInUse]:
    titled = [
        GroupInUse(group.key, group.title, used.get(group.key, 0))
        for group in found.exclusion_groups
    ]
    listed = {group.key for group in titled}
    others = [GroupInUse(key, None, used[key]) for key in sorted(set(used) - listed)]
    return titled + others
