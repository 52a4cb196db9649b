"""Product types: what products already use of a form cannot be pulled from under them."""

from __future__ import annotations

from storeql.catalog.inputs import AttributeInput, ProductTypeInput, ProductTypeUpdate
from storeql.catalog.problems import InUse
from storeql.catalog.products.attribute_forms import attribute_forms
from storeql.catalog.products.save_product_type import (
    create_product_type,
    delete_product_type,
    update_product_type,
)
from storeql.db import Database
from tests.catalog.products import created, open_shop, phone, phone_type
from tests.catalog.refusals import codes_of, problems_of


def names(database: Database, type_id: int) -> list[tuple[str, str]]:
    with database.reading() as connection:
        return [(form.slug, form.kind) for form in attribute_forms(connection, type_id)]


def test_a_type_keeps_its_attributes_in_order(database: Database) -> None:
    shop = open_shop(database)

    assert names(database, shop.phones) == [
        ("screen", "NUMBER"),
        ("family", "SELECT"),
        ("5g", "BOOLEAN"),
        ("released", "DATE"),
        ("note", "TEXT"),
    ]


def test_all_problems_of_a_form_come_at_once(database: Database) -> None:
    given = ProductTypeInput(
        name="",
        attributes=(
            AttributeInput(name="Size", kind="SELECT"),
            AttributeInput(name="Size", kind="SELECT", choices=("S", " S", "")),
            AttributeInput(name="!", kind="COLOUR"),
            AttributeInput(name="Weight", kind="NUMBER", choices=("1",), unit="g" * 33),
        ),
    )

    assert codes_of(database, lambda c: create_product_type(c, given)) == [
        ("REQUIRED", "attributes.0.choices"),
        ("REQUIRED", "attributes.1.choices.2"),
        ("DUPLICATE", "attributes.1.choices"),
        ("DUPLICATE", "attributes.1.slug"),
        ("INVALID_KIND", "attributes.2.kind"),
        ("REQUIRED", "attributes.2.slug"),
        ("NOT_ALLOWED", "attributes.3.choices"),
        ("TOO_LONG", "attributes.3.unit"),
        ("REQUIRED", "name"),
    ]


def test_what_no_product_uses_can_change(database: Database) -> None:
    shop = open_shop(database)
    created(database, phone(shop))
    forms = phone_type().attributes
    kept = (
        forms[3],
        forms[0],
        AttributeInput(name="Family", kind="SELECT", choices=("light", "dark")),
        AttributeInput(name="5G bands", slug="5g", kind="TEXT"),
        AttributeInput(name="Weight", kind="NUMBER"),
    )
    change = ProductTypeUpdate(id=shop.phones, expected_version=1, name="手机", attributes=kept)

    database.write(lambda c: update_product_type(c, change))

    assert names(database, shop.phones) == [
        ("released", "DATE"),
        ("screen", "NUMBER"),
        ("family", "SELECT"),
        ("5g", "TEXT"),
        ("weight", "NUMBER"),
    ]


def test_values_that_products_have_are_never_lost(database: Database) -> None:
    shop = open_shop(database)
    created(database, phone(shop))
    family = AttributeInput(name="Family", kind="SELECT", choices=("bright",))
    text = AttributeInput(name="Screen", kind="TEXT")

    change = ProductTypeUpdate(id=shop.phones, attributes=(family, text))
    assert codes_of(database, lambda c: update_product_type(c, change)) == [
        ("IN_USE", "attributes.1.kind"),
        ("IN_USE", "attributes.0.choices"),
    ]
    removal = ProductTypeUpdate(id=shop.phones, attributes=())
    problems = problems_of(database, lambda c: update_product_type(c, removal))
    assert [(p.count, p.what) for p in problems if isinstance(p, InUse)] == [
        (1, "products"),
        (1, "products"),
    ]


def test_a_type_goes_only_when_no_product_has_it(database: Database) -> None:
    shop = open_shop(database)
    created(database, phone(shop))
    other = database.write(lambda c: create_product_type(c, ProductTypeInput(name="Book")))

    assert codes_of(database, lambda c: delete_product_type(c, shop.phones)) == [("IN_USE", "id")]
    database.write(lambda c: delete_product_type(c, other))
    assert codes_of(database, lambda c: delete_product_type(c, other)) == [("NOT_FOUND", "id")]
