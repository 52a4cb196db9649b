"""The best answer of a lane by trying every assignment, written without the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations, combinations_with_replacement, product

from msgspec.structs import replace

from storeql.pricing import (
    Basket,
    Discount,
    Gifts,
    Lane,
    Line,
    Missed,
    Promotion,
    SetPrices,
    UnitLine,
    UnitPrices,
    Units,
    Vouchers,
)

Piece = tuple[Line, int]
"""A line and how many units of it go together: one in ITEM, all of them elsewhere."""


Known = dict[tuple[str, ...], int]


def best_saving(basket: Basket, promotions: Sequence[Promotion], lane: Lane) -> int:
    """The largest sum of savings over all assignments of disjoint pieces; no stacking."""
    pieces = list(all_pieces(basket, lane))
    choices = [[None, *(p for p in promotions if p.scope.holds(piece[0]))] for piece in pieces]
    known: Known = {}
    return max(
        value(basket, promotions, pieces, assignment, known=known)
        for assignment in product(*choices)
    )


def all_pieces(basket: Basket, lane: Lane) -> Iterator[Piece]:
    for line in sorted(basket.lines, key=lambda line: line.id):
        if lane is Lane.ITEM:
            yield from [(line, 1)] * line.quantity
        else:
            yield (line, line.quantity)


def value(
    basket: Basket,
    promotions: Sequence[Promotion],
    pieces: Sequence[Piece],
    assignment: Sequence[Promotion | None],
    *,
    known: Known | None = None,
) -> int:
    """What an assignment saves; `known` keeps what each promotion saves on which pieces."""
    known = {} if known is None else known
    by_group: dict[str, int] = {}
    total = 0
    for promotion in promotions:
        mine = [piece for piece, to in zip(pieces, assignment, strict=True) if to is promotion]
        key = (promotion.id, *[line.id for line, _ in mine])
        if key not in known:
            known[key] = saving(basket, promotion, mine)
        saved = known[key]
        if promotion.exclusion_group is None:
            total += saved
        else:
            group = promotion.exclusion_group
            by_group[group] = max(by_group.get(group, 0), saved)
    return total + sum(by_group.values())


def saving(basket: Basket, promotion: Promotion, pieces: Sequence[Piece]) -> int:
    """What the promotion grants on these pieces alone, after clamping."""
    if not pieces:
        return 0
    lines = {line.id: line for line, _ in pieces}
    counts = {key: sum(n for line, n in pieces if line.id == key) for key in sorted(lines)}
    units = Units.of(
        tuple(UnitLine(lines[key], n, lines[key].list_minor * n) for key, n in counts.items())
    )
    answer = promotion.type.propose(promotion.rule, units, own_picks(basket, promotion))
    if isinstance(answer, Missed | Vouchers):
        return 0
    if promotion.type.all_or_nothing and units.quantity < sum(
        line.quantity for line in basket.lines if promotion.scope.holds(line)
    ):
        return 0
    if isinstance(answer, Discount):
        return min(answer.amount_minor, sum(room(lines[k]) * n for k, n in counts.items()))
    if isinstance(answer, UnitPrices):
        return sum(
            min(room(lines[p.line_id]), lines[p.line_id].list_minor - p.price_minor) * p.quantity
            for p in answer.prices
        )
    if isinstance(answer, SetPrices):
        return sum(
            min(
                sum(lines[key].list_minor * n for key, n in chosen.units) - chosen.price_minor,
                sum(room(lines[key]) * n for key, n in chosen.units),
            )
            for chosen in answer.sets
        )
    assert isinstance(answer, Gifts)
    return sum(
        (basket.gifts[g.variant_id].price_minor - g.unit_price_minor) * g.quantity
        for g in answer.units
    )


def own_picks(basket: Basket, promotion: Promotion) -> Basket:
    """The basket as if the buyer had picked of this promotion only."""
    gifts, add_ons = basket.gift_choices, basket.add_on_choices
    return replace(
        basket,
        gift_choices={key: picks for key, picks in gifts.items() if key == promotion.id},
        add_on_choices={key: picks for key, picks in add_ons.items() if key == promotion.id},
    )


def room(line: Line) -> int:
    return max(0, line.list_minor - line.floor_minor)


def best_stacked_saving(basket: Basket, promotions: Sequence[Promotion]) -> int:
    """The same for discounts of a whole-line lane that may share lines.

    Every line goes to any set of promotions that all name each other; they are granted by
    (priority, id), each spread over its lines one minor unit at a time.
    """
    lines = sorted(basket.lines, key=lambda line: line.id)
    choices = [list(together([p for p in promotions if p.scope.holds(one)])) for one in lines]
    return max(
        stacked_value(basket, promotions, lines, assignment) for assignment in product(*choices)
    )


def best_by_unit(basket: Basket, promotions: Sequence[Promotion]) -> int:
    """The largest saving of unit prices that may share units, each unit by itself, with no more
    units to a promotion than its quota of the line's variant; no two lines share a variant."""
    total = 0
    for one in basket.lines:
        mine = [promotion for promotion in promotions if promotion.scope.holds(one)]
        saved = {p.id: unclamped(basket, p, one) for p in mine}
        total += max(
            sum(min(room(one), sum(saved[p.id] for p in chosen)) for chosen in units)
            for units in combinations_with_replacement(list(together(mine)), one.quantity)
            if all(within_quota(basket, p, one, units) for p in mine)
        )
    return total


