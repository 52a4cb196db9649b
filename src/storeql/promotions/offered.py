"""Everything that pricing one basket needs of promotions, in at most three statements."""

from __future__ import annotations

from collections.abc import Sequence

from storeql.db import Connection
from storeql.pricing import Line
from storeql.promotions.active import ActiveSets
from storeql.promotions.limits.remaining import Asked, remaining_for
from storeql.promotions.records import Offered
from storeql.promotions.vouchers.codes import entered_codes


def offered_for(
    connection: Connection,
    active_sets: ActiveSets,
    *,
    lines: Sequence[Line],
    codes: Sequence[str],
    customer_id: int | None,
    channel_id: int,
    group_ids: Sequence[str] = (),
    now: int,
) -> Offered:
    """The candidates for these lines and typed codes, with what is left of their limits.

    One SELECT for the set's version, one for the codes if there are any, one for limits and gifts
    if a candidate has any or the shop has floors; three more when the set changed since the last
    call.
    """
    active = active_sets.current(connection)
    entered = entered_codes(connection, codes, customer_id=customer_id)
    candidates = active.candidates(lines, codes=entered, now=now)
    giving = [entry for entry in candidates if entry.gift_variant_ids]
    giving_by_id = {entry.promotion.id: entry.gift_variant_ids for entry in giving}
    asked = Asked(
        limited=[int(entry.promotion.id) for entry in candidates if entry.has_limits],
        giving=[int(entry.promotion.id) for entry in giving],
        with_quotas=[int(entry.promotion.id) for entry in candidates if entry.has_quotas],
        lines=lines,
        channel_id=channel_id,
        now=now,
        group_ids=group_ids,
        gift_variant_ids=sorted({key for keys in giving_by_id.values() for key in keys}, key=int),
        with_floors=active.has_floors,
    )
    left = remaining_for(connection, asked, customer_id=customer_id)
    return Offered(
        promotions=tuple(entry.promotion for entry in candidates),
        codes=entered,
        remaining=left.remaining,
        floors=left.floors,
        in_order_lanes=active.stacking.in_order_lanes,
        stacking_version=active.stacking.version,
        giving=giving_by_id,
        goods=left.goods,
    )
