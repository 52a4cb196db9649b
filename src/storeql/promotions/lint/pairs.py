"""Two promotions beside each other: what can never both apply, and what never wins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from storeql.pricing import Conditions, Lane, Promotion, Text, Window, shares_exclusion, stackable
from storeql.promotions.lint.findings import Finding, blocking, warning
from storeql.promotions.lint.goods import Good
from storeql.promotions.lint.trials import Trial, attempt

ALWAYS = Window()


def beside(
    tried: Promotion, other: Promotion, goods: Sequence[Good], trials: Sequence[Trial]
) -> Iterator[Finding]:
    """What there is to say of `tried` beside another one that runs at the same time."""
    if not _overlap(tried.conditions.window, other.conditions.window):
        return
    if not _meet(tried, other):
        return
    yield from _stacking(tried, other)
    if shares_exclusion(tried, other) or _share_the_only_line(tried, other, goods):
        yield _never_together(tried, other)
    elif tried.lane is other.lane and not stackable(tried, other) and goods:
        yield from _shadows(tried, other, goods, trials)


def _stacking(tried: Promotion, other: Promotion) -> Iterator[Finding]:
    names, named = _names(tried, other), _names(other, tried)
    if names and named and shares_exclusion(tried, other):
        yield blocking(
            "STACKING_CONTRADICTED",
            Text(
                f"It stacks with “{other.name}”, yet their exclusion group "
                f"“{tried.exclusion_group}” lets only one of them apply.",
                f"设置为可与“{other.name}”叠加，但同属互斥组“{tried.exclusion_group}”，只能生效一个。",
            ),
            tried,
            other,
        )
    elif names != named:
        first, second = (tried, other) if names else (other, tried)
        yield warning(
            "ONE_SIDED_STACKING",
            Text(
                f"“{first.name}” names “{second.name}” as stackable, but not the other way "
                "round: they do not stack.",
                f"“{first.name}”允许与“{second.name}”叠加，但对方未允许，两者不会叠加。",
            ),
            tried,
            other,
        )


def _names(one: Promotion, other: Promotion) -> bool:
    return other.stacking_group is not None and other.stacking_group in one.stackable_with


def _never_together(tried: Promotion, other: Promotion) -> Finding:
    return warning(
        "NEVER_TOGETHER",
        Text(
            f"It can never apply together with “{other.name}”.",
            f"与“{other.name}”永远不会同时生效。",
        ),
        tried,
        other,
    )


def _share_the_only_line(tried: Promotion, other: Promotion, goods: Sequence[Good]) -> bool:
    """True when both want something that a lane gives away undivided, and there is only one."""
    if tried.lane is not other.lane or stackable(tried, other) or not goods:
        return False
    undivided = tried.lane is Lane.SHIPPING or (tried.lane is not Lane.ITEM and len(goods) == 1)
    return undivided and all(other.scope.holds(good.line) for good in goods)


def _shadows(
    tried: Promotion, other: Promotion, goods: Sequence[Good], trials: Sequence[Trial]
) -> Iterator[Finding]:
    """The one that never saves more where the other one always may apply."""
    if other.needs_code or not trials:
        return
    if not all(other.scope.holds(good.line) for good in goods):
        return
    saved = [trial.saving_minor for trial in trials]
    rival = [attempt(other, trial.basket).saving_minor for trial in trials]
    if not any(saved):
        return
    if _asks_no_more(other, tried) and all(b >= a for a, b in zip(saved, rival, strict=True)):
        yield _shadowed(tried, other, tried, other)
    elif (
        any(rival)
        and _asks_no_more(tried, other)
        and not tried.needs_code
        and tried.scope == other.scope
        and all(a >= b for a, b in zip(saved, rival, strict=True))
    ):
        yield _shadowed(other, tried, tried, other)


def _shadowed(worse: Promotion, better: Promotion, *both: Promotion) -> Finding:
    return warning(
        "SHADOWED",
        Text(
            f"“{worse.name}” never saves more than “{better.name}” on the same products: buyers "
            "will not get it.",
            f"在相同商品上，“{worse.name}”的优惠始终不高于“{better.name}”，顾客享受不到。",
        ),
        *both,
    )


def _asks_no_more(one: Promotion, other: Promotion) -> bool:
    """True if `one` applies to everybody, everywhere and whenever `other` does."""
    mine, its = one.conditions, other.conditions
    if mine.minimum_quantity > its.minimum_quantity:
        return False
    if mine.first_order_only and not its.first_order_only:
        return False
    if one.currency is not None and one.currency != other.currency:
        return False
    return _covers(mine.window, its.window) and all(
        not getattr(mine, name)
        or (getattr(its, name) and set(getattr(its, name)) <= set(getattr(mine, name)))
        for name in ALTERNATIVES
    )


ALTERNATIVES = (
    "channels",
    "group_ids",
    "tiers",
    "countries",
    "regions",
    "delivery_methods",
    "payment_methods",
)


def _covers(outer: Window, inner: Window) -> bool:
    if outer.starts_at is not None and (
        inner.starts_at is None or inner.starts_at < outer.starts_at
    ):
        return False
    if outer.ends_at is not None and (inner.ends_at is None or inner.ends_at > outer.ends_at):
        return False
    hours = [(one.weekdays, one.from_minute, one.until_minute) for one in (outer, inner, ALWAYS)]
    return hours[0] in (hours[1], hours[2])


def _overlap(one: Window, other: Window) -> bool:
    starts = [w.starts_at for w in (one, other) if w.starts_at is not None]
    ends = [w.ends_at for w in (one, other) if w.ends_at is not None]
    return not starts or not ends or max(starts) < min(ends)


def _meet(one: Promotion, other: Promotion) -> bool:
    """False when no cart can be offered both: other currencies, channels, tiers and the like."""
    if one.currency and other.currency and one.currency != other.currency:
        return False
    return all(
        not (mine and its) or set(mine) & set(its)
        for mine, its in _single_valued(one.conditions, other.conditions)
    )


def _single_valued(
    one: Conditions, other: Conditions
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """What a cart has only one of, as each of the two asks for it."""
    for name in ALTERNATIVES:
        if name != "group_ids":
            yield getattr(one, name), getattr(other, name)
