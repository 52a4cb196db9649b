import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters

from storeql.customers.fields import PersonFields
from storeql.customers.passwords import Passwords
from tests.customers.people import CHEAP


def test_only_the_right_password_fits_its_hash() -> None:
    kept = CHEAP.hash("correct horse")
    assert CHEAP.verify(kept, "correct horse")
    assert not CHEAP.verify(kept, "Correct horse")
    assert kept.startswith("$argon2id$") and len(kept) <= 255


def test_one_password_in_two_unicode_forms_is_the_same() -> None:
    composed = unicodedata.normalize("NFC", "schön und gut")
    assert CHEAP.verify(CHEAP.hash(composed), unicodedata.normalize("NFD", composed))


def test_nothing_fits_an_account_without_a_password() -> None:
    assert not CHEAP.verify(None, "")
    assert not CHEAP.verify(None, "correct horse")
    assert not CHEAP.verify("not a hash", "correct horse")


def test_an_unknown_account_costs_as_much_time_as_a_known_one() -> None:
    passwords = Passwords(time_cost=1, memory_kib=8)
    known = passwords.hash("correct horse")
    passwords._hasher = watched = Watched(passwords._hasher)  # type: ignore[assignment]
    assert not passwords.verify(known, "wrong horse")
    assert not passwords.verify(None, "wrong horse")
    assert watched.asked[0] == known != watched.asked[1]
    assert [extract_parameters(one) for one in watched.asked] == [extract_parameters(known)] * 2


class Watched:
    """A hasher that remembers which hashes it was asked to check."""

    def __init__(self, hasher: PasswordHasher) -> None:
        self._hasher = hasher
        self.asked: list[str] = []

    def verify(self, kept: str, password: str) -> bool:
        self.asked.append(kept)
        return self._hasher.verify(kept, password)


def test_a_hash_made_with_other_costs_is_outdated() -> None:
    kept = CHEAP.hash("correct horse")
    assert not CHEAP.is_outdated(kept)
    assert Passwords(time_cost=2, memory_kib=8).is_outdated(kept)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("short", "PASSWORD_LENGTH"),
        ("x" * 201, "PASSWORD_LENGTH"),
        ("with\0null!", "INVALID_CHARACTER"),
    ],
)
def test_a_new_password_is_bounded(typed: str, code: str) -> None:
    fields = PersonFields()
    fields.new_password("password", typed)
    assert [problem.code for problem in fields.problems] == [code]


def test_a_password_of_eight_or_two_hundred_characters_is_taken_with_its_spaces() -> None:
    fields = PersonFields()
    assert fields.new_password("password", " 密码密码密码 ") == " 密码密码密码 "
    assert fields.new_password("password", "x" * 200) == "x" * 200
    assert fields.problems == []
