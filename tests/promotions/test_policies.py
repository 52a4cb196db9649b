"""What an undone order gives back is for the promotion to say: before it was paid, and after."""

from __future__ import annotations

from typing import Any

import pytest

from storeql.db import Connection, Database
from storeql.promotions.campaigns.save import CampaignChange, create_campaign
from storeql.promotions.limits.commit import commit
from storeql.promotions.limits.policy import CommitAt, GiveBack, Paid, Taken
from storeql.promotions.set_up.inputs import PromotionChange, QuotaInput
from storeql.promotions.set_up.update import update_promotion
from storeql.promotions.tables import (
    campaigns,
    customer_usages,
    promotions,
    redemptions,
    variant_quotas,
    voucher_codes,
)
from storeql.promotions.vouchers.create_codes import CodeInput, create_codes
from tests.promotions.orders import cancel, place
from tests.promotions.shop import NOW, PHONE, STAFF, TYPES, open_shop, rows, running


def limited(database: Database, **policy: Any) -> int:
    """A promotion with a limit of every sort, and a code for each order."""
    budget = CampaignChange(name="Spring", currency="CNY", budget="100")
    campaign = database.write(lambda c: create_campaign(c, budget, now=NOW))
    key = running(
        database,
        "PERCENTAGE",
        {"percent_off_basis_points": "3.33"},
        needs_code=True,
        usage_limit=9,
        customer_limit=9,
        budget="100",
        campaign_id=campaign,
        quotas=(QuotaInput(PHONE, 9),),
        give_back=GiveBack(**policy),
    )
    entry = CodeInput(code="ONE", usage_limit=9)
    database.write(lambda c: create_codes(c, key, [entry], types=TYPES, now=NOW))
    return key


def counters(database: Database) -> tuple[Any, ...]:
    """Uses, money, the campaign's money, units, uses of the code, uses of the customer."""
    ((uses, money),) = rows(database, promotions, "usage_count", "budget_used_minor")
    found = [uses, money]
    for table, name in (
        (campaigns, "budget_used_minor"),
        (variant_quotas, "used"),
        (voucher_codes, "usage_count"),
        (customer_usages, "usage_count"),
    ):
        found += [row[0] for row in rows(database, table, name)]
    return tuple(found)


def buy(database: Database, sets: Any, paid: Paid, order_id: int = 1) -> None:
    place(database, sets, order_id, customer_id=4, codes=("ONE",), paid=paid)


@pytest.mark.parametrize(
    ("kept", "left"),
    [
        (Taken.USAGE, (1, 0, 0, 0, 0, 1)),
        (Taken.BUDGET, (0, 999, 999, 0, 0, 0)),
        (Taken.QUOTA, (0, 0, 0, 1, 0, 0)),
        (Taken.CODE, (0, 0, 0, 0, 1, 0)),
    ],
)
@pytest.mark.parametrize("paid", [Paid.NO, Paid.YES])
def test_an_order_gives_back_what_the_policy_of_its_state_says(
    database: Database, paid: Paid, kept: Taken, left: tuple[int, ...]
) -> None:
    sets = open_shop(database)
    given = tuple(one for one in Taken if one is not kept)
    when = "on_cancel" if paid is Paid.NO else "on_refund"
    other = "on_refund" if paid is Paid.NO else "on_cancel"
    limited(database, **{when: given, other: ()})
    buy(database, sets, paid)

    assert cancel(database, 1)

    assert counters(database) == left


def test_what_was_kept_counts_when_a_limit_is_counted_again(database: Database) -> None:
    sets = open_shop(database)
    key = limited(database, on_refund=())
    buy(database, sets, Paid.YES)
    before = counters(database)
    cancel(database, 1)
    wanted = PromotionChange(usage_limit=5, budget="50", quotas=(QuotaInput(PHONE, 5),))

    def change(connection: Connection) -> None:
        update_promotion(
            connection, key, wanted, expected_version=2, types=TYPES, actor=STAFF, now=NOW
        )

    database.write(change)

    assert counters(database) == before == (1, 999, 999, 1, 1, 1)


@pytest.mark.parametrize(
    ("commit_at", "is_committed"), [(CommitAt.PLACED, True), (CommitAt.PAID, False)]
)
def test_an_order_paid_on_delivery_counts_as_paid_when_the_policy_says_so(
    database: Database, commit_at: CommitAt, is_committed: bool
) -> None:
    sets = open_shop(database)
    limited(database, commit_at=commit_at)
    buy(database, sets, Paid.LATER)

    def committed() -> list[bool]:
        return [at is not None for (at,) in rows(database, redemptions, "committed_at")]

    assert committed() == [is_committed]
    database.write(lambda c: commit(c, order_id=1, paid=Paid.YES, now=NOW))
    assert committed() == [True]


@pytest.mark.parametrize("commit_at", list(CommitAt))
def test_so_does_one_that_is_to_be_paid_on_delivery_after_a_card_was_declined(
    database: Database, commit_at: CommitAt
) -> None:
    sets = open_shop(database)
    limited(database, commit_at=commit_at)
    buy(database, sets, Paid.NO)

    database.write(lambda c: commit(c, order_id=1, paid=Paid.LATER, now=NOW))

    ((at,),) = rows(database, redemptions, "committed_at")
    assert (at is not None) == (commit_at is CommitAt.PLACED)


def test_an_order_is_held_until_it_is_paid_and_not_committed_once_it_is_undone(
    database: Database,
) -> None:
    sets = open_shop(database)
    limited(database)
    buy(database, sets, Paid.NO)
    assert rows(database, redemptions, "committed_at", "released_at") == [(None, None)]

    cancel(database, 1)
    database.write(lambda c: commit(c, order_id=1, paid=Paid.YES, now=NOW))

    assert rows(database, redemptions, "committed_at", "released_at") == [(None, NOW + 5)]
