"""What made a list price: the channel, a schedule, or a price list with its quantity."""

import msgspec
import strawberry

from storeql.carts.source_words import source_words
from storeql.pricing.price_choice import PriceSource as Source
from storeql.pricing.price_choice import SourceKind
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.promotions.words import LocalizedText

SOURCE = msgspec.json.Decoder(Source)

strawberry.enum(
    SourceKind,
    name="PriceSourceKind",
    description="REGULAR: the channel's own price. SCHEDULE: one that stands in for it for a time."
    " PRICE_LIST: an entry of a price list.",
)


@strawberry.type(description="What made the list price of a piece.")
@answers(Source)
class PriceSource:
    """A price's source."""

    kind: SourceKind = attribute("Where the price comes from.")
    from_quantity: int = attribute("The pieces that the list's entry begins at; 1 otherwise.")

    @pure("The price list.")
    def price_list_id(self: Source) -> strawberry.ID | None:
        return None if self.list_id is None else opaque_id("PriceList", int(self.list_id))

    @pure("The price list's name then.")
    def price_list_name(self: Source) -> str | None:
        return None if self.list_id is None else self.list_name

    @pure("The schedule whose window held.")
    def price_schedule_id(self: Source) -> strawberry.ID | None:
        return (
            None if self.schedule_id is None else opaque_id("PriceSchedule", int(self.schedule_id))
        )

    @pure("The same in a few words.")
    def message(self: Source) -> LocalizedText:
        return source_words(self)  # type: ignore[return-value]
