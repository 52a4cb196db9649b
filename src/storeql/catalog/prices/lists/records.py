"""What reads of price lists return, and what their writes are asked for.

Amounts are decimal texts in inputs, for only the list knows its currency, and minor units here.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET, Struct, UnsetType

from storeql.catalog.inputs import NamedInput, NamedUpdate
from storeql.catalog.records import Channel, Variant


class PriceList(Struct, frozen=True):
    """A price list; without groups, and not for everybody, it is for nobody any more."""

    id: int
    slug: str
    name: str
    currency: str
    priority: int
    is_for_everybody: bool
    may_exceed: bool
    is_active: bool
    starts_at: int | None
    ends_at: int | None
    updated_by: str
    created_at: int
    updated_at: int
    version: int
    channels: Sequence[Channel] = ()
    group_ids: Sequence[int] = ()
    entry_count: int = 0


class PriceListEntry(Struct, frozen=True, kw_only=True):
    """What a list says of a variant from so many pieces on: an amount, or basis points off."""

    id: int
    price_list_id: int
    variant_id: int
    from_quantity: int
    price_minor: int | None
    percent_off_basis_points: int
    updated_at: int
    currency: str
    variant: Variant | None = None


class PriceListInput(NamedInput, frozen=True, kw_only=True):
    """A new list, for channels of one currency, and for everybody or for the groups."""

    channel_ids: Sequence[int]
    group_ids: Sequence[int] = ()
    is_for_everybody: bool = False
    may_exceed: bool = False
    priority: int = 0
    is_active: bool = True
    starts_at: int | None = None
    ends_at: int | None = None


class PriceListUpdate(NamedUpdate, frozen=True, kw_only=True):
    """A change of a list; its currency stays for good."""

    channel_ids: Sequence[int] | UnsetType = UNSET
    group_ids: Sequence[int] | UnsetType = UNSET
    is_for_everybody: bool | UnsetType = UNSET
    may_exceed: bool | UnsetType = UNSET
    priority: int | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    starts_at: int | UnsetType | None = UNSET
    ends_at: int | UnsetType | None = UNSET


class EntryInput(Struct, frozen=True, kw_only=True):
    """A price of a variant from so many pieces on: an amount, or a percentage off."""

    variant_id: int
    from_quantity: int = 1
    price: str | None = None
    percent_off: str | None = None
