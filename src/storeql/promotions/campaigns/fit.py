"""Checks that a promotion fits the campaign it names: currency and window, both seen at rest."""

from __future__ import annotations

from sqlalchemy import bindparam, select

from storeql.db import Connection, statement
from storeql.inputs import Fields
from storeql.promotions.records import StoredPromotion
from storeql.promotions.tables import campaigns

_campaign = campaigns.c
_HELD = statement(
    select(_campaign.currency, _campaign.starts_at, _campaign.ends_at)
    .where(_campaign.id == bindparam("id"))
    .with_for_update(read=True, key_share=True)
)


def check_campaign(connection: Connection, wanted: StoredPromotion, fields: Fields) -> None:
    """Notes a campaign that is not there, or that the promotion does not fit in."""
    if wanted.campaign_id is None:
        return
    row = connection.one(_HELD, id=wanted.campaign_id)
    if row is None:
        fields.missing("campaign", "campaignId")
        return
    currency, starts_at, ends_at = row
    if wanted.currency != currency:
        fields.report("CURRENCY_MISMATCH", f"The campaign is in {currency}.", "currency")
    if starts_at is not None and (wanted.starts_at is None or wanted.starts_at < starts_at):
        message = "It must not start before its campaign."
        fields.report("OUTSIDE_CAMPAIGN", message, "startsAt")
    if ends_at is not None and (wanted.ends_at is None or wanted.ends_at > ends_at):
        fields.report("OUTSIDE_CAMPAIGN", "It must not outlast its campaign.", "endsAt")
