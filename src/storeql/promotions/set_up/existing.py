"""Checks that what a promotion names is there: products, channels, groups and the like."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from msgspec import Struct
from sqlalchemy import Column, String, column, select, table

from storeql.catalog.tables import categories, channels, collections, products, tags, variants
from storeql.customers.countries import COUNTRIES
from storeql.customers.tables import customer_groups
from storeql.db import Connection, Statement, any_of, statement
from storeql.inputs import Fields
from storeql.pricing import Conditions, Scope
from storeql.promotions.rules.form import named_ids
from storeql.promotions.tables import promotions

MOST_IDS = 1000
MOST_NAMES = 100


def _known(column: Column[int] | Column[str]) -> Statement:
    return statement(select(column).where(any_of(column, "wanted")))


_PRODUCTS = _known(products.c.id)
_VARIANTS = _known(variants.c.id)
_CATEGORIES = _known(categories.c.id)
_COLLECTIONS = _known(collections.c.id)
_TAGS = _known(tags.c.id)
_GROUPS = _known(customer_groups.c.id)
_CHANNELS = _known(channels.c.slug)
# The terms are JSON that this room writes itself, without spaces and with every field.
_COUPONS = statement(
    select(promotions.c.id).where(
        any_of(promotions.c.id, "wanted"), promotions.c.terms.contains('"needs_code":true')
    )
)
# Carts lie above promotions and own this table; a promotion only names its slugs.
_DELIVERY_METHODS = statement(
    select(column("slug", String))
    .select_from(table("delivery_methods"))
    .where(any_of(column("slug", String), "wanted"))
)

SELECTION = (
    ("product_ids", "productIds", "product", _PRODUCTS),
    ("variant_ids", "variantIds", "variant", _VARIANTS),
    ("category_ids", "categoryIds", "category", _CATEGORIES),
    ("collection_ids", "collectionIds", "collection", _COLLECTIONS),
    ("tag_ids", "tagIds", "tag", _TAGS),
)


RULE_IDS = {
    "Product": ("product", _PRODUCTS),
    "ProductVariant": ("variant", _VARIANTS),
    "CustomerGroup": ("customer group", _GROUPS),
    "Promotion": ("promotion that requires a code", _COUPONS),
}


def check_scope(connection: Connection, scope: Scope, fields: Fields) -> None:
    """Notes every id of the scope that names nothing."""
    for part, selection in (("include", scope.include), ("exclude", scope.exclude)):
        for attribute, name, what, known in SELECTION:
            ids = sorted(getattr(selection, attribute), key=int)
            _check_ids(
                connection, ids, known, fields=fields.at("scope", part), name=name, what=what
            )


def check_audience(connection: Connection, conditions: Conditions, fields: Fields) -> None:
    """Notes every customer group, channel, delivery method and country that is not there."""
    audience = fields.at("audience")
    _check_ids(
        connection,
        conditions.group_ids,
        _GROUPS,
        fields=audience,
        name="groupIds",
        what="customer group",
    )
    for name, what, known, slugs in (
        ("channels", "channel", _CHANNELS, conditions.channels),
        (
            "deliveryMethods",
            "delivery method",
            _DELIVERY_METHODS,
            conditions.delivery_methods,
        ),
    ):
        if slugs and audience.count(name, slugs, most=MOST_NAMES):
            found = {slug for (slug,) in connection.rows(known, wanted=slugs)}
            _report_unknown(slugs, found, fields=audience, name=name, what=what)
    if audience.count("countries", conditions.countries, most=len(COUNTRIES)):
        for place, code in enumerate(conditions.countries):
            if code not in COUNTRIES:
                message = "This is not an ISO 3166 country code."
                audience.report("INVALID_COUNTRY", message, "countries", str(place))


def check_payment_methods(
    conditions: Conditions, known: Collection[str] | None, fields: Fields
) -> None:
    """Notes every payment method that no plugin brings; `fields` lies at the audience."""
    wanted = conditions.payment_methods
    if known is not None and fields.count("paymentMethods", wanted, most=MOST_NAMES):
        _report_unknown(wanted, known, fields=fields, name="paymentMethods", what="payment method")


def _report_unknown(
    names: Sequence[str], known: Collection[str], *, fields: Fields, name: str, what: str
) -> None:
    for place, wanted in enumerate(names):
        if wanted not in known:
            fields.missing(what, name, str(place))


def check_rule(connection: Connection, rule: Struct, fields: Fields) -> None:
    """Notes every id in a rule that names nothing; `fields` lies at the rule.

    One statement per type of id, however many entries of the rule name some.
    """
    named = named_ids(rule)
    for type_name, (what, known) in RULE_IDS.items():
        places = [place for place in named if place.field.id_of == type_name]
        there = _there(connection, known, [int(key) for place in places for key in place.ids])
        for path, _, ids in places:
            if any(int(key) not in there for key in ids):
                fields.at(*path[:-1]).missing(what, path[-1])


def check_variants(
    connection: Connection, ids: Iterable[int], fields: Fields, *, name: str
) -> set[int]:
    """The variants that are there; notes the place in the list `name` of every other."""
    wanted = list(ids)
    found = {key for (key,) in connection.rows(_VARIANTS, wanted=wanted)} if wanted else set()
    for place, key in enumerate(wanted):
        if key not in found:
            fields.missing("variant", name, str(place), "variantId")
    return found


def _check_ids(
    connection: Connection,
    ids: Iterable[str],
    known: Statement,
    *,
    fields: Fields,
    name: str,
    what: str,
) -> None:
    wanted = [int(key) for key in ids]
    if not wanted or not fields.count(name, wanted, most=MOST_IDS):
        return
    found = _there(connection, known, wanted)
    if any(key not in found for key in wanted):
        fields.missing(what, name)


def _there(connection: Connection, known: Statement, wanted: Sequence[int]) -> set[int]:
    """Those of the row numbers that exist."""
    return {key for (key,) in connection.rows(known, wanted=wanted)} if wanted else set()
