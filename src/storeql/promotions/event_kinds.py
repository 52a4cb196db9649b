"""The kinds of events about promotions and vouchers."""

from __future__ import annotations

from typing import Annotated

from msgspec import Struct

from storeql.access import Permission
from storeql.events import EventKind
from storeql.events.facts import Reference, said


class ClaimFacts(Struct, frozen=True, kw_only=True):
    """Who claimed a voucher."""

    customer_id: Annotated[int, said("Whose it is now.", names=Reference.CUSTOMER)]


class GoneFacts(Struct, frozen=True, kw_only=True):
    """What a promotion was called that is gone."""

    name: Annotated[str, said("Its name.")]


def _about_promotion(name: str, description: str, facts: type[Struct] | None = None) -> EventKind:
    return EventKind(
        name=name,
        subject="Promotion",
        permission=Permission.MANAGE_PROMOTIONS,
        description=description,
        Facts=facts,
    )


PROMOTION_CREATED = _about_promotion("PROMOTION_CREATED", "A promotion was set up as a draft.")
PROMOTION_UPDATED = _about_promotion(
    "PROMOTION_UPDATED", "A promotion has a new version: its terms or its switch changed."
)
PROMOTION_DELETED = _about_promotion("PROMOTION_DELETED", "A draft was deleted.", GoneFacts)
PROMOTION_STARTED = _about_promotion(
    "PROMOTION_STARTED", "A promotion runs from now on: switched on, or its window has opened."
)
PROMOTION_PAUSED = _about_promotion("PROMOTION_PAUSED", "A promotion was switched off for a while.")
PROMOTION_ENDED = _about_promotion(
    "PROMOTION_ENDED", "A promotion has ended, by hand or because its window is over."
)
VOUCHER_CLAIMED = _about_promotion(
    "VOUCHER_CLAIMED", "A customer claimed a voucher of a promotion.", ClaimFacts
)

PROMOTION_EVENTS = (
    PROMOTION_CREATED,
    PROMOTION_UPDATED,
    PROMOTION_DELETED,
    PROMOTION_STARTED,
    PROMOTION_PAUSED,
    PROMOTION_ENDED,
    VOUCHER_CLAIMED,
)
