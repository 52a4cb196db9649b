"""User errors about carts that carry data: who refuses a change, and why."""

import strawberry

from storeql.carts import problems
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.ids import opaque_id
from storeql.schema.problems import UserError
from storeql.schema.promotions.words import LocalizedText


@strawberry.type(name="CartChangeRefused", description="A plugin does not allow the change.")
@answers(problems.CartChangeRefused)
class CartChangeRefusedError(UserError):
    """A change of a cart that was not made."""

    reason: LocalizedText = attribute("Why not, for the buyer.")
    plugin: str = attribute("The plugin that refuses it.")

    @pure("The variant it is about, if it is about one.")
    def variant_id(self: problems.CartChangeRefused) -> strawberry.ID | None:
        return None if self.variant_id is None else opaque_id("ProductVariant", self.variant_id)


CART_PROBLEMS: list[type] = [CartChangeRefusedError]
