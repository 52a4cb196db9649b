"""Tables of promotions: what is set up, its versions, its codes, and what has been used."""

from sqlalchemy import Boolean, CheckConstraint, Column, Index, Integer, String, Table, Text, false
from sqlalchemy import UniqueConstraint as Unique

from storeql.db import instant, json_text, metadata, money_minor, short_text, version
from storeql.db.columns import NEVER_GIVEN_AGAIN, BigId, primary_key, reference
from storeql.jobs.tables import jobs

# Promotions that belong together; the budget holds over all of them.
campaigns = Table(
    "campaigns",
    metadata,
    primary_key(),
    short_text("name", 200),
    Column("description", String(2000), nullable=False, server_default=""),
    short_text("currency", 3),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    money_minor("budget_minor", nullable=True),
    money_minor("budget_used_minor", default=0),
    instant("created_at"),
    instant("updated_at"),
    version(),
    CheckConstraint("budget_minor IS NULL OR budget_used_minor <= budget_minor", name="budget"),
    Index("ix_campaigns_created", "created_at", "id"),
    **NEVER_GIVEN_AGAIN,
)

# told_status: the last of ACTIVE, PAUSED and ENDED that was told of, see `set_up/told.py`.
# rule: the kind's own struct as JSON; terms: scope, audience, stacking, funding as JSON
# (`records.Terms`). Limits are NULL when there is none; the used counters move only by
# conditional UPDATE in an order's transaction.
promotions = Table(
    "promotions",
    metadata,
    primary_key(),
    short_text("name", 200),
    Column("description", String(2000), nullable=False, server_default=""),
    short_text("kind", 64),
    json_text("rule"),
    json_text("terms"),
    short_text("currency", 3),
    short_text("status", 16, server_default="DRAFT"),
    Column("priority", Integer, nullable=False, server_default="100"),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    Column("usage_limit", Integer, nullable=True),
    Column("usage_count", Integer, nullable=False, server_default="0"),
    Column("customer_limit", Integer, nullable=True),
    money_minor("budget_minor", nullable=True),
    money_minor("budget_used_minor", default=0),
    reference("campaign_id", "campaigns.id", nullable=True, on_delete="NO ACTION", index=True),
    instant("created_at"),
    instant("updated_at"),
    version(),
    short_text("told_status", 16, server_default=""),
    CheckConstraint("usage_limit IS NULL OR usage_count <= usage_limit", name="usage"),
    CheckConstraint("budget_minor IS NULL OR budget_used_minor <= budget_minor", name="budget"),
    Index("ix_promotions_status", "status", "id"),
    Index("ix_promotions_told", "told_status", "id"),
    **NEVER_GIVEN_AGAIN,
)

promotion_versions = Table(
    "promotion_versions",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("snapshot", Text, nullable=False),
    short_text("actor", 64),
    instant("at"),
)

# One row: raised by every write that changes what an active promotion does, so that each
# process knows when to rebuild its index.
promotion_sets = Table(
    "promotion_sets",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False, server_default="1"),
)

# Every version of how promotions go together (`stacking.Stacking`); the newest one holds, and
# without a row the first version, which nobody wrote.
stacking_versions = Table(
    "stacking_versions",
    metadata,
    Column("version", Integer, primary_key=True, autoincrement=False),
    json_text("settings"),
    short_text("actor", 64),
    instant("at"),
)

# What one call generates. length: random characters of each code; codes: how many are wanted.
# customer_limit: how many of them one customer may claim; valid_days: counted from claiming one.
voucher_batches = Table(
    "voucher_batches",
    metadata,
    primary_key(),
    reference("promotion_id", "promotions.id", index=True),
    reference("job_id", str(jobs.c.id), nullable=True, on_delete="SET NULL"),
    short_text("prefix", 16, server_default=""),
    Column("length", Integer, nullable=False),
    Column("codes", Integer, nullable=False),
    Column("usage_limit", Integer, nullable=True),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    Column("customer_limit", Integer, nullable=True),
    Column("valid_days", Integer, nullable=True),
    short_text("created_by", 64),
    instant("created_at"),
    Index("ix_voucher_batches_created", "created_at", "id"),
)

