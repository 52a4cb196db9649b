"""Who sends: the shop as it says of itself."""

from __future__ import annotations

from msgspec import Struct

from storeql.db import Connection
from storeql.storefront.profile import shop_profile_now


class Sender(Struct, frozen=True):
    """The name, number and place on papers; empty where the shop does not say."""

    name: str = ""
    phone: str = ""
    place: str = ""


def sender_of(connection: Connection) -> Sender:
    """What the shop says of itself, for papers."""
    shop = shop_profile_now(connection)
    at = shop.address
    parts = () if at is None else (at.region, at.city, at.district, at.street)
    return Sender(shop.name or shop.legal_name, shop.phone, " ".join(filter(None, parts)))
