"""Somebody of every kind that a shop knows, for sweeps over what each of them may do."""

from __future__ import annotations

from typing import Any

from storeql.access import BUILT_IN_ROLES
from storeql.customers.sessions import Client, begin_session
from storeql.customers.staff.app_tokens import NewAppToken, create_app_token
from storeql.customers.staff.grants import OPERATOR
from storeql.db import Connection, Database
from tests.customers.people import NOW, hired, registered
from tests.scenarios.people_door import SECRET

APP_PERMISSION = "MANAGE_STOCK"
ACTORS = ("guest", "customer", "staff without a role", "app", *BUILT_IN_ROLES)


class Everybody:
    """Somebody of every kind, each with a fresh session for every call: calls may sign out."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.granted: dict[str, frozenset[str]] = {"guest": frozenset()}
        self._ids: dict[str, dict[str, int]] = {}
        self._add("customer", {"CUSTOMER"}, customer_id=registered(database).account_id)
        nobody = hired(database, "nobody@example.cn")
        self._add("staff without a role", {"STAFF"}, staff_id=nobody)
        for role, permissions in BUILT_IN_ROLES.items():
            staff_id = hired(database, f"{role}@example.cn", role)
            self._add(role, permissions | {"STAFF"}, staff_id=staff_id)
        self.granted["app"] = frozenset({APP_PERMISSION})

    def token(self, actor: str) -> str:
        """A token for one call; empty for guests."""
        if actor == "guest":
            return ""
        return self._database.write(self._app if actor == "app" else self._session_of(actor))

    def _add(self, actor: str, permissions: set[str] | frozenset[str], **account: int) -> None:
        self.granted[actor] = frozenset(permissions)
        self._ids[actor] = account

    def _session_of(self, actor: str) -> Any:
        def begin(connection: Connection) -> str:
            return begin_session(
                connection,
                **self._ids[actor],
                client=Client(),
                secret=SECRET,
                days=1,
                now=NOW,
            ).token

        return begin

    def _app(self, connection: Connection) -> str:
        typed = NewAppToken(name="app", permissions=[APP_PERMISSION])
        return create_app_token(connection, typed, actor=OPERATOR, secret=SECRET, now=NOW).token
