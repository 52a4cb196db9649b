from msgspec.structs import replace

from storeql.customers.address import Address, checked_address, decode_address, encode_address

SHANGHAI = Address(
    name="李雷",
    phone="13800001234",
    country="CN",
    region="上海市",
    city="上海市",
    district="浦东新区",
    street="世纪大道1号",
    postal_code="200120",
)


def test_an_address_is_kept_in_one_spelling() -> None:
    typed = replace(SHANGHAI, name="  李雷 ", phone="138 0000 1234", country=" cn ")
    assert checked_address(typed) == (SHANGHAI, [])


def test_all_problems_of_an_address_come_at_once_with_their_paths() -> None:
    typed = Address(
        name="", phone="x", country="XX", city="c" * 101, street="a\0b", postal_code="1" * 21
    )
    _, problems = checked_address(typed, "address")
    assert {(problem.code, problem.field) for problem in problems} == {
        ("REQUIRED", ("address", "name")),
        ("INVALID_PHONE", ("address", "phone")),
        ("INVALID_COUNTRY", ("address", "country")),
        ("TOO_LONG", ("address", "city")),
        ("INVALID_CHARACTER", ("address", "street")),
        ("TOO_LONG", ("address", "postalCode")),
    }


def test_an_address_comes_back_from_its_text() -> None:
    assert decode_address(encode_address(SHANGHAI)) == SHANGHAI
