"""What is looked at before a promotion runs, each with what there is to say and to do."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from msgspec import Struct
from sqlalchemy import bindparam, func, select

from storeql.carts.tables import delivery_methods
from storeql.catalog.tables import stock_levels
from storeql.db import Connection, any_of, statement
from storeql.inputs import Fields
from storeql.pricing import Text
from storeql.promotions.lint import Inspection, Linter, Severity
from storeql.promotions.records import Status, StoredPromotion
from storeql.promotions.rules.form import gift_variants
from storeql.promotions.set_up.complete import check_complete
from storeql.promotions.tables import voucher_offers

_stock, _method = stock_levels.c, delivery_methods.c
_AVAILABLE = statement(
    select(_stock.variant_id, func.sum(_stock.on_hand - _stock.reserved))
    .where(any_of(_stock.variant_id, "ids"))
    .group_by(_stock.variant_id)
)
_DELIVERIES = statement(
    select(_method.channel_id, _method.slug).where(
        _method.is_active, any_of(_method.channel_id, "ids")
    )
)
_OFFERED = statement(
    select(func.count()).where(voucher_offers.c.promotion_id == bindparam("promotion_id"))
)


class CheckStatus(Enum):
    """READY: nothing to do. ATTENTION: look at it. BLOCKING: it cannot work like this. UNKNOWN:
    somebody has to say more first."""

    READY = "READY"
    ATTENTION = "ATTENTION"
    BLOCKING = "BLOCKING"
    UNKNOWN = "UNKNOWN"


class Check(Struct, frozen=True):
    """One thing that was looked at, what there is to say, and what to do about it."""

    code: str
    status: CheckStatus
    message: Text
    advice: Text | None = None


class Desk:
    """Looks at one promotion."""

    def __init__(
        self,
        connection: Connection,
        promotion: StoredPromotion,
        linter: Linter,
        expected: int,
        days: int,
    ) -> None:
        self._connection = connection
        self._promotion = promotion
        self._linter = linter
        self._expected = expected
        self._days = days
        self._inspection = linter.inspect(connection, promotion)

    def checks(self, daily_capacity: int | None) -> Iterator[Check]:
        """Every check, in the order in which a promotion is prepared."""
        yield self._set_up()
        yield self._findings(self._inspection)
        yield self._stock(self._inspection)
        yield from self._quotas()
        yield from self._gifts()
        yield self._budget(self._inspection)
        yield self._uses()
        yield from self._codes()
        yield self._capacity(daily_capacity)
        yield self._delivery(self._inspection)

    def _set_up(self) -> Check:
        if self._promotion.status not in (Status.DRAFT, Status.PAUSED):
            return _ready("SETUP", "It is set up.", "活动已设置完成。")
        fields = Fields()
        check_complete(
            self._connection,
            self._promotion,
            types=self._linter.types,
            now=self._linter.now,
            fields=fields,
        )
        if not fields.problems:
            return _ready("SETUP", "It is complete.", "活动设置完整。")
        where = ", ".join(".".join(problem.field or ()) for problem in fields.problems)
        return Check(
            "SETUP",
            CheckStatus.BLOCKING,
            Text(f"It is not complete: {where}.", f"活动设置不完整：{where}。"),
            Text("Fill in what lacks.", "请补全缺少的内容。"),
        )

    def _findings(self, inspection: Inspection) -> Check:
        found = inspection.findings
        if not found:
            return _ready("FINDINGS", "The linter has nothing to say.", "检查未发现问题。")
        codes = ", ".join(dict.fromkeys(one.code for one in found))
        blocks = any(one.severity is Severity.BLOCKING for one in found)
        return Check(
            "FINDINGS",
            CheckStatus.BLOCKING if blocks else CheckStatus.ATTENTION,
            Text(f"The linter found {codes}.", f"检查发现：{codes}。"),
            Text("Look at promotionFindings.", "请查看 promotionFindings。"),
        )

    def _stock(self, inspection: Inspection) -> Check:
        goods = {one.line.variant_id: one.available for one in inspection.goods}
        gone = sum(count <= 0 for count in goods.values())
        pieces = sum(max(0, count) for count in goods.values())
        told = Text(
            f"{len(goods)} variants with {pieces} pieces in stock, {gone} of them sold out.",
            f"参与活动 {len(goods)} 个规格，库存共 {pieces} 件，其中 {gone} 个已售罄。",
        )
        if not pieces:
            advice = Text("Take stock in, or change its products.", "请补货或调整参与商品。")
            return Check("STOCK", CheckStatus.BLOCKING, told, advice)
        if gone or (inspection.is_complete and pieces < self._expected):
            advice = Text(
                f"{self._expected} orders are expected: take more stock in.",
                f"预计 {self._expected} 单，请提前补货。",
            )
            return Check("STOCK", CheckStatus.ATTENTION, told, advice)
        return Check("STOCK", CheckStatus.READY, told)

    def _quotas(self) -> Iterator[Check]:
        left = {one.variant_id: one.quantity - one.used for one in self._promotion.quotas}
        if left:
            yield self._promised("QUOTAS", left, Text("at its price", "活动价"))

    def _gifts(self) -> Iterator[Check]:
        rule = self._promotion.rule
        gifts = [int(key) for key in gift_variants(rule)] if rule is not None else []
        if not gifts:
            return
        left = {one.variant_id: one.quantity - one.used for one in self._promotion.gift_stocks}
        unlimited = [gift for gift in gifts if gift not in left]
        if unlimited:
            yield Check(
                "GIFT_STOCK",
                CheckStatus.ATTENTION,
                Text(
                    f"{len(unlimited)} gifts have no stock set aside.",
                    f"{len(unlimited)} 个赠品未设置赠品库存。",
                ),
                Text("Set a gift stock, so that it ends with it.", "请设置赠品库存，赠完即止。"),
            )
        yield self._promised("GIFTS", left or dict.fromkeys(gifts, 1), Text("as gifts", "作为赠品"))

    def _promised(self, code: str, left: dict[int, int], what: Text) -> Check:
        """Units that are promised against those that warehouses hold."""
        rows = self._connection.rows(_AVAILABLE, ids=sorted(left))
        available = {variant_id: int(count) for variant_id, count in rows}
        short = [key for key, count in left.items() if available.get(key, 0) < count]
        pieces = sum(left.values())
        told = Text(
            f"{pieces} pieces are promised {what.en}; {len(short)} variants have fewer in stock.",
            f"共承诺 {pieces} 件{what.zh}；其中 {len(short)} 个规格库存不足。",
        )
        if any(available.get(key, 0) <= 0 < left[key] for key in short):
            return Check(
                code, CheckStatus.BLOCKING, told, Text("Take them in first.", "请先入库。")
            )
        if short:
            advice = Text("Take more in, or promise fewer.", "请补货，或减少承诺数量。")
            return Check(code, CheckStatus.ATTENTION, told, advice)
        if code == "GIFTS" and pieces < self._expected:
            advice = Text(
                f"{self._expected} orders are expected: the gifts may run out.",
                f"预计 {self._expected} 单，赠品可能不够。",
            )
            return Check(code, CheckStatus.ATTENTION, told, advice)
        return Check(code, CheckStatus.READY, told)

    def _budget(self, inspection: Inspection) -> Check:
        budget, least = self._promotion.budget_minor, inspection.least_minor
        if budget is None:
            return _ready("BUDGET", "It has no budget to run out.", "未设预算上限。")
        left = budget - self._promotion.granted_minor
        if not least:
            told = Text("Nothing shows what an order costs.", "无法估算每单优惠金额。")
            return Check("BUDGET", CheckStatus.UNKNOWN, told)
        lasts = left // least
        told = Text(f"The budget lasts for at most {lasts} orders.", f"预算最多可支持 {lasts} 单。")
        return self._lasting("BUDGET", lasts, told)

    def _uses(self) -> Check:
        limit = self._promotion.usage_limit
        if limit is None:
            return _ready("USES", "It has no number of uses to run out.", "未设使用次数上限。")
        lasts = limit - self._promotion.usage_count
        told = Text(f"It is left for {lasts} orders.", f"剩余可用 {lasts} 单。")
        return self._lasting("USES", lasts, told)

    def _lasting(self, code: str, lasts: int, told: Text) -> Check:
        if lasts <= 0:
            advice = Text("Raise it, or end the promotion.", "请提高上限，或结束活动。")
            return Check(code, CheckStatus.BLOCKING, told, advice)
        if lasts < self._expected:
            advice = Text(
                f"{self._expected} orders are expected: raise it, or say that it is limited.",
                f"预计 {self._expected} 单，请提高上限，或注明限量。",
            )
            return Check(code, CheckStatus.ATTENTION, told, advice)
        return Check(code, CheckStatus.READY, told)

    def _codes(self) -> Iterator[Check]:
        promotion = self._promotion
        if not promotion.terms.needs_code:
            return
        offers = self._connection.scalar(_OFFERED, promotion_id=promotion.id) or 0
        told = Text(
            f"It has {promotion.code_count} codes.", f"已有 {promotion.code_count} 个券码。"
        )
        if promotion.code_count or offers:
            yield Check("CODES", CheckStatus.READY, told)
        else:
            advice = Text(
                "Make codes: without one nobody can use it.", "请先生成券码，否则无法使用。"
            )
            yield Check("CODES", CheckStatus.BLOCKING, told, advice)

    def _capacity(self, daily: int | None) -> Check:
        a_day = -(-self._expected // self._days)
        told = Text(f"About {a_day} orders a day are expected.", f"预计每天约 {a_day} 单。")
        if daily is None:
            advice = Text(
                "Say how many orders the warehouses can send a day.",
                "请提供仓库每日可发货单量。",
            )
            return Check("CAPACITY", CheckStatus.UNKNOWN, told, advice)
        if a_day > daily:
            advice = Text(
                f"The warehouses send {daily} a day: plan more hands, or promise later delivery.",
                f"仓库每日可发 {daily} 单，请增加人手或延长承诺发货时间。",
            )
            return Check("CAPACITY", CheckStatus.ATTENTION, told, advice)
        return Check("CAPACITY", CheckStatus.READY, told)

    def _delivery(self, inspection: Inspection) -> Check:
        wanted = self._promotion.terms.conditions.delivery_methods
        ids = [channel.id for channel in inspection.channels]
        rows = self._connection.rows(_DELIVERIES, ids=ids) if ids else []
        offered = {channel_id for channel_id, slug in rows if not wanted or slug in wanted}
        without = [one.slug for one in inspection.channels if one.id not in offered]
        if not without and ids:
            return _ready("DELIVERY", "Its channels deliver.", "相关渠道均可配送。")
        names = ", ".join(without) or "-"
        return Check(
            "DELIVERY",
            CheckStatus.ATTENTION if offered else CheckStatus.BLOCKING,
            Text(
                f"These channels offer no delivery that it allows: {names}.",
                f"以下渠道没有可用的配送方式：{names}。",
            ),
            Text("Set up a delivery method.", "请设置配送方式。"),
        )


def _ready(code: str, english: str, chinese: str) -> Check:
    return Check(code, CheckStatus.READY, Text(english, chinese))
