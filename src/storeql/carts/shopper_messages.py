"""Says in English and Chinese what became of a promotion, for the person who is buying."""

from __future__ import annotations

from collections.abc import Callable

from storeql.carts.price_records import Explanation, NextOffer
from storeql.pricing import Found, Outcome, Text
from storeql.pricing.currencies import amount_text

Say = Callable[[Explanation], Text]


def shopper_message(entry: Explanation) -> Text:
    """One sentence a front end can show as it is."""
    return SAYINGS[entry.outcome](entry)


def next_step_message(step: NextOffer) -> Text:
    """What to add, and what that saves."""
    gain = amount_text(step.gain_minor, step.currency)
    name, pieces = step.promotion_name, step.pieces
    if pieces is None:
        spend = amount_text(step.spend_minor, step.currency)
        return Text(
            f"Spend {spend} more and save {gain} with {name}.",
            f"再买 {spend}，可享{name}，再省 {gain}。",
        )
    return Text(
        f"Add {pieces} more {'piece' if pieces == 1 else 'pieces'} and save {gain} with {name}.",
        f"再买 {pieces} 件，可享{name}，再省 {gain}。",
    )


def _applied(entry: Explanation) -> Text:
    if entry.vouchers:
        return _earned(entry)
    name, amount = entry.promotion_name, amount_text(entry.amount_minor, entry.currency)
    if entry.short_variant_ids:
        return Text(
            f"{name}: {amount} off the last units at this price; the others cost the usual price.",
            f"{name}：已优惠 {amount}，活动限量所剩不多，超出部分按原价计算。",
        )
    return Text(f"{name}: {amount} off.", f"{name}：已优惠 {amount}。")


def _earned(entry: Explanation) -> Text:
    name, count = entry.promotion_name, entry.vouchers
    vouchers = "voucher" if count == 1 else "vouchers"
    return Text(
        f"{name}: {count} {vouchers} for your next order, once this one is completed.",
        f"{name}：订单完成后返 {count} 张优惠券。",
    )


def _clamped(entry: Explanation) -> Text:
    name, amount = entry.promotion_name, amount_text(entry.amount_minor, entry.currency)
    return Text(
        f"{name}: {amount} off, as much as the price allows.",
        f"{name}：已优惠 {amount}，已达可优惠上限。",
    )


def _missed(entry: Explanation) -> Text:
    name, condition, short = entry.promotion_name, entry.condition or "", entry.shortfall
    if condition in REASONS:
        return REASONS[condition](entry)
    if short is not None and condition.endswith("_minor"):
        amount = amount_text(short, entry.currency)
        return Text(f"Spend {amount} more for {name}.", f"再买 {amount}，可享{name}。")
    if short is not None and condition == "quantity":
        pieces = "piece" if short == 1 else "pieces"
        return Text(f"Add {short} more {pieces} for {name}.", f"再买 {short} 件，可享{name}。")
    return _other(entry)


def _other(entry: Explanation) -> Text:
    name = entry.promotion_name
    return Text(f"{name} does not apply to this cart.", f"{name}不适用于当前购物车。")


def _lost(entry: Explanation) -> Text:
    name, winners = entry.promotion_name, entry.lost_to
    english = ", ".join(winner.name for winner in winners)
    chinese = "、".join(winner.name for winner in winners)
    return Text(
        f"{name} gave way to {english or 'a better offer'}, which saves you at least as much.",
        f"{name}已让位于{chinese or '更优惠的方案'}，您享受的优惠不会更少。",
    )


def _excluded(entry: Explanation) -> Text:
    name = entry.promotion_name
    english = ", ".join(winner.name for winner in entry.lost_to) or "another promotion"
    chinese = "、".join(winner.name for winner in entry.lost_to) or "其他活动"
    return Text(f"{name} cannot be combined with {english}.", f"{name}不可与{chinese}同享。")


def _exhausted(entry: Explanation) -> Text:
    name = entry.promotion_name
    if entry.condition == "quota":
        return Text(f"{name}: sold out at this price.", f"{name}：活动限量已售罄。")
    if entry.condition in ("budget_minor", "campaign_budget_minor"):
        return Text(f"The budget of {name} is used up.", f"{name}的活动预算已用完。")
    return Text(f"{name} has been used up.", f"{name}已用完。")


