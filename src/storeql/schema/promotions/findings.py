"""What the linter says of a promotion: asked for by itself, or with a change."""

from collections.abc import Sequence
from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection as DbConnection
from storeql.db.paging import page_of_list
from storeql.promotions import lint
from storeql.promotions.lint import Linter, Severity, findings
from storeql.promotions.set_up.stored import read_promotion
from storeql.promotions.types import PromotionTypes
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.mutation import context_of
from storeql.schema.promotions.words import LocalizedText
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
FINDING = "FINDING"

strawberry.enum(
    Severity,
    name="FindingSeverity",
    description="BLOCKING: it cannot be activated like this. WARNING: it can, but look at it.",
)


@strawberry.type(description="A promotion that a finding is about.")
@answers(findings.NamedPromotion)
class FindingPromotion:
    """A promotion by name."""

    name: str = attribute("The promotion's name.")

    @pure("The promotion's id.")
    def promotion_id(self: findings.NamedPromotion) -> strawberry.ID:
        return opaque_id("Promotion", self.promotion_id)


@strawberry.type(description="Something to look at before a promotion runs.")
@answers(lint.Finding)
class PromotionFinding:
    """A finding of the linter."""

    code: str = attribute("A stable code, such as BELOW_COST, SHADOWED or NEVER_OPEN.")
    severity: Severity = attribute("Whether it keeps the promotion from being activated.")
    message: LocalizedText = attribute("What it is, for staff.")
    promotions: Sequence[FindingPromotion] = attribute("What it is about, the one tried first.")

    @pure("Variants that show it, the worst first; at most 10.")
    def variant_ids(self: lint.Finding) -> list[strawberry.ID]:
        return [opaque_id("ProductVariant", row) for row in self.variant_ids]


def linter_of(info: Info_, connection: DbConnection, types: PromotionTypes) -> Linter:
    """A linter beside the promotions that are switched on; make it before anything is written.

    The active set is kept by the process: it must not hold what a transaction may still undo.
    """
    context = context_of(info)
    desk = context.shop.price_desk
    active = desk.active_sets.current(connection)
    return Linter(active=active, types=types, zone=desk.zone, now=context.now)


def warnings_of(connection: DbConnection, row: int, linter: Linter | None) -> Any:
    """What there is to say of a promotion that was just written; None without a linter."""
    stored = None if linter is None else read_promotion(connection, row, linter.types)
    return None if linter is None or stored is None else linter.findings(connection, stored)


def finding_query(types: PromotionTypes) -> type:
    """The root field that lints, for the kinds of one shop."""

    @strawberry.type
    class PromotionFindingQuery:
        @field(
            "What there is to say of a promotion before it runs, blocking findings first: tried on "
            "the catalogue and beside the promotions that are switched on.",
            Permission.MANAGE_PROMOTIONS,
        )
        def promotion_findings(
            self,
            info: Info_,
            id: Annotated[strawberry.ID, argument("The promotion's id.")],
            first: First = None,
            after: After = None,
            last: Last = None,
            before: Before = None,
        ) -> Connection[PromotionFinding] | None:
            connection, row = context_of(info).connection, row_of("Promotion", id)
            stored = read_promotion(connection, row, types)
            linter = linter_of(info, connection, types)
            found = () if stored is None else linter.findings(connection, stored)
            page = page_request(first, after, last, before)
            return page_of_list(  # type: ignore[return-value]
                found, page, selection_of(info), sort=FINDING
            )

    return PromotionFindingQuery
