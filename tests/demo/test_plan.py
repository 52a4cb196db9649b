"""What the demo shop is made of, before a row is written."""

from __future__ import annotations

from random import Random

import pytest

from storeql.demo.content import load_content
from storeql.demo.plan.barcodes import check_digit, ean13
from storeql.demo.plan.customers import plan_customers
from storeql.demo.plan.designations import designation
from storeql.demo.plan.options import choose_options, combinations_of
from storeql.demo.plan.order_times import order_times
from storeql.demo.plan.prices import dollars, pretty_yuan, price_before
from storeql.demo.plan.products import plan_products
from storeql.demo.plan.stock import Supply

NOW = 1_795_000_000_000
CONTENT = load_content()


def test_names_and_slugs_stay_unique_in_a_shop_of_5000() -> None:
    planned = [designation(CONTENT, place) for place in range(5_000)]
    assert len({one.name for one in planned}) == 5_000
    assert len({one.slug for one in planned}) == 5_000
    assert all(len(one.name) <= 255 and len(one.slug) <= 200 for one in planned)


def test_names_are_still_unique_around_the_hundred_thousandth_product() -> None:
    names = {designation(CONTENT, place).name for place in range(100_000)}
    assert len(names) == 100_000


def test_there_is_an_end_to_the_names() -> None:
    with pytest.raises(ValueError, match="no name"):
        designation(CONTENT, 10_000_000)


def test_the_first_products_are_in_chinese_and_english() -> None:
    assert designation(CONTENT, 3).name == (
        "方外 无线降噪头戴耳机 Fangwai Wireless Noise-Cancelling Headphones"
    )
    assert designation(CONTENT, 3).slug == "fangwai-wireless-noise-cancelling-headphones"


def test_a_product_is_the_same_however_large_the_shop_is() -> None:
    small = list(plan_products(CONTENT, 30, seed=1, now=NOW))
    large = list(plan_products(CONTENT, 90, seed=1, now=NOW))
    assert small == large[:30]


@pytest.mark.parametrize(
    ("digits", "expected"), [("400638133393", "1"), ("978020137962", "4"), ("200000000000", "8")]
)
def test_check_digits_of_known_barcodes(digits: str, expected: str) -> None:
    assert check_digit(digits) == expected


def test_a_barcode_is_of_the_shops_own_range() -> None:
    assert ean13(41, 2) == "2000000410029"


@pytest.mark.parametrize(
    ("yuan", "ending", "expected"),
    [
        (12.3, 0, 1_500),
        (48.0, 90, 4_890),
        (233.0, 0, 22_900),
        (233.0, 99, 22_899),
        (1_234.0, 0, 119_900),
        (1.0, 0, 500),
    ],
)
def test_prices_end_as_shops_write_them(yuan: float, ending: int, expected: int) -> None:
    assert pretty_yuan(yuan, ending) == expected


def test_a_struck_out_price_is_above_the_price() -> None:
    assert price_before(9_900, 1.3) == 12_900
    assert price_before(500, 1.0) == 1_000


def test_prices_abroad_are_one_cent_below_a_dollar() -> None:
    assert dollars(14_200) == 2_499
    assert dollars(100) == 299


@pytest.mark.parametrize("ware", CONTENT.wares, ids=lambda ware: ware.code)
def test_every_ware_comes_in_three_variants_when_asked(ware) -> None:  # type: ignore[no-untyped-def]
    chosen = choose_options(ware, CONTENT.axes, random=Random(1), variants=3)
    assert len(set(map(str, combinations_of(chosen)))) == 3


def test_every_ware_has_values_for_what_its_type_requires() -> None:
    types = {type_.slug: type_ for type_ in CONTENT.types}
    for ware in CONTENT.wares:
        known = {"brand", "release-date", *ware.traits}
        required = {one.slug for one in types[ware.type].attributes if one.required}
        assert required <= known, ware.code
        assert set(ware.traits) <= {one.slug for one in types[ware.type].attributes}, ware.code


def test_descriptions_vary_and_are_in_both_languages() -> None:
    texts = [one.description for one in plan_products(CONTENT, 200, seed=3, now=NOW)]
    assert len(set(texts)) == 200
    for text in texts:
        chinese, english = text.split("\n\n")
        assert chinese and english
        assert chinese.count("。") + chinese.count("？") + chinese.count("！") >= 2


def test_some_products_are_sold_out_and_some_run_low() -> None:
    supplies = [one.supply for one in plan_products(CONTENT, 300, seed=3, now=NOW)]
    assert supplies.count(Supply.OUT) > 3
    assert supplies.count(Supply.LOW) > 5
    assert supplies.count(Supply.PLENTY) > 240


def test_a_third_of_the_products_is_sold_abroad() -> None:
    abroad = [one.is_abroad for one in plan_products(CONTENT, 600, seed=3, now=NOW)]
    assert 170 < sum(abroad) < 240


def test_customers_have_addresses_of_their_own_and_example_domains() -> None:
    people = list(plan_customers(CONTENT, 500, shopper_email="me@example.com", seed=1, now=NOW))
    assert people[0].email == "me@example.com"
    assert len({one.email for one in people}) == 500
    assert {one.email.split("@")[1] for one in people} == {
        "example.com",
        "example.net",
        "example.org",
    }
    assert all(one.addresses and one.created_at < NOW for one in people)


def test_orders_lie_in_the_past_and_grow_towards_now() -> None:
    times = order_times(400, seed=1, now=NOW)
    assert times == sorted(times)
    assert times[-1] < NOW
    middle = (times[0] + NOW) / 2
    assert sum(at > middle for at in times) > 230
