"""Every list at the root pages both ways with the same cursors, over HTTP on the demo shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from storeql.demo.accounts import PASSWORD, SHOPPER
from tests.demo_door import open_demo, owner_token
from tests.root_fields import ROOTS, Field, call_of, fields_of, opaque, sdl_schema
from tests.scenarios.people_door import Door

OF_A_CUSTOMER = {"myOrders", "sessions"}
VOUCHER, DRAFT = opaque("Promotion", 1), opaque("Promotion", 5)
GIVEN = {
    "*promotionId": VOUCHER,
    "*variantId": opaque("ProductVariant", 1),
    "*place": "home-top",
    "*priceListId": opaque("PriceList", 1),
}
# Whose list it is, where that is an object of one kind; without one the list is passed over.
OF_ONE = {
    "contentRevisions": opaque("Page", 1),
    "promotionFindings": DRAFT,
    "promotionVersions": DRAFT,
}
# Two of everything that the demo has none of.
FURNISHING = (
    *(("appTokenCreate", {"name": name, "permissions": ["MANAGE_STOCK"]}) for name in "ab"),
    *(("priceFloorSet", {"rule": {"cost": {}}, "productId": opaque("Product", n)}) for n in (1, 2)),
    *(
        ("voucherBatchGenerate", {"promotionId": VOUCHER, "codes": 10, "idempotencyKey": key})
        for key in "ab"
    ),
    ("voucherOfferSet", {"promotionId": VOUCHER, "claimLimit": 10}),
    ("promotionCreate", {"name": "五折", "kind": "PERCENTAGE"}),
    (
        "promotionUpdate",
        {"id": DRAFT, "expectedVersion": 1, "rule": {"percentage": {"percentOff": "50"}}},
    ),
    *(
        (
            "promotionSimulate",
            {
                "promotionId": VOUCHER,
                "from": "2026-01-01T00:00:00Z",
                "to": "2026-02-01T00:00:00Z",
                "idempotencyKey": key,
            },
        )
        for key in "ab"
    ),
)
PAGE = "edges { cursor } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount"


def is_connection(field: Field) -> bool:
    definition = sdl_schema().type_map["Query"].fields[field.name]  # type: ignore[attr-defined]
    return str(definition.type).rstrip("!").endswith("Connection")


LISTS = [field.name for field in fields_of(ROOTS[0]) if is_connection(field)]


class Page(NamedTuple):
    """The cursors of a page, and whether there is more on either side."""

    cursors: list[str]
    more: bool
    came: bool
    total: int


class Lister:
    """Asks for pages of one list."""

    def __init__(self, door: Door, token: str, name: str) -> None:
        self._door, self._token = door, token
        [field] = [one for one in fields_of("Query") if one.name == name]
        owner = {"*id": OF_ONE[name]} if name in OF_ONE else {}
        call = call_of(field, GIVEN | owner)
        if not owner and "id" in call.variables:
            pytest.skip("the demo has nothing that this is a list of")
        self._query, self._variables = call.query, call.variables
        self._name = name

    def page(self, **window: int | str) -> Page:
        """The page that first, after, last and before cut out."""
        cut = ", ".join(f"{key}: {_literal(value)}" for key, value in window.items())
        head, _, _ = self._query.partition(" { __typename }")
        asked = f"{head[:-1]}, {cut})" if head.endswith(")") else f"{head}({cut})"
        answer: Any = self._door.ask(f"{asked} {{ {PAGE} }} }}", self._token, **self._variables)
        cursors, info = [edge["cursor"] for edge in answer["edges"]], answer["pageInfo"]
        ends = (cursors[0], cursors[-1]) if cursors else (None, None)
        assert (info["startCursor"], info["endCursor"]) == ends
        return Page(cursors, info["hasNextPage"], info["hasPreviousPage"], answer["totalCount"])


def _literal(value: int | str) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


@pytest.fixture(scope="module")
def door(migrated_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Door]:
    with open_demo(migrated_file, tmp_path_factory.mktemp("lists")) as opened:
        yield opened


@pytest.fixture(scope="module")
def owner(door: Door) -> str:
    token = owner_token(door)
    for mutation, given in FURNISHING:
        kind = sdl_schema().mutation_type.fields[mutation].args["input"].type  # type: ignore[union-attr]
        call = f"{mutation}(input: $input) {{ userErrors {{ message }} }}"
        query = f"mutation ($input: {kind}) {{ {call} }}"
        assert door.ask(query, token, input=given) == {"userErrors": []}
    return token


@pytest.fixture(scope="module")
def shopper(door: Door) -> str:
    sign_in = """
      mutation ($input: SignInInput!) { customerSignIn(input: $input) { token } }"""
    given = {"email": SHOPPER.email, "password": PASSWORD}
    return str(door.ask(sign_in, input=given)["token"])


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_the_same_forward_backward_and_whole(
    door: Door, owner: str, shopper: str, name: str
) -> None:
    lister = Lister(door, shopper if name in OF_A_CUSTOMER else owner, name)
    whole = lister.page(first=100).cursors
    if not whole:
        pytest.skip("the demo has none of these")
    assert len(set(whole)) == len(whole)
    step = max(1, len(whole) // 3)

    page = lister.page(first=step)
    assert (page.came, page.total >= len(whole)) == (False, True)
    found = list(page.cursors)
    while page.more and len(found) < len(whole):
        page = lister.page(first=step, after=found[-1])
        assert page.came
        found += page.cursors
    assert found[: len(whole)] == whole

    if page.total > len(whole):
        return
    page = lister.page(last=step)
    assert page.more is False
    backward = list(page.cursors)
    while page.came:
        page = lister.page(last=step, before=backward[0])
        backward = [*page.cursors, *backward]
    assert backward == whole


@pytest.mark.parametrize("name", LISTS)
def test_a_cursor_of_another_list_is_refused(
    door: Door, owner: str, shopper: str, name: str
) -> None:
    lister = Lister(door, shopper if name in OF_A_CUSTOMER else owner, name)
    answer = door.answer("{ products(first: 1, sort: { by: PRICE }) { edges { cursor } } }")
    foreign = answer["data"]["products"]["edges"][0]["cursor"]
    with pytest.raises(AssertionError, match="BAD_USER_INPUT"):
        lister.page(first=1, after=foreign)
