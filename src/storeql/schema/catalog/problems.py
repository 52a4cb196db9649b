"""User errors about the catalogue that carry data."""

import strawberry

from storeql.catalog import problems
from storeql.schema.fields import answers, attribute
from storeql.schema.problems import UserError


@strawberry.type(
    name="AttributeRequired", description="A product of this type must have this attribute."
)
@answers(problems.AttributeRequired)
class AttributeRequiredError(UserError):
    """A missing attribute value."""

    attribute: str = attribute("The attribute's slug.")


@strawberry.type(name="InUse", description="Something cannot go while others need it.")
@answers(problems.InUse)
class InUseError(UserError):
    """What is still needed."""

    count: int = attribute("How many need it.")
    what: str = attribute(
        "What they are: products, categories, orders, carts, promotions or stock movements."
    )


@strawberry.type(
    name="StockReserved", description="Pieces are promised to orders and have to stay."
)
@answers(problems.StockReserved)
class StockReservedError(UserError):
    """Stock that is not free."""

    on_hand: int = attribute("Pieces on hand now.")
    reserved: int = attribute("Pieces of them that orders wait for.")


@strawberry.type(name="StockChanged", description="Stock moved since it was read.")
@answers(problems.StockChanged)
class StockChangedError(UserError):
    """A level that is not what was expected."""

    on_hand: int = attribute("Pieces on hand now.")


CATALOG_PROBLEMS: list[type] = [
    AttributeRequiredError,
    InUseError,
    StockReservedError,
    StockChangedError,
]
