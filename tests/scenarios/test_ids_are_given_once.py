"""An id that was deleted is never another thing's: orders, rules and clients may still hold it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from tests.customers.people import hired
from tests.scenarios.catalog_door import OWNER, Built, Clerk
from tests.scenarios.people_door import open_door

CHANGE = "mutation ($input: %s!) { %s(input: $input) { %s userErrors { code message } } }"
# What each is deleted by, where that is not called after it.
DELETIONS = {"page": "contentDelete"}
KINDS = {"promotionDelete": "PromotionStepInput"}
MADE: dict[str, dict[str, Any]] = {
    "category": {"name": "Cups"},
    "collection": {"name": "Gifts"},
    "tag": {"name": "New"},
    "productType": {"name": "Pot"},
    "channel": {"name": "Korea", "currency": "KRW"},
    "warehouse": {"name": "South"},
    "customerGroup": {"name": "VIP", "slug": "vip"},
    "promotion": {"name": "Sale", "rule": {"percentage": {"percentOff": "5"}}},
    "campaign": {"name": "Spring", "currency": "CNY"},
    "page": {"title": "About us"},
}


@pytest.fixture
def shop(database_url: str, database: Database, tmp_path: Path) -> Iterator[Built]:
    hired(database, OWNER, "owner")
    with open_door(database_url, str(tmp_path)) as door:
        yield Built(Clerk(door))


def done(shop: Built, mutation: str, answer: str, given: dict[str, Any]) -> Any:
    """What a change answers that was made."""
    kind = KINDS.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
    payload = shop.clerk.ask(CHANGE % (kind, mutation, answer), input=given)
    assert payload.pop("userErrors") == []
    return next(iter(payload.values()))


@pytest.mark.parametrize("noun", MADE)
def test_the_id_of_something_deleted_is_not_given_again(shop: Built, noun: str) -> None:
    def made() -> str:
        return str(done(shop, f"{noun}Create", f"{noun} {{ id }}", MADE[noun])["id"])

    first = made()
    done(shop, DELETIONS.get(noun, f"{noun}Delete"), "deletedId", {"id": first})
    second = made()
    done(shop, DELETIONS.get(noun, f"{noun}Delete"), "deletedId", {"id": second})

    assert len({first, second, made()}) == 3


def test_a_new_product_and_its_variants_are_none_that_were_sold_before(shop: Built) -> None:
    first = shop.product()
    shop.clerk.make("productDelete", id=first["id"])
    second = shop.product()

    assert second["id"] != first["id"]
    assert second["variants"][0]["id"] != first["variants"][0]["id"]
