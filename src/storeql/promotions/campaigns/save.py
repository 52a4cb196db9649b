"""Creates, changes and deletes campaigns; a budget counts what orders already hold."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam, case, delete, func, insert, or_, select, update

from storeql.db import Connection, statement
from storeql.decimals import scaled
from storeql.errors import Rejected, StaleVersion, refuse
from storeql.inputs import MOST_MINOR, Fields
from storeql.pricing.currencies import exponent_of, is_currency
from storeql.promotions.limits.holding import holds
from storeql.promotions.limits.policy import Taken
from storeql.promotions.records import Status
from storeql.promotions.tables import campaigns, promotions, redemptions

LONGEST_DESCRIPTION = 2000
NEVER = 2**62

_campaign, _promotion, _redemption = campaigns.c, promotions.c, redemptions.c
_COLUMNS = ("name", "description", "currency", "starts_at", "ends_at", "budget_minor")

_INSERT = statement(
    insert(campaigns).returning(_campaign.id), *_COLUMNS, "created_at", "updated_at"
)
# The lock also waits for orders that are just taking from it: their money must not be missed.
_FOR_CHANGE = statement(
    select(*(_campaign[name] for name in _COLUMNS), _campaign.version)
    .where(_campaign.id == bindparam("id"))
    .with_for_update()
)
_HELD = statement(
    select(
        func.coalesce(func.sum(case((holds(Taken.BUDGET), _redemption.amount_minor), else_=0)), 0)
    ).where(_redemption.campaign_id == bindparam("id"))
)
_SAVE = statement(
    update(campaigns)
    .where(_campaign.id == bindparam("b_id"))
    .values(
        {name: bindparam(f"new_{name}") for name in (*_COLUMNS, "budget_used_minor")}
        | {"updated_at": bindparam("now"), "version": _campaign.version + 1}
    )
)
_HAS_PROMOTIONS = statement(select(func.count()).where(_promotion.campaign_id == bindparam("id")))
_early = func.coalesce(_promotion.starts_at, 0) < bindparam("starts_at")
_late = func.coalesce(_promotion.ends_at, NEVER) > bindparam("ends_at")
_OUTSIDE = statement(
    select(
        func.coalesce(func.sum(case((_early, 1), else_=0)), 0),
        func.coalesce(func.sum(case((_late, 1), else_=0)), 0),
    ).where(
        _promotion.campaign_id == bindparam("id"),
        _promotion.status != Status.ENDED.value,
        or_(_promotion.ends_at.is_(None), _promotion.ends_at > bindparam("now")),
    )
)
_HAS_ORDERS = statement(select(func.count()).where(_redemption.campaign_id == bindparam("id")))
_DELETE = statement(delete(campaigns).where(_campaign.id == bindparam("b_id")))


class CampaignChange(Struct, frozen=True, kw_only=True):
    """Fields of a campaign; one left UNSET stays as it is, or is empty in a new one.

    `budget` is a decimal text.
    """

    name: str | UnsetType = UNSET
    description: str | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    starts_at: int | UnsetType | None = UNSET
    ends_at: int | UnsetType | None = UNSET
    budget: str | UnsetType | None = UNSET


class _Stored(Struct, frozen=True, kw_only=True):
    name: str = ""
    description: str = ""
    currency: str = ""
    starts_at: int | None = None
    ends_at: int | None = None
    budget_minor: int | None = None


def create_campaign(connection: Connection, change: CampaignChange, *, now: int) -> int:
    """The row number of the new campaign; raises Rejected with all problems."""
    fields = Fields()
    for name in ("name", "currency"):
        if getattr(change, name) is UNSET:
            fields.report("REQUIRED", "This must be given.", name)
    wanted = _settled(_Stored(), change, fields)
    fields.refuse_problems()
    values = msgspec.structs.asdict(wanted)
    row_id: int = connection.scalar(_INSERT, **values, created_at=now, updated_at=now)
    return row_id


def update_campaign(
    connection: Connection,
    campaign_id: int,
    change: CampaignChange,
    *,
    expected_version: int,
    now: int,
) -> None:
    """Changes what the input gives.

    Raises Rejected with all problems: a budget below what orders hold, a window that a promotion
    of it does not keep to, another currency while it has promotions, StaleVersion.
    """
    before = _taken(connection, campaign_id, expected_version)
    fields = Fields()
    after = _settled(before, change, fields)
    held = int(connection.scalar(_HELD, id=campaign_id))
    if after.budget_minor is not None and after.budget_minor < held:
        fields.report("LIMIT_BELOW_USED", "Orders already hold more than that.", "budget")
    if after.currency != before.currency and connection.scalar(_HAS_PROMOTIONS, id=campaign_id):
        message = "The currency is that of its promotions."
        fields.report("CURRENCY_IS_FIXED", message, "currency")
    _check_promotions(connection, campaign_id, after, fields, now=now)
    fields.refuse_problems()
    values = {f"new_{name}": value for name, value in msgspec.structs.asdict(after).items()}
    used = 0 if after.budget_minor is None else held
    connection.run(_SAVE, b_id=campaign_id, now=now, new_budget_used_minor=used, **values)


def delete_campaign(
    connection: Connection, campaign_id: int, *, expected_version: int | None
) -> None:
    """Deletes a campaign; raises Rejected (IN_USE) once promotions or orders belong to it."""
    _taken(connection, campaign_id, expected_version)
    if connection.scalar(_HAS_PROMOTIONS, id=campaign_id):
        raise refuse("IN_USE", "Promotions belong to it: take them out first.", "id")
    if connection.scalar(_HAS_ORDERS, id=campaign_id):
        raise refuse("IN_USE", "Orders were granted discounts of it.", "id")
    connection.run(_DELETE, b_id=campaign_id)


def _taken(connection: Connection, campaign_id: int, expected_version: int | None) -> _Stored:
    """The campaign, nobody else's to change or to take from until the transaction ends."""
    row = connection.one(_FOR_CHANGE, id=campaign_id)
    if row is None:
        raise refuse("NOT_FOUND", "There is no such campaign.", "id")
    *columns, version = row
    if expected_version is not None and version != expected_version:
        message = "The campaign changed after it was read."
        raise Rejected([StaleVersion(message=message, field=("expectedVersion",), current=version)])
    return _Stored(**dict(zip(_COLUMNS, columns, strict=True)))


