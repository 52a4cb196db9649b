"""Where a promotion that applies begins to give more: its next tier, found by asking its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from storeql.pricing.basket import Basket, Line
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Discount, Gifts, Missed, Proposal, ShippingDiscount
from storeql.pricing.units import UnitLine, Units

FURTHEST = 4
"""A higher tier is looked for up to so many times the amount in scope."""
SLACK_MINOR = 5
"""Roundings of a discount in proportion; a tier that gives less than this more is no step."""
EXTRA = "next step"
"""Id and tag of the line that stands for an amount more."""


class Growth:
    """Tells a step from a discount that merely grows with what is spent.

    `is_flat`: it does not grow by itself, so that anything more is a step.
    """

    def __init__(self, granted: int, entering: Mapping[str, int]) -> None:
        self.granted_minor = granted
        self.entering_minor = sum(entering.values())
        self.is_flat = False

    @property
    def telling_minor(self) -> int:
        """An amount that a discount in proportion would show."""
        return -(-2 * SLACK_MINOR * self.entering_minor // self.granted_minor)

    def beyond(self, amount: int, granted: int) -> bool:
        """True when `amount` more brings clearly more than the same rate on it would."""
        more = granted - self.granted_minor
        if self.is_flat or not self.entering_minor:
            return more > 0
        return more > self.granted_minor * amount // self.entering_minor + SLACK_MINOR


def next_tier(
    promotion: Promotion, lines: Sequence[Line], entering: Mapping[str, int], basket: Basket
) -> int | None:
    """The least amount more with which a promotion proposes clearly more than in proportion.

    `lines` are those in its scope, `entering` what each of them costs as its lane begins. 0 when
    one more piece is enough, whatever it costs: then pieces count. None when there is no tier
    within reach. Bisection is exact for a monotone type.
    """
    ladder = _Ladder(promotion, lines, entering, basket)
    now = ladder.proposed(0)
    if not now or not sum(entering.values()):
        return None
    grows = Growth(now, entering)
    grows.is_flat = ladder.proposed(grows.telling_minor) == now

    def reached(amount: int) -> bool:
        return grows.beyond(amount, ladder.proposed(amount))

    low, high = 1, FURTHEST * grows.entering_minor
    if reached(low):
        return 0
    if not reached(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def like_line(line: Line, amount: int) -> Line:
    """One more piece, like this line, that costs so much."""
    return msgspec.structs.replace(
        line,
        id=EXTRA,
        quantity=1,
        list_minor=amount,
        floor_minor=0,
        tag_ids=(*line.tag_ids, EXTRA),
    )


class _Ladder:
    """What a promotion proposes for its lines and an amount more."""

    def __init__(
        self,
        promotion: Promotion,
        lines: Sequence[Line],
        entering: Mapping[str, int],
        basket: Basket,
    ) -> None:
        self._promotion = promotion
        self._basket = basket
        self._like = lines[0] if lines else None
        self._entries = tuple(UnitLine(line, line.quantity, entering[line.id]) for line in lines)

    def proposed(self, amount: int) -> int:
        """What comes of `amount` more, gifts at their price; 0 for nothing."""
        entries = self._entries
        if amount and self._like is not None:
            entries = (*entries, UnitLine(like_line(self._like, amount), 1, amount))
        promotion = self._promotion
        try:
            answer = promotion.type.propose(promotion.rule, Units.of(entries), self._basket)
        except Exception:  # a plugin's bug must not take the cart down
            return 0
        return _worth(answer, self._basket)


def _worth(answer: Proposal | Missed, basket: Basket) -> int:
    """What a proposal of a lane after ITEM comes to, gifts at their price."""
    if isinstance(answer, Discount):
        return answer.amount_minor
    if isinstance(answer, ShippingDiscount):
        return min(answer.amount_minor, basket.delivery.price_minor if basket.delivery else 0)
    if isinstance(answer, Gifts):
        known = [(basket.gifts[one.variant_id], one) for one in answer.units]
        return sum((item.price_minor - one.unit_price_minor) * one.quantity for item, one in known)
    return 0
