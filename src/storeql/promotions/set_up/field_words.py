"""What the fields that every kind of promotion has are called, for people."""

from __future__ import annotations

from storeql.pricing import Text

WORDS = {
    "name": Text("Name", "名称"),
    "description": Text("Notes", "备注"),
    "kind": Text("Kind", "促销类型"),
    "currency": Text("Currency", "币种"),
    "status": Text("State", "状态"),
    "priority": Text("Priority", "优先级"),
    "startsAt": Text("Start", "开始时间"),
    "endsAt": Text("End", "结束时间"),
    "usageLimit": Text("Most orders", "使用次数上限"),
    "customerLimit": Text("Most orders of one customer", "每人限用次数"),
    "budget": Text("Budget", "预算"),
    "rule": Text("Rule", "规则"),
    "scope": Text("Products", "参与商品"),
    "include": Text("Included", "包含"),
    "exclude": Text("Excluded", "排除"),
    "productIds": Text("products", "商品"),
    "variantIds": Text("variants", "规格"),
    "categoryIds": Text("categories", "类目"),
    "collectionIds": Text("collections", "商品集"),
    "tagIds": Text("tags", "标签"),
    "audience": Text("Audience", "适用人群"),
    "channels": Text("channels", "渠道"),
    "groupIds": Text("customer groups", "客户分组"),
    "tiers": Text("member tiers", "会员等级"),
    "firstOrderOnly": Text("first order only", "仅限首单"),
    "countries": Text("countries", "国家"),
    "regions": Text("regions", "地区"),
    "deliveryMethods": Text("delivery methods", "配送方式"),
    "paymentMethods": Text("payment methods", "支付方式"),
    "minimumQuantity": Text("least pieces", "最少件数"),
    "weekdays": Text("weekdays", "星期"),
    "fromMinute": Text("from minute", "每日开始分钟"),
    "untilMinute": Text("until minute", "每日结束分钟"),
    "requiresCode": Text("Requires a code", "需要券码"),
    "exclusionGroup": Text("Exclusion group", "互斥组"),
    "stackingGroup": Text("Stacking group", "叠加组"),
    "stackableWith": Text("Stackable with", "可叠加的组"),
    "funders": Text("Who pays", "费用承担方"),
    "giftStocks": Text("Gift stock", "赠品库存"),
    "campaignId": Text("Campaign", "营销活动"),
    "giveBack": Text("Given back", "退还规则"),
    "giveBack.onCancel": Text("Given back when cancelled unpaid", "未支付取消时退还"),
    "giveBack.onRefund": Text("Given back when refunded", "退款时退还"),
    "giveBack.commitAt": Text("When a later payment counts", "货到付款何时计入"),
    "quotas": Text("Quota", "活动限量"),
}


def words_of(path: str) -> Text:
    """The words for a field at this path of an update; steps without words are left out."""
    known = [WORDS[step] for step in path.split(".") if step in WORDS]
    return Text(": ".join(word.en for word in known), "：".join(word.zh for word in known))
