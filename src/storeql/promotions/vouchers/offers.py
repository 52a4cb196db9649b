"""What customers may claim of a promotion: set by staff, with a limit, a window and a lifetime."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import bindparam, delete, insert, or_, select, update

from storeql.db import Connection, statement
from storeql.errors import Problem, Rejected, StaleVersion, refuse
from storeql.inputs import Fields
from storeql.promotions.rules.fields import MOST_WHOLE
from storeql.promotions.tables import voucher_offers
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.create_codes import open_for_codes

MOST_DAYS = 3650
MOST_EACH = 100

_offer = voucher_offers.c
_SET = ("claim_limit", "customer_limit", "valid_days", "starts_at", "ends_at")
_ADD = statement(insert(voucher_offers), "promotion_id", *_SET, "created_at", "updated_at")
_VERSION = statement(
    select(_offer.version, _offer.claim_count)
    .where(_offer.promotion_id == bindparam("id"))
    .with_for_update()
)
_CHANGE = statement(
    update(voucher_offers)
    .where(
        _offer.promotion_id == bindparam("b_id"),
        or_(
            bindparam("new_claim_limit", type_=_offer.claim_limit.type).is_(None),
            _offer.claim_count <= bindparam("new_claim_limit"),
        ),
    )
    .values(
        {name: bindparam(f"new_{name}", type_=_offer[name].type) for name in _SET}
        | {"updated_at": bindparam("now"), "version": _offer.version + 1}
    )
)
_REMOVE = statement(delete(voucher_offers).where(_offer.promotion_id == bindparam("id")))


class OfferWish(Struct, frozen=True, kw_only=True):
    """What may be claimed; None is no limit, no lifetime of its own, and no end of claiming.

    `valid_days` counts from the claiming; the window is that of claiming. `expected_version` is
    None for an offer that is not there yet.
    """

    promotion_id: int
    claim_limit: int | None = None
    customer_limit: int = 1
    valid_days: int | None = None
    starts_at: int | None = None
    ends_at: int | None = None
    expected_version: int | None = None


def set_offer(connection: Connection, wish: OfferWish, *, types: PromotionTypes, now: int) -> None:
    """Offers vouchers of a promotion that needs a code, or changes what is offered.

    Raises Rejected with everything wrong; LIMIT_BELOW_USED when more are claimed already.
    """
    open_for_codes(connection, wish.promotion_id, types)
    _check(wish, now)
    known = connection.one(_VERSION, id=wish.promotion_id)
    if known is None:
        values = {name: getattr(wish, name) for name in _SET}
        connection.run(
            _ADD, promotion_id=wish.promotion_id, created_at=now, updated_at=now, **values
        )
        return
    version, claimed = known
    _refuse_stale(wish, version)
    changed = {f"new_{name}": getattr(wish, name) for name in _SET}
    if not connection.run(_CHANGE, b_id=wish.promotion_id, now=now, **changed):
        message = f"Customers have claimed {claimed} already."
        raise refuse("LIMIT_BELOW_USED", message, "claimLimit")


def remove_offer(connection: Connection, promotion_id: int) -> None:
    """Offers no more; what was claimed stays in the wallets. Raises Rejected without an offer."""
    if not connection.run(_REMOVE, id=promotion_id):
        raise refuse("NOT_FOUND", "There is no such offer.", "promotionId")


def _check(wish: OfferWish, now: int) -> None:
    fields = Fields()
    fields.whole("customerLimit", wish.customer_limit, least=1, most=MOST_EACH)
    if wish.claim_limit is not None:
        fields.whole("claimLimit", wish.claim_limit, least=1, most=MOST_WHOLE)
    if wish.valid_days is not None:
        fields.whole("validDays", wish.valid_days, least=1, most=MOST_DAYS)
    if wish.ends_at is not None and wish.ends_at <= max(wish.starts_at or 0, now):
        fields.report("ENDS_BEFORE_START", "This must be after the start, and to come.", "endsAt")
    fields.refuse_problems()


def _refuse_stale(wish: OfferWish, version: int) -> None:
    if wish.expected_version == version:
        return
    problem: Problem = StaleVersion(
        message="The offer changed after it was read.", field=("expectedVersion",), current=version
    )
    raise Rejected([problem])
