"""The active promotions as they would be with one more, or with one of them changed or gone."""

from __future__ import annotations

from storeql.db import Connection
from storeql.promotions.active import ActivePromotion, ActiveSet, ActiveSets


class TrialSets(ActiveSets):
    """What the shop runs, but `promotion_id` as `entry` has it, or not at all for None.

    It is made for one preview and shares what the process keeps; nothing of it is kept.
    """

    def __init__(self, base: ActiveSets, promotion_id: str, entry: ActivePromotion | None) -> None:
        super().__init__(base.types)
        self._base = base
        self._promotion_id = promotion_id
        self._entry = entry

    def current(self, connection: Connection) -> ActiveSet:
        """The set as this transaction sees it, with the trial in it."""
        active = self._base.current(connection)
        others = [one for one in active.promotions if one.promotion.id != self._promotion_id]
        if self._entry is None:
            if len(others) == len(active.promotions):
                return active
        else:
            others.append(self._entry)
        others.sort(key=lambda one: int(one.promotion.id))
        return active.with_promotions(others)
