"""What the shop says of itself: its name, whom to write to, where it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from msgspec import UNSET, Struct
from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from storeql.customers.address import (
    Address,
    checked_address,
    decode_address,
    encode_address,
)
from storeql.customers.fields import PersonFields
from storeql.db import Connection, statement
from storeql.errors import Rejected, StaleVersion
from storeql.storefront.tables import shop_profile

ONLY_ROW = 1
LONGEST_ABOUT = 2_000

_profile = shop_profile.c
COLUMNS = ("name", "legal_name", "about", "email", "phone", "address")
_READ = statement(select(*(_profile[name] for name in COLUMNS), _profile.version))
# A shop that never said anything has no row yet.
_BEGIN = statement(
    insert(shop_profile).values(id=ONLY_ROW, updated_at=bindparam("now")).on_conflict_do_nothing()
)
_SAVE = statement(
    update(shop_profile)
    .where(_profile.id == ONLY_ROW, _profile.version == bindparam("seen"))
    .values(version=_profile.version + 1),
    *COLUMNS,
    "updated_at",
)


class ShopProfile(Struct, frozen=True, kw_only=True):
    """The shop as people outside see it; empty texts where it says nothing."""

    name: str = ""
    legal_name: str = ""
    about: str = ""
    email: str = ""
    phone: str = ""
    address: Address | None = None
    version: int = 1


def shop_profile_now(connection: Connection) -> ShopProfile:
    """What the shop says of itself."""
    row = connection.one(_READ)
    if row is None:
        return ShopProfile()
    *texts, address, version = row
    return ShopProfile(
        **dict(zip(COLUMNS, texts, strict=False)),
        address=decode_address(address) if address else None,
        version=version,
    )


def update_profile(
    connection: Connection, change: Mapping[str, Any], *, expected_version: int, now: int
) -> None:
    """Changes what `change` names of a profile's fields; what is UNSET stays.

    Raises Rejected with all problems, StaleVersion among them.
    """
    before = shop_profile_now(connection)
    named = {name: value for name, value in change.items() if value is not UNSET}
    after = _checked(msgspec.structs.replace(before, **named))
    values = {name: getattr(after, name) for name in COLUMNS[:-1]}
    address = "" if after.address is None else encode_address(after.address)
    connection.run(_BEGIN, now=now)
    saved = connection.run(_SAVE, **values, address=address, updated_at=now, seen=expected_version)
    if not saved:
        raise Rejected([_stale(shop_profile_now(connection).version)])


def _checked(given: ShopProfile) -> ShopProfile:
    fields = PersonFields()
    texts = {
        "name": fields.line("name", given.name, required=False),
        "legal_name": fields.line("legalName", given.legal_name, required=False),
        "about": fields.block("about", given.about, most=LONGEST_ABOUT),
        "email": fields.email("email", given.email) if given.email.strip() else "",
        "phone": fields.phone("phone", given.phone),
    }
    address = given.address
    if address is not None:
        address, problems = checked_address(address, "address")
        fields.problems += problems
    fields.refuse_problems()
    return ShopProfile(**texts, address=address, version=given.version)


def _stale(version: int) -> StaleVersion:
    message = f"This changed after you read it: its version is {version} now."
    return StaleVersion(message=message, field=("expectedVersion",), current=version)
