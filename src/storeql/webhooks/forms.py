"""What staff and apps say of a subscription, checked all at once."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import UNSET, Struct, UnsetType
from sqlalchemy import bindparam, select

from storeql.access import Actor
from storeql.catalog.tables import channels
from storeql.db import Connection, statement
from storeql.events import EventKinds
from storeql.inputs import Fields
from storeql.webhooks.addresses import Reach, check_url
from storeql.webhooks.selections import LONGEST, Selections, text_of

MOST_KINDS = 200

_CHANNEL = statement(select(channels.c.id).where(channels.c.id == bindparam("id")))


class SubscriptionChange(Struct, frozen=True, kw_only=True):
    """Fields of a subscription; one left UNSET stays as it is, or is empty in a new one.

    `kinds` are names of events, `document` is the selection, empty for the plain one.
    """

    name: str | UnsetType = UNSET
    url: str | UnsetType = UNSET
    kinds: Sequence[str] | UnsetType = UNSET
    channel_id: int | UnsetType | None = UNSET
    document: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


class Settled(Struct, frozen=True, kw_only=True):
    """A subscription as it is to be."""

    name: str = ""
    url: str = ""
    kinds: tuple[str, ...] = ()
    channel_id: int | None = None
    document: str = ""
    is_active: bool = True


class Rules(Struct, frozen=True, kw_only=True):
    """What a subscription is held to: the shop's events, its schema, where it may send."""

    kinds: EventKinds
    selections: Selections
    reach: Reach


def looked_up(change: SubscriptionChange, fields: Fields, *, rules: Rules) -> SubscriptionChange:
    """The change with its address checked, which asks the network: before any transaction."""
    if change.url is UNSET:
        return change
    return msgspec.structs.replace(change, url=check_url(fields, change.url, reach=rules.reach))


def settled(
    connection: Connection,
    before: Settled,
    change: SubscriptionChange,
    *,
    fields: Fields,
    rules: Rules,
    owner: Actor,
) -> Settled:
    """The subscription after a change, with everything noted that its owner may not have."""
    given = {
        name: value
        for name in SubscriptionChange.__struct_fields__
        if (value := getattr(change, name)) is not UNSET
    }
    if "name" in given:
        given["name"] = fields.line("name", given["name"])
    if "document" in given:
        given["document"] = fields.block("query", given["document"], most=LONGEST)
    if "kinds" in given:
        fields.count("kinds", given["kinds"], least=1, most=MOST_KINDS)
        given["kinds"] = tuple(dict.fromkeys(given["kinds"]))
    after = msgspec.structs.replace(before, **given)
    if change.channel_id and connection.one(_CHANNEL, id=change.channel_id) is None:
        fields.missing("channel", "channelId")
    _check_kinds(fields, after, rules, owner)
    rules.selections.check(fields, text_of(after.document), granted=owner.permissions)
    return after


def _check_kinds(fields: Fields, wanted: Settled, rules: Rules, owner: Actor) -> None:
    for place, name in enumerate(wanted.kinds[:MOST_KINDS]):
        kind = rules.kinds.get(name)
        if kind is None:
            fields.report("NOT_FOUND", "There is no such event.", "kinds", str(place))
        elif kind.permission.value not in owner.permissions:
            message = f"To hear of {name} the owner needs {kind.permission.value}."
            fields.report("NOT_PERMITTED", message, "kinds", str(place))
