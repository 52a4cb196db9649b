"""Small types that promotions share: lanes, states, words in two languages.

Importing it makes enums of the domains' own, which fields then name.
"""

import strawberry

from storeql.hooks import PluginStatus
from storeql.pricing import Lane, Text
from storeql.promotions.limits.policy import CommitAt, Taken
from storeql.promotions.records import Status
from storeql.promotions.rules.form import FieldKind
from storeql.schema.fields import answers, attribute

strawberry.enum(
    Lane, name="Lane", description="A layer of discounts; each sees what the one before left."
)
strawberry.enum(
    Status,
    name="PromotionStatus",
    description="DRAFT: never ran. SCHEDULED: waits for its start. ACTIVE: runs. "
    "PAUSED: may go on. ENDED: for good, by hand or because its window is over.",
)
strawberry.enum(
    Taken,
    name="PromotionLimit",
    description="What an order takes of a promotion. USAGE: its use, also the customer's. "
    "BUDGET: the money, also the campaign's. QUOTA: the units. CODE: the use of its code.",
)
strawberry.enum(
    CommitAt,
    name="PromotionCommitAt",
    description="When an order that goes ahead before it is paid counts as paid. "
    "PLACED: at once. PAID: when its money is there.",
)
strawberry.enum(FieldKind, name="FormFieldKind", description="What a field of a rule takes.")
strawberry.enum(
    PluginStatus,
    name="PluginStatus",
    description="ACTIVE: takes part. DISABLED: kept out by a setting. BROKEN: failed its trial.",
)


@strawberry.type(description="The same words in English and Chinese.")
@answers(Text)
class LocalizedText:
    """Words for people."""

    en: str = attribute("In English.")
    zh: str = attribute("In Chinese.")