# code is upper case. A promotion with codes applies only to carts that entered one.
# starts_at and ends_at are the code's own window, inside the promotion's. customer_id: whose
# wallet it is in, and nobody else's to use; claim_first: of no use until it is in one.
# redemption_id: what an order earned it by, so that it goes when that order is undone.
voucher_codes = Table(
    "voucher_codes",
    metadata,
    primary_key(),
    reference("promotion_id", "promotions.id", index=True),
    short_text("code", 64, unique=True),
    Column("usage_limit", Integer, nullable=True),
    Column("usage_count", Integer, nullable=False, server_default="0"),
    instant("created_at"),
    reference("batch_id", "voucher_batches.id", nullable=True),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    reference("customer_id", "customers.id", nullable=True),
    instant("claimed_at", nullable=True),
    Column("claim_first", Boolean, nullable=False, server_default=false()),
    reference("redemption_id", "redemptions.id", nullable=True, on_delete="SET NULL", index=True),
    CheckConstraint("usage_limit IS NULL OR usage_count <= usage_limit", name="usage"),
    Index("ix_voucher_codes_batch", "batch_id", "id"),
    Index("ix_voucher_codes_customer", "customer_id", "claimed_at", "id"),
)

# What customers may claim of a promotion with codes: a new code each time, theirs alone. The
# window is that of claiming; claim_count moves only by conditional UPDATE.
voucher_offers = Table(
    "voucher_offers",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    Column("claim_limit", Integer, nullable=True),
    Column("claim_count", Integer, nullable=False, server_default="0"),
    Column("customer_limit", Integer, nullable=False, server_default="1"),
    Column("valid_days", Integer, nullable=True),
    instant("starts_at", nullable=True),
    instant("ends_at", nullable=True),
    instant("created_at"),
    instant("updated_at"),
    version(),
    CheckConstraint("claim_limit IS NULL OR claim_count <= claim_limit", name="claims"),
    Index("ix_voucher_offers_created", "created_at", "promotion_id"),
)

# How many vouchers a customer claimed of a promotion's offer (batch_id 0) or of one batch.
voucher_claims = Table(
    "voucher_claims",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    Column("batch_id", BigId, primary_key=True, autoincrement=False),
    reference("customer_id", "customers.id", primary_key=True),
    Column("claim_count", Integer, nullable=False),
)

gift_stocks = Table(
    "gift_stocks",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    reference("variant_id", "variants.id", primary_key=True, on_delete="RESTRICT"),
    Column("quantity", Integer, nullable=False),
    Column("used", Integer, nullable=False, server_default="0"),
    CheckConstraint("used >= 0 AND used <= quantity", name="gifts"),
)

customer_usages = Table(
    "customer_usages",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    reference("customer_id", "customers.id", primary_key=True),
    Column("usage_count", Integer, nullable=False, server_default="0"),
)

# How many units of a variant may be sold at the promotion's price; a variant without a row has no
# quota.
variant_quotas = Table(
    "variant_quotas",
    metadata,
    reference("promotion_id", "promotions.id", primary_key=True),
    reference("variant_id", "variants.id", primary_key=True),
    Column("quantity", Integer, nullable=False),
    Column("used", Integer, nullable=False, server_default="0"),
    CheckConstraint("used >= 0 AND used <= quantity", name="quota"),
)

# What one order took of a promotion, gifts and units (pieces) as JSON lists; campaign_id is the
# promotion's campaign at that moment. Held until committed_at (the order is paid) or released_at
# (it is undone); kept_*: what an undone one goes on using by the promotion's policy.
# vouchers: what the order earns its buyer; vouchers_given_at: set once it is completed.
redemptions = Table(
    "redemptions",
    metadata,
    primary_key(),
    reference("promotion_id", "promotions.id"),
    Column("order_id", Integer, nullable=False, index=True),
    reference("customer_id", "customers.id", nullable=True, on_delete="SET NULL"),
    short_text("code", 64, server_default=""),
    money_minor("amount_minor"),
    json_text("gifts", default="[]"),
    json_text("pieces", default="[]"),
    json_text("vouchers", default="[]"),
    instant("vouchers_given_at", nullable=True),
    instant("redeemed_at"),
    instant("committed_at", nullable=True),
    instant("released_at", nullable=True),
    reference("campaign_id", "campaigns.id", nullable=True, on_delete="NO ACTION", index=True),
    *(
        Column(f"kept_{taken}", Boolean, nullable=False, server_default=false())
        for taken in ("usage", "budget", "quota", "code")
    ),
    Unique("promotion_id", "order_id", "code"),
    Index("ix_redemptions_code", "code", "promotion_id"),
)
