"""What a shopper can run into, in Chinese, by the code of the problem."""

from __future__ import annotations

from collections.abc import Mapping

from storeql.errors import Problem
from storeql.pricing import Text

CHINESE: Mapping[str, str] = {
    "ADD_ON_NOT_FOUND": "该商品不在此加价购活动中。",
    "ADDRESS_REQUIRED": "请填写收货地址。",
    "BELOW_FLOOR": "价格低于底价。",
    "CAMPAIGN_EXHAUSTED": "该促销所属活动的预算已用完，请重新确认价格。",
    "CART_EMPTY": "购物车是空的。",
    "CART_NOT_FOUND": "没有找到该购物车。",
    "CART_NOT_OPEN": "该购物车已下单或已合并。",
    "CHANNEL_NOT_FOUND": "没有该销售渠道。",
    "CURRENCY_MISMATCH": "确认金额的币种与购物车不一致。",
    "DEFAULT_NEEDED": "请先将另一个渠道设为默认。",
    "DELIVERY_METHOD_NOT_FOUND": "此处不提供该配送方式。",
    "DELIVERY_METHOD_REQUIRED": "请选择配送方式。",
    "DUPLICATE": "该项重复。",
    "EMAIL_REQUIRED": "请填写电子邮箱。",
    "GIFTS_CHANGED": "赠品数量已变动，请重新查看购物车。",
    "GIFT_OUT_OF_STOCK": "赠品已不足，请重新查看购物车。",
    "HOLD_EXISTS": "该订单已因此原因锁定。",
    "IDEMPOTENCY_KEY_REUSED": "该幂等键已用于其他内容。",
    "INSUFFICIENT_STOCK": "库存不足。",
    "INVALID_CHARACTER": "不能包含控制字符。",
    "INVALID_COUNTRY": "国家代码不正确。",
    "INVALID_EMAIL": "电子邮箱格式不正确。",
    "INVALID_IDEMPOTENCY_KEY": "幂等键不正确。",
    "INVALID_PHONE": "电话号码格式不正确。",
    "LINE_NOT_FOUND": "购物车中没有该商品行。",
    "LINE_REFUSED": "该商品已下架。",
    "ORDER_NOT_FOUND": "没有找到该订单。",
    "ORDER_STATE_CONFLICT": "订单当前状态不允许此操作。",
    "PAYMENT_DECLINED": "付款被拒绝。",
    "PAYMENT_METHOD_NOT_FOUND": "本店不支持该付款方式。",
    "PAYMENT_METHOD_REQUIRED": "请选择付款方式。",
    "PAYMENT_NOT_FOUND": "没有找到该笔付款。",
    "PAYMENT_NOT_MANUAL": "该付款方式无需人工确认。",
    "PAYMENT_PENDING": "上一笔付款还在处理中。",
    "PRICE_CHANGED": "价格已变动，请重新查看购物车。",
    "PROMOTION_EXHAUSTED": "该促销刚刚用完，请重新确认价格。",
    "QUANTITY_OUT_OF_RANGE": "数量超出允许范围。",
    "QUOTA_EXHAUSTED": "活动限量已不足，请重新确认价格。",
    "REQUIRED": "此项必填。",
    "SCHEDULE_OVERLAPS": "与另一个定时价格的时间重叠。",
    "TOO_LONG": "内容过长。",
    "TOO_MANY": "条目过多。",
    "TOO_MANY_CODES": "输入的券码过多。",
    "TOO_MANY_GIFTS": "选择的赠品过多。",
    "TOO_MANY_LINES": "购物车中的商品种类过多。",
    "VARIANT_UNAVAILABLE": "该商品目前无法购买。",
    "VOUCHERS_ALL_CLAIMED": "优惠券已被领完。",
    "VOUCHER_CLAIM_LIMIT_REACHED": "您已达到领取上限。",
    "VOUCHER_EXPIRED": "该券码已过期。",
    "VOUCHER_LIMIT_REACHED": "该优惠已达使用次数上限。",
    "VOUCHER_NOT_CLAIMED": "请先领取该优惠券。",
    "VOUCHER_NOT_YET_VALID": "该券码尚未生效。",
}
"""By code; the typed problems carry their numbers beside it."""


def words_of(problem: Problem) -> Text:
    """The problem's message in both languages; English stands in where there is no Chinese."""
    return Text(problem.message, problem.zh or CHINESE.get(problem.code, problem.message))
