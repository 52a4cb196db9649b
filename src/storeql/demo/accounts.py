"""How to get into the demo shop: passwords that everybody knows, for development only."""

from __future__ import annotations

from msgspec import Struct
from sqlalchemy import select

from storeql.customers.passwords import PASSWORDS, Passwords
from storeql.customers.tables import staff_members
from storeql.db import Database, any_of, statement

PASSWORD = "welcome-to-the-demo"
CART_TOKEN = "demo-cart-for-development-only"
VOUCHER_CODE = "WELCOME20"


class Account(Struct, frozen=True):
    """Somebody who can sign in; `role` is a staff role, or `customer`."""

    email: str
    role: str
    name: str = ""
    password: str = PASSWORD


STAFF = (
    Account("owner@example.com", "owner", "沈清 Shen Qing"),
    Account("orders@example.com", "orders", "何知夏 He Zhixia"),
    Account("warehouse@example.com", "warehouse", "周山 Zhou Shan"),
    Account("marketing@example.com", "marketing", "许乐天 Xu Letian"),
)
SHOPPER = Account("shopper@example.com", "customer")

_HASHES = statement(
    select(staff_members.c.password_hash).where(
        any_of(staff_members.c.email, "emails"), staff_members.c.is_active
    )
)


def has_demo_password(database: Database, *, passwords: Passwords = PASSWORDS) -> bool:
    """True while one of the demo's staff accounts still opens with its known password."""
    with database.reading() as connection:
        kept = connection.rows(_HASHES, emails=[account.email for account in STAFF])
    return any(passwords.verify(password_hash, PASSWORD) for (password_hash,) in set(kept))
