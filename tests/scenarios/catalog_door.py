"""A member of staff who builds a shop's catalogue through HTTP."""

from __future__ import annotations

from typing import Any

from tests.scenarios.people_door import Door

OWNER = "owner@example.cn"
ERRORS = """
userErrors {
  __typename code field index message
  ... on StaleVersion { current }
  ... on AttributeRequired { attribute }
  ... on InUse { count what }
  ... on StockReserved { onHand reserved }
  ... on StockChanged { now: onHand }
}"""
PRODUCT = """
product {
  id slug name description version publishedAt price { amount currency }
  options { name values }
  variants {
    id sku name version availableStock
    price { amount currency } compareAtPrice { amount } cost { amount }
    stockLevels { warehouse { slug } onHand reserved available }
  }
  productType { slug } attributes { slug value } categories { slug } tags { slug }
  collections { slug } publications { channel { slug } publishedAt }
}"""
VARIANTS = """
productVariants {
  sku price { amount currency }
  stockLevels { warehouse { slug } onHand reserved available }
}"""
# What each mutation answers besides its errors.
ANSWERS = {
    "productCreate": PRODUCT,
    "productUpdate": PRODUCT,
    "productPublish": PRODUCT,
    "productUnpublish": PRODUCT,
    "productDelete": "deletedId",
    "productVariantCreate": "productVariant { id sku name version options { name value } }",
    "productVariantUpdate": "productVariant { id sku name version options { name value } }",
    "productVariantDelete": "deletedId product { version options { name values } }",
    "variantPricesSet": VARIANTS,
    "stockAdjust": VARIANTS,
    "productTypeCreate": "productType { id slug version attributes { slug kind choices unit } }",
    "productTypeUpdate": "productType { id slug version attributes { slug kind choices unit } }",
    "productTypeDelete": "deletedId",
    "categoryCreate": "category { id slug version ancestors { slug } }",
    "categoryUpdate": "category { id slug name version ancestors { slug } }",
    "categoryMove": "category { id slug version ancestors { slug } }",
    "categoryDelete": "deletedId",
    "collectionCreate": "collection { id slug version }",
    "collectionUpdate": "collection { id slug name description version }",
    "collectionDelete": "deletedId",
    "collectionProductsAdd": "collection { id version }",
    "collectionProductsRemove": "collection { id version }",
    "collectionProductsReorder": "collection { id version }",
    "tagCreate": "tag { id slug version }",
    "tagUpdate": "tag { id slug name version }",
    "tagDelete": "deletedId",
    "tagProductsAdd": "tag { id }",
    "tagProductsRemove": "tag { id }",
    "channelCreate": "channel { id slug currency isActive isDefault version }",
    "channelUpdate": "channel { id slug isActive isDefault version }",
    "warehouseCreate": "warehouse { id slug version }",
    "channelDelete": "deletedId",
    "warehouseUpdate": "warehouse { id slug name version }",
    "warehouseDelete": "deletedId",
}
# Mutations whose input type is not called after themselves.
INPUTS = {
    "collectionProductsAdd": "CollectionProductsInput",
    "collectionProductsRemove": "CollectionProductsInput",
    "tagProductsAdd": "TagProductsInput",
    "tagProductsRemove": "TagProductsInput",
}


def document(mutation: str) -> str:
    """A mutation that asks for everything the stories look at."""
    kind = INPUTS.get(mutation, f"{mutation[0].upper()}{mutation[1:]}Input")
    answer = ANSWERS[mutation]
    return f"mutation ($input: {kind}!) {{ {mutation}(input: $input) {{ {answer} {ERRORS} }} }}"


class Clerk:
    """Someone at the door with a role, and the ids of what they made."""

    def __init__(self, door: Door, email: str = OWNER) -> None:
        self.door = door
        self.token = door.staff(email)

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the one root field."""
        return self.door.ask(query, self.token, **variables)

    def send(self, mutation: str, **given: Any) -> Any:
        """The payload of a mutation."""
        return self.ask(document(mutation), input=given)

    def make(self, mutation: str, **given: Any) -> Any:
        """What a mutation answers first; fails when there are user errors."""
        payload = self.send(mutation, **given)
        assert payload.pop("userErrors") == []
        return next(iter(payload.values()))

    def errors(self, mutation: str, **given: Any) -> list[dict[str, Any]]:
        """The errors of a mutation that changed nothing."""
        payload = self.send(mutation, **given)
        errors: list[dict[str, Any]] = payload.pop("userErrors")
        assert errors
        assert all(value is None for value in payload.values())
        return errors

    def codes(self, mutation: str, **given: Any) -> dict[str, str]:
        """Code by field of a mutation that changed nothing."""
        errors = self.errors(mutation, **given)
        return {".".join(error["field"] or ()): error["code"] for error in errors}


class Built:
    """Ids of a shop with channels in three currencies, a warehouse, and a type for cups."""

    def __init__(self, clerk: Clerk) -> None:
        self.clerk = clerk
        self.cny = clerk.make("channelCreate", name="China", slug="cn", currency="CNY")["id"]
        self.kwd = clerk.make("channelCreate", name="Kuwait", slug="kw", currency="KWD")["id"]
        self.jpy = clerk.make("channelCreate", name="Japan", slug="jp", currency="JPY")["id"]
        self.house = clerk.make("warehouseCreate", name="North")["id"]
        self.cups = clerk.make(
            "productTypeCreate",
            name="Cup",
            attributes=[
                {"name": "Volume", "kind": "NUMBER", "unit": "ml", "isRequired": True},
                {"name": "Material", "kind": "SELECT", "choices": ["glass", "clay"]},
            ],
        )["id"]

    def variant(self, sku: str, **bent: Any) -> dict[str, Any]:
        """A variant for 19.90 CNY, five pieces of it."""
        return {
            "sku": sku,
            "prices": [{"channelId": self.cny, "price": "19.90"}],
            "stock": [{"warehouseId": self.house, "onHand": 5}],
        } | bent

    def cup(self, **bent: Any) -> dict[str, Any]:
        """The input of a product that is right as it is."""
        return {
            "productTypeId": self.cups,
            "name": "Tea cup",
            "description": "For tea.",
            "attributes": [{"attribute": "volume", "value": "250"}],
            "variants": [self.variant("CUP-1")],
        } | bent

    def product(self, **bent: Any) -> Any:
        """A product that was added."""
        return self.clerk.make("productCreate", **self.cup(**bent))