def _failed(entry: Explanation) -> Text:
    name = entry.promotion_name
    return Text(f"{name} is not available right now.", f"{name}暂时不可用。")


def _for(english: str, chinese: str) -> Say:
    """A reason with `{name}` for the promotion."""
    return lambda entry: Text(
        english.format(name=entry.promotion_name), chinese.format(name=entry.promotion_name)
    )


def _by_choice(unknown: Say, other: Say) -> Say:
    """A reason that depends on whether the buyer has chosen yet."""
    return lambda entry: (unknown if entry.found is None else other)(entry)


def _window(entry: Explanation) -> Text:
    """When it runs, if it keeps days or hours; otherwise only that it does not run now."""
    told = dict(part.split(" ", 1) for part in _parts(entry.expected))
    days, hours = told.get("weekdays", "").split(), told.get("hours", "").replace("-", "–")
    if not days and not hours:
        return _for("{name} is not running right now.", "{name}不在活动时间内。")(entry)
    english = ", ".join(WEEKDAYS[int(day) - 1] for day in days)
    chinese = "、".join(f"周{'一二三四五六日'[int(day) - 1]}" for day in days)
    name = entry.promotion_name
    return Text(
        f"{name} runs {' '.join(part for part in (english, hours) if part)}.",
        f"{name}的活动时间为{' '.join(part for part in (chinese, hours) if part)}。",
    )


def _parts(expected: Found) -> tuple[str, ...]:
    return expected if isinstance(expected, tuple) else ()


WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
ADDRESS_NEEDED = _for(
    "Enter an address and a delivery method for {name}.", "填写地址并选择配送方式后可享{name}。"
)
OTHER_PLACES = _for("{name} is for other places.", "{name}不适用于该收货地区。")
REASONS: dict[str, Say] = {
    "add_on_choice": _for("Choose what to add with {name}.", "可加价换购：请选择{name}的商品。"),
    "add_on": _for("The add-ons of {name} are not sold here.", "{name}的换购商品在此渠道不可选。"),
    "channel": _for("{name} is for another channel.", "{name}仅限其他渠道参加。"),
    "currency": _for("{name} is for another currency.", "{name}不适用于当前币种。"),
    "saving_minor": _for(
        "{name} takes nothing off this cart.", "{name}对当前购物车没有可优惠的金额。"
    ),
    "gift": _for("The gift of {name} is not available.", "{name}的赠品暂时缺货。"),
    "gift_choice": _for("Choose your gift of {name}.", "您已获得{name}的赠品，请选择。"),
    "code_expired": _for("Your voucher for {name} has expired.", "{name}的优惠券已过期。"),
    "code_unclaimed": _for(
        "Claim your voucher for {name} into your wallet first.", "请先领取{name}的优惠券。"
    ),
    "code_not_yet_valid": _for(
        "Your voucher for {name} is not valid yet.", "{name}的优惠券尚未生效。"
    ),
    "account": _for("Sign in for {name}.", "登录后可享{name}。"),
    "scope": _for("{name} is for other products.", "{name}适用于其他商品。"),
    "window": _window,
    "buyer_group": _for("{name} is for certain customers.", "{name}仅限指定会员参加。"),
    "buyer_tier": _for("{name} is for another member tier.", "{name}仅限指定会员等级。"),
    "first_order": _for("{name} is for a first order.", "{name}仅限首单。"),
    "delivery": _for("Choose a delivery method for {name}.", "选择配送方式后可享{name}。"),
    "delivery_method": _by_choice(
        _for("Choose a delivery method for {name}.", "选择配送方式后可享{name}。"),
        _for("{name} needs another delivery method.", "更换配送方式后可享{name}。"),
    ),
    "payment_method": _by_choice(
        _for("Choose a payment method for {name}.", "选择支付方式后可享{name}。"),
        _for("{name} needs another payment method.", "更换支付方式后可享{name}。"),
    ),
    "country": _by_choice(ADDRESS_NEEDED, OTHER_PLACES),
    "region": _by_choice(ADDRESS_NEEDED, OTHER_PLACES),
}

SAYINGS: dict[Outcome, Say] = {
    Outcome.APPLIED: _applied,
    Outcome.CLAMPED: _clamped,
    Outcome.MISSED: _missed,
    Outcome.LOST: _lost,
    Outcome.EXCLUDED: _excluded,
    Outcome.EXHAUSTED: _exhausted,
    Outcome.FAILED: _failed,
}
