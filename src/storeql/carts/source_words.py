"""Says in English and Chinese what made a price."""

from __future__ import annotations

from storeql.pricing import Text
from storeql.pricing.price_choice import PriceSource, SourceKind


def source_words(source: PriceSource) -> Text:
    """A few words, such as "price list VIP, from 10 pieces"."""
    if source.kind is SourceKind.REGULAR:
        return Text("the channel's price", "渠道价")
    if source.kind is SourceKind.SCHEDULE:
        return Text("scheduled price", "定时价")
    english, chinese = f"price list {source.list_name}", f"价目表「{source.list_name}」"
    if source.from_quantity > 1:
        english += f", from {source.from_quantity} pieces"
        chinese += f"，满 {source.from_quantity} 件起"
    if source.schedule_id is not None:
        english, chinese = f"{english}, scheduled", f"{chinese}，定时"
    return Text(english, chinese)
