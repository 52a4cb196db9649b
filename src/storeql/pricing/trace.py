"""The trace: one entry per candidate that says what became of it and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storeql.pricing.grant import Grant
from storeql.pricing.margins import UNKNOWN, Loss
from storeql.pricing.offer import Offer, Shortage, conflict, shares_exclusion
from storeql.pricing.priced import Outcome, TraceEntry
from storeql.pricing.promotion import Promotion
from storeql.pricing.proposal import Gifts, Missed


def entry(promotion: Promotion, outcome: Outcome, **data: Any) -> TraceEntry:
    """An entry about this promotion; `data` are fields of TraceEntry."""
    return TraceEntry(
        promotion_id=promotion.id,
        version=promotion.version,
        name=promotion.name,
        lane=promotion.lane,
        kind=promotion.type.key,
        plugin=promotion.type.plugin,
        plugin_version=promotion.type.plugin_version,
        outcome=outcome,
        **data,
    )


def not_met(promotion: Promotion, missed: Missed, outcome: Outcome = Outcome.MISSED) -> TraceEntry:
    """The entry of a condition that does not hold, or of a limit that is used up."""
    return entry(
        promotion,
        outcome,
        condition=missed.condition,
        expected=missed.expected,
        found=missed.found,
        shortfall=missed.shortfall,
    )


def granted(grant: Grant) -> TraceEntry:
    """APPLIED, or CLAMPED where less is given than the type proposed."""
    given, short = grant.saving_minor, grant.offer.short
    forfeited = grant.proposed_minor - given
    short_ids = short.variant_ids if short else ()
    if not forfeited:
        return entry(
            grant.offer.promotion,
            Outcome.APPLIED,
            amount_minor=given,
            short_variant_ids=short_ids,
        )
    return entry(
        grant.offer.promotion,
        Outcome.CLAMPED,
        short_variant_ids=short_ids,
        amount_minor=given,
        condition="gift_stock" if isinstance(grant.offer.answer, Gifts) else "floor_minor",
        expected=grant.proposed_minor,
        found=given,
        shortfall=forfeited,
    )


def sold_out(promotion: Promotion, short: Shortage) -> TraceEntry:
    """The entry of a promotion whose quotas leave too few units; names the variants."""
    return entry(
        promotion,
        Outcome.EXHAUSTED,
        condition="quota",
        expected=short.wanted,
        found=short.left,
        shortfall=short.wanted - short.left,
        short_variant_ids=short.variant_ids,
    )


def worthless(offer: Offer) -> TraceEntry:
    """The entry of an offer that cannot save anything in this cart, on any of its units."""
    promotion = offer.promotion
    if offer.short and not offer.proposed_minor:
        return sold_out(promotion, offer.short)
    if isinstance(offer.answer, Missed):
        return not_met(promotion, offer.answer)
    if not offer.proposed_minor:
        nothing = Missed(condition="saving_minor", expected=1, found=0, shortfall=1)
        return not_met(promotion, nothing)
    if isinstance(offer.answer, Gifts):
        gone = Missed(condition="gift_stock", expected=1, found=0, shortfall=1)
        return not_met(promotion, gone, Outcome.EXHAUSTED)
    return granted(Grant(offer, offer.proposed_minor, {}))


def lost(offer: Offer, winners: Sequence[Offer], loss: Loss = UNKNOWN) -> TraceEntry:
    """LOST to the granted promotions in its way, or EXCLUDED by one of its exclusion group."""
    group = [w for w in winners if shares_exclusion(w.promotion, offer.promotion)]
    rivals = [w for w in winners if conflict(w, offer)] or [
        w for w in winners if w.mask & offer.mask
    ]
    return entry(
        offer.promotion,
        Outcome.EXCLUDED if group else Outcome.LOST,
        lost_to=tuple(winner.promotion.id for winner in group or rivals),
        lost_by_minor=loss.by_minor,
        lost_by_at_least_minor=loss.at_least_minor,
    )