def _settled(before: _Stored, change: CampaignChange, fields: Fields) -> _Stored:
    given = msgspec.structs.asdict(change)
    values: dict[str, Any] = {
        name: given[name]
        for name in ("currency", "starts_at", "ends_at")
        if given[name] is not UNSET
    }
    if change.name is not UNSET:
        values["name"] = fields.line("name", change.name)
    if change.description is not UNSET:
        values["description"] = fields.block(
            "description", change.description, most=LONGEST_DESCRIPTION
        )
    wanted = msgspec.structs.replace(before, **values)
    known = is_currency(wanted.currency)
    if wanted.currency and not known:
        fields.report("UNKNOWN_CURRENCY", "There is no such currency.", "currency")
    if wanted.currency != before.currency and before.budget_minor and change.budget is UNSET:
        message = "With another currency the budget must be given again."
        fields.report("AMOUNTS_NEEDED", message, "budget")
    _check_window(wanted, fields)
    return _with_budget(wanted, change, exponent_of(wanted.currency) if known else 2, fields)


def _check_window(wanted: _Stored, fields: Fields) -> None:
    starts_at, ends_at = wanted.starts_at, wanted.ends_at
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        fields.report("ENDS_BEFORE_START", "This must be after the start.", "endsAt")


def _with_budget(wanted: _Stored, change: CampaignChange, exponent: int, fields: Fields) -> _Stored:
    if change.budget is UNSET:
        return wanted
    if change.budget is None:
        return msgspec.structs.replace(wanted, budget_minor=None)
    budget = scaled(change.budget, exponent)
    if budget is None:
        fields.report("TOO_PRECISE", "The currency has fewer decimals.", "budget")
        return wanted
    fields.whole("budget", budget, least=1, most=MOST_MINOR)
    return msgspec.structs.replace(wanted, budget_minor=budget)


def _check_promotions(
    connection: Connection, campaign_id: int, after: _Stored, fields: Fields, *, now: int
) -> None:
    """Notes a window that leaves out a promotion which is not over."""
    counts = connection.rows(
        _OUTSIDE,
        id=campaign_id,
        starts_at=after.starts_at or 0,
        ends_at=NEVER if after.ends_at is None else after.ends_at,
        now=now,
    )[0]
    for name, count in zip(("startsAt", "endsAt"), counts, strict=True):
        if count:
            message = f"{count} of its promotions run outside this window."
            fields.report("OUTSIDE_CAMPAIGN", message, name)
