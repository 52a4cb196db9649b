from storeql.customers.attempts import Limit, count_attempt
from storeql.customers.expiry import KEPT_MS, forget_expired
from storeql.customers.sessions import DAY_MS
from storeql.db import Database
from tests.customers.people import MINUTE, NOW, SETTINGS, actor_of, registered


def test_what_ended_long_ago_is_forgotten_and_nothing_else(database: Database) -> None:
    session = registered(database).session
    database.write(lambda c: count_attempt(c, [Limit("coupon:1", 30)], now=NOW))
    forget = 1 + NOW + 15 * MINUTE

    def forgotten(now: int) -> int:
        return database.write(lambda c: forget_expired(c, now=now))

    assert forgotten(NOW + MINUTE) == 0
    assert forgotten(forget) == 2
    assert actor_of(database, session.token).kind == "customer"
    ended = NOW + SETTINGS.session_days * DAY_MS
    assert forgotten(ended + KEPT_MS) == 0
    assert forgotten(ended + KEPT_MS + 1) == 1
