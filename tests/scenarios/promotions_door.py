"""The shop behind HTTP for stories of promotions: products, marketing staff, maybe plugins."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from storeql.app import create_app
from storeql.settings import Settings
from tests.scenarios.people_door import SECRET, Clock, Door

MARKETING = "marketing@example.cn"

PROMOTION = """
  id name kind lane status isRunning currency priority version requiresCode
  startsAt endsAt usageLimit usageCount customerLimit codeCount
  budget { amount currency } granted { amount }
  rule {
    kind
    ... on SpendThresholdRule {
      tiers { from { amount currency } off { amount } } repeating mostOff { amount }
    }
    ... on PercentageRule { percentOff }
    ... on GiftWithPurchaseRule { gifts fromQuantity spend: from { amount } }
    ... on UnknownRule { json }
  }
  scope { include { productIds tagIds } exclude { productIds } }
  audience { channels groupIds weekdays fromMinute untilMinute minimumQuantity }
  funders { name percent }
  giftStocks { variantId quantity used remaining }
  quotas { variantId quantity used remaining }
"""
ERRORS = "userErrors { code message field index ... on StaleVersion { current } }"


def changing(verb: str) -> str:
    """The mutation document of `promotionCreate` and its like."""
    kind = {"Create": "Create", "Update": "Update"}.get(verb, "Step")
    return f"""
    mutation ($input: Promotion{kind}Input!) {{
      promotion{verb}(input: $input) {{ promotion {{ {PROMOTION} }} {ERRORS} }}
    }}"""


@contextmanager
def promotions_door(
    database_url: str, media_dir: Path, *, plugins: Sequence[object] = ()
) -> Iterator[Door]:
    """A running shop on a migrated database, with these plugins given to it."""
    settings = Settings(database_url=database_url, media_dir=str(media_dir), secret=SECRET)
    clock = Clock()
    with TestClient(create_app(settings, clock=clock, plugins=plugins)) as http:
        yield Door(http, clock)


class Marketing:
    """A member of marketing at the door."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.token = door.staff(MARKETING)

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the one root field."""
        return self.door.ask(query, self.token, **variables)

    def create(self, **given: Any) -> dict[str, Any]:
        """The new promotion."""
        return self.change("Create", **given)

    def change(self, verb: str, **given: Any) -> dict[str, Any]:
        """The promotion after the change; fails when there are user errors."""
        payload = self.ask(changing(verb), input=given)
        assert payload["userErrors"] == []
        promotion: dict[str, Any] = payload["promotion"]
        return promotion

    def errors(self, verb: str, **given: Any) -> dict[str, str]:
        """Code by field of a change that was refused."""
        payload = self.ask(changing(verb), input=given)
        assert payload["promotion"] is None
        return {".".join(error["field"] or ()): error["code"] for error in payload["userErrors"]}

    def running(self, **given: Any) -> dict[str, Any]:
        """A new promotion that is switched on."""
        return self.change("Activate", id=self.create(**given)["id"])
