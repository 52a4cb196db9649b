"""One active promotion as the engine takes it, and the kind it is an instance of."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from msgspec import Struct

from storeql.pricing.basket import Basket
from storeql.pricing.conditions import Conditions
from storeql.pricing.lane import Lane
from storeql.pricing.proposal import Missed, Proposal
from storeql.pricing.scope import Scope, Selection
from storeql.pricing.units import Units

R = TypeVar("R", bound=Struct)


class Text(Struct, frozen=True):
    """The same words in English and Chinese."""

    en: str
    zh: str


class Texts(Struct, frozen=True, kw_only=True):
    """What staff read about a kind of promotion before they choose it."""

    title: Text
    what: Text
    when: Text
    how: Text


class Ceiling(Struct, frozen=True, kw_only=True):
    """A promise that lets the search prove its answer sooner: no units save more than this.

    For every set S of the units offered, with A = the sum of their entry amounts (of their list
    prices if `on_list_prices`): the saving is 0 while A < `needs_minor` or while S has fewer than
    `needs_quantity` units, and never above `rate_numerator` / `rate_denominator` × A, rounded half
    up. Spend threshold "50 off from 300": needs 300, rate 50/300. Ten percent: rate 1000/10000.
    Tiers: the lowest threshold and the highest ratio. A gift counts at its price. Too high a
    ceiling costs time, too low a one money.
    """

    rate_numerator: int = 1
    rate_denominator: int = 1
    needs_minor: int = 0
    needs_quantity: int = 0
    on_list_prices: bool = False


@dataclass(frozen=True, kw_only=True)
class PromotionType(Generic[R]):
    """A kind of promotion, as a plugin registers it.

    `propose(rule, units, basket)` is pure and looks only at the units and the basket's facts. It
    is asked about many subsets of the promotion's units in one pricing, so it should be quick.

    By default a type is monotone: fewer units never save more. `per_unit` adds that each unit's
    price depends on that unit alone (ITEM lane, UnitPrices naming all units of a line or none),
    which spares the search the type altogether. `all_or_nothing` is for a type that is neither:
    it is granted on all its units in the cart or not at all.

    `ceiling(rule, units, basket)` is called once with all units, and may be left out.
    `goods(rule)` is for a kind whose rule names what it is about: a promotion without a scope of
    its own is then looked for in carts with these goods only. An empty selection: everything.
    `plugin` and `plugin_version` name the distribution the type came from.
    """

    key: str
    lane: Lane
    Rule: type[R]
    propose: Callable[[R, Units, Basket], Proposal | Missed]
    texts: Texts
    ceiling: Callable[[R, Units, Basket], Ceiling] | None = None
    goods: Callable[[R], Selection] | None = None
    per_unit: bool = False
    all_or_nothing: bool = False
    plugin: str = "storeql"
    plugin_version: str = ""


class FunderShare(Struct, frozen=True):
    """The part of a discount that one party pays, in basis points (10000 is all of it)."""

    funder: str
    basis_points: int = 10_000


SHOP_PAYS = (FunderShare("shop"),)


class Promotion(Struct, frozen=True, kw_only=True):
    """One version of one promotion, with its rule read into its type's `Rule`.

    `priority` is ascending: 1 goes before 2, and equal priorities go by `id`. Promotions of one
    `exclusion_group` never apply together anywhere in a cart. Two promotions of a lane share units
    only if each names the other's `stacking_group` in `stackable_with`. `needs_code`: a candidate
    only when a code that belongs to it was entered. Parts of `funders` sum to 10000.
    """

    id: str
    version: int
    name: str
    type: PromotionType[Any]
    rule: Struct
    priority: int = 100
    scope: Scope = Scope()
    conditions: Conditions = Conditions()
    exclusion_group: str | None = None
    stacking_group: str | None = None
    stackable_with: tuple[str, ...] = ()
    needs_code: bool = False
    currency: str | None = None
    funders: tuple[FunderShare, ...] = SHOP_PAYS

    @property
    def lane(self) -> Lane:
        """The lane of the promotion's type."""
        return self.type.lane
