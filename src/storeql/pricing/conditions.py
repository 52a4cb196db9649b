"""The conditions that every kind of promotion has in common."""

from __future__ import annotations

from datetime import datetime
from functools import cached_property

from msgspec import Struct


class Window(Struct, frozen=True, kw_only=True):
    """When a promotion runs: from `starts_at` until just before `ends_at`, both aware instants.

    `weekdays` (Monday is 1) and the half-open clock range `from_minute` to `until_minute` (minutes
    after midnight) narrow it by the shop's wall clock. A range that ends before it starts runs
    over midnight, and its early hours belong to the weekday on which it began.
    """

    starts_at: datetime | None = None
    ends_at: datetime | None = None
    weekdays: tuple[int, ...] = ()
    from_minute: int = 0
    until_minute: int = 1440


class Conditions(Struct, frozen=True, kw_only=True, dict=True):
    """What has to hold for the whole cart; an empty tuple asks for nothing.

    `minimum_quantity` counts the units in the promotion's scope. Several names in one tuple are
    alternatives. A cart is told the first that fails, in the order of the fields.
    """

    channels: tuple[str, ...] = ()
    window: Window = Window()
    group_ids: tuple[str, ...] = ()
    tiers: tuple[str, ...] = ()
    first_order_only: bool = False
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()
    delivery_methods: tuple[str, ...] = ()
    payment_methods: tuple[str, ...] = ()
    minimum_quantity: int = 0

    @cached_property
    def asked(self) -> tuple[str, ...]:
        """The fields that ask for anything: of most promotions few."""
        nothing, names = Conditions(), self.__struct_fields__
        return tuple(name for name in names if getattr(self, name) != getattr(nothing, name))
