"""Campaigns in the schema: read and written by marketing, named by promotions."""

from typing import Annotated, Any, TypeAlias

import strawberry
from strawberry.types import Info

from storeql.access import Permission
from storeql.db import Connection as Database
from storeql.db import Selection
from storeql.promotions.campaigns import reads as domain
from storeql.promotions.campaigns.save import (
    CampaignChange,
    create_campaign,
    delete_campaign,
    update_campaign,
)
from storeql.schema.connection import After, Before, Connection, First, Last, page_request
from storeql.schema.fields import answers, argument, attribute, field, pure
from storeql.schema.ids import Node, row_of
from storeql.schema.money import Money, money, money_or_none
from storeql.schema.mutation import UserError, context_of, mutation, run, user_errors
from storeql.schema.node import refetches
from storeql.schema.optional import kept, kept_or_null, optional
from storeql.schema.scalars import CurrencyCode, DateTime, Decimal
from storeql.schema.selection import selection_of

Info_: TypeAlias = Info[Any, Any]
PROMOTIONS = Permission.MANAGE_PROMOTIONS


@strawberry.type(description="Promotions that belong together and share a budget.")
@answers(domain.Campaign)
class Campaign(Node):
    """A campaign."""

    name: str = attribute("The name staff see.")
    description: str = attribute("Notes for staff.")
    currency: CurrencyCode = attribute("The currency of its budget and of all its promotions.")
    starts_at: DateTime | None = attribute("Its promotions start no earlier; null for any time.")
    ends_at: DateTime | None = attribute("Its promotions end no later; null for any time.")
    promotion_count: int = attribute("How many promotions belong to it.")
    created_at: DateTime = attribute("When it was set up.")
    updated_at: DateTime = attribute("When it was last changed.")
    version: int = attribute("Raised by every change; give it as `expectedVersion`.")

    @pure("The most its promotions may grant in all; null for no limit.")
    def budget(self: domain.Campaign) -> Money | None:
        return money_or_none(self.budget_minor, self.currency)

    @pure("What its promotions granted to orders that hold it now.")
    def granted(self: domain.Campaign) -> Money:
        return money(self.granted_minor, self.currency)

    @pure("What is left of the budget; null for no limit.")
    def remaining(self: domain.Campaign) -> Money | None:
        left = None if self.budget_minor is None else self.budget_minor - self.granted_minor
        return money_or_none(left, self.currency)


@strawberry.input(description="A new campaign.")
class CampaignCreateInput:
    """A campaign to set up."""

    name: str = strawberry.field(description="The name staff see.")
    currency: CurrencyCode = strawberry.field(description="The currency of all its promotions.")
    description: str | None = optional("Notes for staff, at most 2000 characters.")
    starts_at: DateTime | None = optional("Its promotions start no earlier.")
    ends_at: DateTime | None = optional("Its promotions end no later.")
    budget: Decimal | None = optional("The most its promotions may grant; null for no limit.")


@strawberry.input(description="What to change; fields left out stay as they are.")
class CampaignUpdateInput:
    """A change of a campaign."""

    id: strawberry.ID = strawberry.field(description="The campaign's id.")
    expected_version: int = strawberry.field(description="The version that was read.")
    name: str | None = optional("The name staff see.")
    currency: CurrencyCode | None = optional("Only while no promotion belongs to it.")
    description: str | None = optional("Notes for staff, at most 2000 characters.")
    starts_at: DateTime | None = optional("Its promotions start no earlier; null for any time.")
    ends_at: DateTime | None = optional("Its promotions end no later; null for any time.")
    budget: Decimal | None = optional("Never below what orders hold; null for no limit.")


@strawberry.input(description="A campaign to delete.")
class CampaignDeleteInput:
    """A campaign, as it was read."""

    id: strawberry.ID = strawberry.field(description="The campaign's id.")
    expected_version: int | None = strawberry.field(
        default=None, description="The version that was read; any when left out."
    )


@strawberry.type(description="A campaign after a change.")
class CampaignPayload:
    """What a change of a campaign answers."""

    campaign: Campaign | None = attribute("The campaign after the change.")
    user_errors: list[UserError] = user_errors()


@strawberry.type(description="A campaign that was deleted.")
class CampaignDeletePayload:
    """What deleting a campaign answers."""

    deleted_id: strawberry.ID | None = attribute("The id of what is gone.")
    user_errors: list[UserError] = user_errors()


@strawberry.type
class CampaignQuery:
    """Root fields about campaigns."""

    @field("Campaigns, newest first.", PROMOTIONS)
    def campaigns(
        self,
        info: Info_,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
    ) -> Connection[Campaign] | None:
        return domain.campaigns_page(  # type: ignore[return-value]
            context_of(info).connection,
            selection_of(info),
            page=page_request(first, after, last, before),
        )

    @field("One campaign; null when there is none.", PROMOTIONS)
    def campaign(
        self, info: Info_, id: Annotated[strawberry.ID, argument("The campaign's id.")]
    ) -> Campaign | None:
        row = row_of("Campaign", id)
        found = domain.campaigns_by_id(context_of(info).connection, [row], selection_of(info))
        return found.get(row)  # type: ignore[return-value]


@strawberry.type
class CampaignMutation:
    """Mutations of campaigns."""

    @mutation("Sets up a campaign.", PROMOTIONS)
    def campaign_create(
        self, info: Info_, input: Annotated[CampaignCreateInput, argument("The campaign.")]
    ) -> CampaignPayload | None:
        change, now = _change(input), context_of(info).now

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            row = create_campaign(connection, change, now=now)
            return _read(connection, row, selection)

        return run(info, CampaignPayload, work)

    @mutation("Changes a campaign, also while its promotions run.", PROMOTIONS)
    def campaign_update(
        self, info: Info_, input: Annotated[CampaignUpdateInput, argument("The change.")]
    ) -> CampaignPayload | None:
        row, change, now = row_of("Campaign", input.id), _change(input), context_of(info).now

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            update_campaign(
                connection, row, change, expected_version=input.expected_version, now=now
            )
            return _read(connection, row, selection)

        return run(info, CampaignPayload, work)

    @mutation("Deletes a campaign that no promotion belongs to.", PROMOTIONS)
    def campaign_delete(
        self, info: Info_, input: Annotated[CampaignDeleteInput, argument("Which one.")]
    ) -> CampaignDeletePayload | None:
        row = row_of("Campaign", input.id)

        def work(connection: Database, selection: Selection) -> dict[str, Any]:
            delete_campaign(connection, row, expected_version=input.expected_version)
            return {"deleted_id": input.id}

        return run(info, CampaignDeletePayload, work)


@refetches("Campaign")
def campaigns(info: Info_, rows: list[int]) -> dict[int, Any]:
    """Campaigns, for staff who manage promotions."""
    context = context_of(info)
    if PROMOTIONS not in context.granted:
        return {}
    return domain.campaigns_by_id(context.connection, rows, selection_of(info))


def _change(typed: CampaignCreateInput | CampaignUpdateInput) -> CampaignChange:
    return CampaignChange(
        name=kept(typed.name),
        description=kept(typed.description),
        currency=kept(typed.currency),
        starts_at=kept_or_null(typed.starts_at),
        ends_at=kept_or_null(typed.ends_at),
        budget=kept_or_null(typed.budget),
    )


def _read(connection: Database, row: int, selection: Selection) -> dict[str, Any]:
    found = domain.campaigns_by_id(connection, [row], selection.of("campaign"))
    return {"campaign": found.get(row)}