def within_quota(
    basket: Basket, promotion: Promotion, line: Line, units: Sequence[tuple[Promotion, ...]]
) -> bool:
    left = basket.remaining.get(promotion.id)
    quota = left.quota.get(line.variant_id) if left else None
    return quota is None or sum(promotion in chosen for chosen in units) <= quota


def unclamped(basket: Basket, promotion: Promotion, line: Line) -> int:
    """How far the promotion lowers a unit of the line; the floor is not looked at."""
    units = Units.of((UnitLine(line, 1, line.list_minor),))
    answer = promotion.type.propose(promotion.rule, units, basket)
    if isinstance(answer, Missed):
        return 0
    assert isinstance(answer, UnitPrices)
    return sum(line.list_minor - price.price_minor for price in answer.prices)


def together(promotions: Sequence[Promotion]) -> Iterator[tuple[Promotion, ...]]:
    for size in range(len(promotions) + 1):
        for chosen in combinations(promotions, size):
            if all(_names(a, b) and _names(b, a) for a, b in combinations(chosen, 2)):
                yield chosen


def _names(one: Promotion, other: Promotion) -> bool:
    return one.stacking_group in other.stackable_with


def stacked_value(
    basket: Basket,
    promotions: Sequence[Promotion],
    lines: Sequence[Line],
    assignment: Sequence[tuple[Promotion, ...]],
) -> int:
    amounts = {line.id: line.list_minor * line.quantity for line in lines}
    floors = {line.id: min(line.list_minor, line.floor_minor) * line.quantity for line in lines}
    total = 0
    for promotion in sorted(promotions, key=lambda p: (p.priority, p.id)):
        mine = [one for one, to in zip(lines, assignment, strict=True) if promotion in to]
        wanted = saving(basket, promotion, [(one, one.quantity) for one in mine])
        total += spread(wanted, [one.id for one in mine], amounts, floors)
    return total


def spread(wanted: int, ids: Sequence[str], amounts: dict[str, int], floors: dict[str, int]) -> int:
    """Takes as much of `wanted` as fits, in proportion to the amounts; returns what it took."""
    left, entry = wanted, {key: amounts[key] for key in ids}
    open_ = list(ids)
    while left and open_:
        whole = sum(entry[key] for key in open_)
        shares = {key: left * entry[key] // whole if whole else 0 for key in open_}
        odd = sorted(open_, key=lambda key: (-(left * entry[key] % whole if whole else 0), key))
        for key in odd[: left - sum(shares.values())]:
            shares[key] += 1
        full = [key for key in open_ if shares[key] > entry[key] - floors[key]]
        for key in full or open_:
            taken = min(shares[key], entry[key] - floors[key])
            amounts[key] -= taken
            left -= taken
        if not full:
            break
        open_ = [key for key in open_ if key not in full]
    return wanted - left
