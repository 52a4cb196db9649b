import pytest

from storeql.customers.contact import normal_email, normal_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Li.Lei@Example.CN ", "li.lei@example.cn"),
        ("cafe\u0301@example.com", "caf\u00e9@example.com"),
        ("a+b@sub.example.co.uk", "a+b@sub.example.co.uk"),
        ("用户@例子.中国", "用户@例子.中国"),
    ],
)
def test_an_email_has_one_spelling(typed: str, kept: str) -> None:
    assert normal_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "li",
        "li@localhost",
        "@example.cn",
        "li@",
        "a b@example.cn",
        "a@b@example.cn",
        "li@example.cn\nBcc: all@example.cn",
        "li\0@example.cn",
        "li@-example.cn",
        "li..lei@example.cn",
        "l" * 65 + "@example.cn",
        "li@" + "a" * 250 + ".cn",
    ],
)
def test_what_is_not_an_email_is_refused(typed: str) -> None:
    assert normal_email(typed) is None


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("138-0000 1234", "13800001234"),
        ("+86 (138) 0000.1234", "+8613800001234"),
        ("0044 20 7946 0000", "+442079460000"),
        ("１３８００００１２３４", "13800001234"),
    ],
)
def test_a_phone_has_one_spelling(typed: str, kept: str) -> None:
    assert normal_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "1234", "call me", "+", "1" * 21, "138\x0000001234"])
def test_what_is_not_a_phone_is_refused(typed: str) -> None:
    assert normal_phone(typed) is None
