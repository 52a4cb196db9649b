"""One candidate in one lane: what it saves on any selection of the units it wants."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from msgspec.structs import replace

from storeql.pricing.basket import Basket, Remaining
from storeql.pricing.matching import bits
from storeql.pricing.promotion import Ceiling, Promotion
from storeql.pricing.proposal import Discount, Gifts, Missed, Proposal
from storeql.pricing.soundness import (
    MOST_MINOR,
    Nonsense,
    amount_of,
    blamed,
    check_fields,
    told,
    whole,
)
from storeql.pricing.units import Units
from storeql.pricing.view import LIST_SHIFT, MASK, QUANTITY_SHIFT, ROOM_SHIFT, LaneView, Part
from storeql.pricing.worth import check_kind, worth


class Shortage(NamedTuple):
    """Variants of which fewer units are `left` in a promotion's quotas than the cart `wanted`."""

    variant_ids: tuple[str, ...]
    wanted: int
    left: int


class TypeFailed(Exception):
    """A promotion's type raised or answered nonsense; the lane goes on without the promotion."""

    def __init__(self, offer: Offer, error: str) -> None:
        super().__init__(error)
        self.offer = offer
        self.error = error


class Offer:
    """A promotion with the pieces it may have; `answer` is what it says to all of them.

    `proposed_minor` and `saving_minor` belong to that answer: before and after clamping, 0 for a
    Missed. `most_minor` is what no selection of the pieces can exceed.

    An offer is `choosy` where floors can make fewer units save more: a type that picks units, the
    second of two for example, may pick one that its floor leaves no room for. `short` is the
    shortage of a quota that keeps it from more pieces.
    """

    def __init__(
        self, promotion: Promotion, view: LaneView, part: Part, short: Shortage | None = None
    ) -> None:
        self.promotion = promotion
        self.view = view
        self.basket = shown_to(promotion, view.basket)
        self.short = short
        self.mask, self.pieces, self.units = part
        left = view.basket.remaining.get(promotion.id)
        self.stock: Mapping[str, int] = left.gift_stock if left else {}
        self.answer, self.proposed_minor, self.saving_minor = self.ask(self.units, self.pieces)
        self.choosy = view.by_unit and not promotion.type.per_unit and _any_floor(view, part.pieces)
        self.most_minor = self._most()
        self._savings: dict[int, int] = {}
        self._ceiling: Ceiling | None = None
        self._packed: int | None = None

    @property
    def rank(self) -> tuple[int, str]:
        """The order in which promotions are granted, and by which equal answers are compared."""
        return (self.promotion.priority, self.promotion.id)

    def _most(self) -> int:
        if not self.choosy or isinstance(self.answer, Gifts):
            return self.saving_minor
        room = sum(self.view.unit_room(place) * count for place, count in self.pieces.items())
        return min(self.proposed_minor, room)

    def accepts(self, pieces: Mapping[int, int]) -> bool:
        """False for a part of the pieces of an all-or-nothing type."""
        return not self.promotion.type.all_or_nothing or pieces == self.pieces

    @property
    def packed(self) -> int:
        """All its pieces as a packed selection."""
        if self._packed is None:
            packs = self.view.packs
            self._packed = sum(packs[place] * count for place, count in self.pieces.items())
        return self._packed

    @property
    def ceiling(self) -> Ceiling | None:
        """What the type promises about the savings of any selection; None: nothing."""
        if self._ceiling is None and self.promotion.type.ceiling is not None:
            self._ceiling = self._asked_ceiling(self.promotion.type.ceiling)
        return self._ceiling

    def ask(self, units: Units, pieces: Mapping[int, int]) -> tuple[Proposal | Missed, int, int]:
        """The type's answer, what it proposes and what of it can be granted. Raises TypeFailed."""
        answer = self._answer(units)
        try:
            check_fields(answer)
        except Nonsense as error:
            raise TypeFailed(self, str(error)) from error
        if isinstance(answer, Missed):
            return answer, 0, 0
        if type(answer) is Discount:
            proposed = answer.amount_minor
            return answer, proposed, min(proposed, self.view.room(pieces))
        return answer, *self._worth(answer, units)

    def saving(self, packed: int) -> int:
        """What the promotion saves on a packed selection of its pieces, after clamping."""
        known = self._savings.get(packed)
        if known is None:
            known = self._savings[packed] = self._saving(packed)
        return known

    def at_most(self, packed: int) -> int:
        """What it cannot exceed on a packed selection, by its ceiling alone."""
        most, ceiling = self.most_minor, self.ceiling
        if ceiling is None:
            return most
        measure = (packed >> LIST_SHIFT if ceiling.on_list_prices else packed) & MASK
        rate, whole = ceiling.rate_numerator, ceiling.rate_denominator
        return min(most, (2 * rate * measure + whole) // (2 * whole))

    def _saving(self, packed: int) -> int:
        if self.view.by_unit and packed == self.packed:
            return self.saving_minor
        ceiling = self.ceiling
        if ceiling is not None:
            measured = packed >> LIST_SHIFT if ceiling.on_list_prices else packed
            if measured & MASK < ceiling.needs_minor:
                return 0
            if packed >> QUANTITY_SHIFT & MASK < ceiling.needs_quantity:
                return 0
        if not packed:
            return 0
        if self.promotion.type.all_or_nothing and packed != self.packed:
            return 0
        return self._asked_saving(packed)

    def _asked_saving(self, packed: int) -> int:
        units = self.view.unpacked(packed)
        answer = self._answer(units)
        if isinstance(answer, Missed):
            return 0
        if (
            type(answer) is Discount
            and type(answer.amount_minor) is int
            and answer.amount_minor >= 0
        ):
            return min(answer.amount_minor, packed >> ROOM_SHIFT & MASK)
        return self._worth(answer, units)[1]

    def _worth(self, answer: Proposal, units: Units) -> tuple[int, int]:
        try:
            return worth(answer, units, self.view, self.stock)
        except Nonsense as error:
            raise TypeFailed(self, str(error)) from error
        except Exception as error:  # an answer so malformed that it cannot be read
            raise TypeFailed(self, blamed(error)) from error

    def _answer(self, units: Units) -> Proposal | Missed:
        promotion = self.promotion
        try:
            answer = promotion.type.propose(promotion.rule, units, self.basket)
            check_kind(answer, self.view.lane)
        except Nonsense as error:
            raise TypeFailed(self, str(error)) from error
        except (Exception, SystemExit) as error:  # a plugin's bug must not take the cart down
            raise TypeFailed(self, blamed(error)) from error
        return answer

    def _asked_ceiling(self, ask: Callable[[Any, Units, Basket], Ceiling]) -> Ceiling:
        try:
            found = ask(self.promotion.rule, self.units, self.basket)
            _check_ceiling(found)
        except Nonsense as error:
            raise TypeFailed(self, str(error)) from error
        except (Exception, SystemExit) as error:  # a plugin's bug must not take the cart down
            raise TypeFailed(self, blamed(error)) from error
        return found


def _check_ceiling(found: object) -> None:
    if not isinstance(found, Ceiling) or type(found.on_list_prices) is not bool:
        raise Nonsense(f"{told(found)} is not a ceiling")
    amount_of(found.rate_numerator)
    whole(found.rate_denominator, least=1, most=MOST_MINOR)
    amount_of(found.needs_minor)
    amount_of(found.needs_quantity)


def shown_to(promotion: Promotion, basket: Basket) -> Basket:
    """The basket without what was picked of other promotions: a pick is not meant for two."""
    picked, added = basket.gift_choices, basket.add_on_choices
    if not picked and not added:
        return basket
    key = promotion.id
    return replace(
        basket,
        gift_choices={key: picked[key]} if key in picked else {},
        add_on_choices={key: added[key]} if key in added else {},
        remaining={key: basket.remaining.get(key, Remaining())},
    )


def _any_floor(view: LaneView, pieces: Mapping[int, int]) -> bool:
    return any(view.lines[place].floor_minor for place in pieces)


def stackable(one: Promotion, other: Promotion) -> bool:
    """True if the two may share units: each names the other's stacking group."""
    if shares_exclusion(one, other):
        return False
    return (
        one.stacking_group is not None
        and other.stacking_group is not None
        and one.stacking_group in other.stackable_with
        and other.stacking_group in one.stackable_with
    )


def shares_exclusion(one: Promotion, other: Promotion) -> bool:
    """True if at most one of the two may apply in a cart."""
    return one.exclusion_group is not None and one.exclusion_group == other.exclusion_group


def conflict(one: Offer, other: Offer) -> bool:
    """True if the two cannot both have all the units they want."""
    if shares_exclusion(one.promotion, other.promotion):
        return True
    return bool(one.mask & other.mask) and not stackable(one.promotion, other.promotion)


def offered(promotion: Promotion, view: LaneView, mask: int) -> Part:
    """The pieces that the promotion may have: those in scope, as far as its quotas go.

    A quota counts units of a variant over all its lines, in ascending line id. In a lane that
    gives lines away whole, a line that exceeds its quota is not offered.
    """
    left = view.basket.remaining.get(promotion.id)
    if left is None or not left.quota:
        return view.part(mask)
    quota, pieces = dict(left.quota), {}
    for place in bits(mask):
        line = view.lines[place]
        count = max(0, min(line.quantity, quota.get(line.variant_id, line.quantity)))
        if not view.by_unit:
            count = int(count == line.quantity)
        if count:
            pieces[place] = count
            if line.variant_id in quota:
                quota[line.variant_id] -= count if view.by_unit else line.quantity
    return view.part_of(pieces)


def shortage(promotion: Promotion, view: LaneView, mask: int) -> Shortage | None:
    """How far the promotion's quotas fall short of the lines in scope; None where they do not."""
    left = view.basket.remaining.get(promotion.id)
    if left is None or not left.quota:
        return None
    wanted: dict[str, int] = {}
    for place in bits(mask):
        line = view.lines[place]
        wanted[line.variant_id] = wanted.get(line.variant_id, 0) + line.quantity
    short = [key for key, count in wanted.items() if left.quota.get(key, count) < count]
    if not short:
        return None
    units_left = sum(max(0, left.quota[key]) for key in short)
    return Shortage(tuple(short), sum(wanted[key] for key in short), units_left)
