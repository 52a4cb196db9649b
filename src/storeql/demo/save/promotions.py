"""Sets up the demo's promotions as staff would: created, given codes, and switched on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

from msgspec import Struct

from storeql.access import BUILT_IN_ROLES, Actor
from storeql.db import Connection
from storeql.demo.accounts import VOUCHER_CODE
from storeql.demo.save.products import SavedProduct
from storeql.pricing import FunderShare, Scope, Selection
from storeql.promotions.active import ActiveSet
from storeql.promotions.campaigns.save import CampaignChange, create_campaign
from storeql.promotions.lint import Linter
from storeql.promotions.set_up.create import create_promotion
from storeql.promotions.set_up.inputs import GiftStockInput, PromotionChange, RuleInput
from storeql.promotions.set_up.lifecycle import activate_promotion
from storeql.promotions.types import PromotionTypes
from storeql.promotions.vouchers.create_codes import CodeInput, create_codes

DAY = 86_400_000
CURRENCY = "CNY"
CAMPAIGN = CampaignChange(
    name="好物季 · Season of good things",
    description="全年大促：满减与满赠共用一份预算。Spend and save, and gifts, from one budget.",
    currency=CURRENCY,
    budget="500000",
)
CAMPAIGN_DAYS = 200
SPENDING, GIVING = "spend-threshold", "gift"
GIFT_WARE, GIFT_PIECES = "CABL", 400


class Running(Struct, frozen=True):
    """A promotion that began some days ago, with the codes that belong to it."""

    change: PromotionChange
    began_days_ago: int
    codes: tuple[CodeInput, ...] = ()


def save_promotions(
    connection: Connection,
    goods: Sequence[SavedProduct],
    *,
    categories: dict[str, int],
    types: PromotionTypes,
    staff_id: int,
    now: int,
) -> None:
    """Adds the running promotions and their campaign; the gift only when there is one to give."""
    actor = Actor("staff", staff_id, permissions=BUILT_IN_ROLES["marketing"])
    campaign_id = create_campaign(connection, CAMPAIGN, now=now - CAMPAIGN_DAYS * DAY)
    for running in _running(goods, categories, campaign_id, now=now):
        began_at = now - running.began_days_ago * DAY
        row_id = create_promotion(
            connection, running.change, types=types, actor=actor, now=began_at
        )
        if running.codes:
            create_codes(connection, row_id, running.codes, types=types, now=began_at)
        activate_promotion(
            connection,
            row_id,
            expected_version=None,
            linter=Linter(
                active=ActiveSet(0, ()), types=types, zone=ZoneInfo("Asia/Shanghai"), now=began_at
            ),
            actor=actor,
            now=began_at,
        )


def _running(
    goods: Sequence[SavedProduct], categories: dict[str, int], campaign_id: int, *, now: int
) -> Iterator[Running]:
    yield Running(_voucher(), 200, (CodeInput(code=VOUCHER_CODE),))
    yield Running(_spend_threshold(campaign_id), 150)
    gift = next((one for one in goods if one.code == GIFT_WARE and one.is_plentiful), None)
    if gift is not None:
        yield Running(_gift(gift, categories["audio"], campaign_id), 45)
    yield Running(_percentage(categories["cups"], now), 24)


def _percentage(category: int, now: int) -> PromotionChange:
    return PromotionChange(
        name="茶席焕新 八五折 · 15% off cups and pots",
        description="杯壶全场八五折，月底结束。All cups and pots, until the end of the month.",
        rule=RuleInput("PERCENTAGE", {"percent_off_basis_points": "15"}),
        scope=_in_category(category),
        ends_at=now + 21 * DAY,
    )


def _spend_threshold(campaign_id: int) -> PromotionChange:
    tiers = [
        {"from_minor": "300", "off_minor": "30"},
        {"from_minor": "600", "off_minor": "80"},
    ]
    return PromotionChange(
        name="全场满减 满300减30 满600减80 · Spend and save",
        description="全店可用，自动减免。Across the shop, taken off by itself.",
        rule=RuleInput("SPEND_THRESHOLD", {"tiers": tiers}),
        currency=CURRENCY,
        campaign_id=campaign_id,
        funders=(FunderShare("shop", 7_000), FunderShare("platform", 3_000)),
        stacking_group=SPENDING,
        stackable_with=(GIVING,),
    )


def _gift(gift: SavedProduct, category: int, campaign_id: int) -> PromotionChange:
    variant = gift.variants[0]
    return PromotionChange(
        name="影音满399赠数据线 · Free cable with audio from ¥399",
        description="买耳机或音箱满 399 元送一根数据线，送完为止。While stocks last.",
        rule=RuleInput("GIFT_WITH_PURCHASE", {"gifts": [str(variant.id)], "from_minor": "399"}),
        currency=CURRENCY,
        campaign_id=campaign_id,
        funders=(FunderShare("supplier"),),
        scope=_in_category(category),
        stacking_group=GIVING,
        stackable_with=(SPENDING,),
        gift_stocks=(GiftStockInput(variant.id, min(GIFT_PIECES, variant.pieces // 2)),),
    )


def _voucher() -> PromotionChange:
    return PromotionChange(
        name="新客礼券 满99减20 · Welcome voucher",
        description="输入 WELCOME20，满 99 元减 20 元。20 yuan off from 99 with WELCOME20.",
        rule=RuleInput("VOUCHER_DISCOUNT", {"off_minor": "20", "from_minor": "99"}),
        currency=CURRENCY,
        needs_code=True,
        usage_limit=10_000,
    )


def _in_category(category: int) -> Scope:
    return Scope(include=Selection(category_ids=frozenset({str(category)})))
