"""Before and during a promotion: whether it is ready, and how it is doing."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.orders.promotion_watch.alerts import Alert, Figures, Monitor, OutcomeCount
from storeql.orders.promotion_watch.monitor import monitor
from storeql.orders.promotion_watch.readiness import Expectation, Readiness, readiness
from storeql.orders.promotion_watch.readiness_checks import Check, CheckStatus
from storeql.pricing import Outcome
from storeql.promotions.lint import Severity
from storeql.promotions.records import Status
from storeql.promotions.resolvers import View
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.mutation import context_of
from storeql.schema.promotions.findings import linter_of
from storeql.schema.promotions.types import PromotionGiftStock, PromotionQuota
from storeql.schema.promotions.words import LocalizedText
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS

strawberry.enum(
    CheckStatus,
    name="ReadinessStatus",
    description="READY: nothing to do. ATTENTION: look at it. BLOCKING: it cannot work like this. "
    "UNKNOWN: somebody has to say more first.",
)


@strawberry.type(description="One thing that was looked at before a promotion runs.")
@answers(Check)
class ReadinessCheck:
    """A check."""

    code: str = attribute("What was looked at, such as STOCK, GIFTS, BUDGET or CAPACITY.")
    status: CheckStatus = attribute("How it stands.")
    message: LocalizedText = attribute("What there is to say.")
    advice: LocalizedText | None = attribute("What to do about it; null for nothing.")


@strawberry.type(description="Whether a promotion can be carried out.")
@answers(Readiness)
class PromotionReadiness:
    """A readiness check."""

    is_ready: bool = attribute("Whether nothing is in the way.")
    expected_orders: int = attribute("Orders over its days: as given, or as of late.")
    days: int = attribute("The days that are left of it; 28 when it has no end.")
    checks: Sequence[ReadinessCheck] = attribute("Every check, in the order of preparing it.")

    @pure("The promotion.")
    def promotion_id(self: Readiness) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(description="What orders in one currency did with a promotion.")
@answers(Figures)
class PromotionFigures:
    """Figures in one currency."""

    currency: CurrencyCode = attribute("The currency.")
    orders: int = attribute("Orders that hold it now.")
    given_back: int = attribute("Orders that held it and gave it back.")
    recent_orders: int = attribute("Those of the last 24 hours, or since it began.")

    @pure("What its orders cost in all.")
    def revenue(self: Figures) -> Money:
        return money(self.revenue_minor, self.currency)

    @pure("What it granted them.")
    def discount(self: Figures) -> Money:
        return money(self.discount_minor, self.currency)

    @pure("What it granted to the recent ones.")
    def recent_discount(self: Figures) -> Money:
        return money(self.recent_discount_minor, self.currency)


@strawberry.type(description="In how many of the recent orders this became of a promotion.")
@answers(OutcomeCount)
class PromotionOutcomeCount:
    """An outcome and its count."""

    outcome: Outcome = attribute("What became of it.")
    orders: int = attribute("In how many orders.")


@strawberry.type(description="Something that somebody should do something about.")
@answers(Alert)
class PromotionAlert:
    """An alert."""

    code: str = attribute("A stable code, such as BUDGET_RUNS_OUT, NOT_APPLYING or KIND_FAILS.")
    severity: Severity = attribute("BLOCKING: it does not work any more. WARNING: soon.")
    message: LocalizedText = attribute("What it is.")


@strawberry.type(description="A promotion at work.")
@answers(Monitor)
class PromotionMonitor:
    """How a promotion is doing."""

    at: DateTime = attribute("The instant of all this.")
    figures: Sequence[PromotionFigures] = attribute("What orders did with it, by currency.")
    recent_orders: int = attribute("The shop's orders that were looked at, at most the last 50.")
    outcomes: Sequence[PromotionOutcomeCount] = attribute("What became of it in those orders.")
    uses_left: int | None = attribute("Orders that are left of its limit; null for no limit.")
    alerts: Sequence[PromotionAlert] = attribute("What to do something about.")

    @pure("The promotion.")
    def promotion_id(self: Monitor) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion.id)

    @pure("Where it is in its life.")
    def status(self: Monitor) -> Status:
        return self.promotion.status

    @pure("What is left of its budget; null for no budget.")
    def budget_left(self: Monitor) -> Money | None:
        currency = self.promotion.currency
        return money_or_none(self.budget_left_minor, currency) if currency else None

    @pure("What is left of its campaign's budget; null without one.")
    def campaign_budget_left(self: Monitor) -> Money | None:
        currency = self.promotion.currency
        return money_or_none(self.campaign_left_minor, currency) if currency else None

    @pure("Its gift stocks.")
    def gift_stocks(self: Monitor) -> Sequence[PromotionGiftStock]:
        return self.promotion.gift_stocks  # type: ignore[return-value]

    @pure("Its quotas.")
    def quotas(self: Monitor) -> Sequence[PromotionQuota]:
        return self.promotion.quotas  # type: ignore[return-value]

    @pure("Its orders an hour, over the last 24 hours or since it began.")
    def orders_per_hour(self: Monitor) -> Decimal:
        recent = sum(one.recent_orders for one in self.figures)
        hundredths = recent * 10_000 // self.hours_hundredths
        return Decimal(f"{hundredths // 100}.{hundredths % 100:02}")

    @pure("What it grants an hour, over the same time; null without a currency of its own.")
    def discount_per_hour(self: Monitor) -> Money | None:
        currency = self.promotion.currency
        spent = sum(one.recent_discount_minor for one in self.figures if one.currency == currency)
        return money(spent * 100 // self.hours_hundredths, currency) if currency else None


@strawberry.type
class PromotionWatchQuery:
    """The root fields about promotions before and while they run."""

    @field(
        "Whether a promotion can be carried out: set-up, stock, gifts, limits, orders to handle, "
        "delivery; null when there is none.",
        PROMOTIONS,
    )
    def promotion_readiness(
        self,
        info: Info_,
        id: Annotated[strawberry.ID, argument("The promotion's id.")],
        expected_orders: Annotated[
            int | None,
            argument("Orders expected over its days; those of the last 28 days when left out."),
        ] = None,
        daily_capacity: Annotated[
            int | None, argument("Orders that the warehouses can send a day.")
        ] = None,
    ) -> PromotionReadiness | None:
        connection = context_of(info).connection
        types = context_of(info).shop.price_desk.active_sets.types
        return readiness(  # type: ignore[return-value]
            connection,
            row_of("Promotion", id),
            Expectation(orders=expected_orders, daily_capacity=daily_capacity),
            linter=linter_of(info, connection, types),
        )

    @field(
        "How a promotion is doing: orders, revenue, discount, what is left, its pace, alerts; null "
        "when there is none.",
        PROMOTIONS,
    )
    def promotion_monitor(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The promotion's id.")]
    ) -> PromotionMonitor | None:
        context = context_of(info)
        view = View(context.shop.price_desk.active_sets.types, context.now)
        return monitor(  # type: ignore[return-value]
            context.connection, row_of("Promotion", id), view=view
        )
