"""Terms: what a text is found by, and what a typed text asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storeql.catalog.finding.search_terms import (
    LONGEST_TERM,
    MOST_PRODUCT_TERMS,
    TypedTerms,
    product_terms_of,
    terms_of,
    typed_terms,
)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("手机壳", ["手机", "机壳"]),
        ("茶", ["茶"]),
        ("iPhone手机", ["iphon", "手机"]),
        ("USB-C cables", ["usb", "c", "cabl"]),
        ("Phones phone", ["phone", "phone"]),
        ("batteries running", ["batteri", "run"]),
        ("Café CRÈME", ["cafe", "creme"]),
        ("ｐｈｏｎｅ①", ["phone1"]),
        ("ガラス", ["ガラ", "ラス"]),
        ("snake_case", ["snake", "case"]),
    ],
)
def test_a_text_is_cut_into_terms(text: str, terms: list[str]) -> None:
    assert terms_of(text) == terms


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("phones", TypedTerms((), "phone")),
        ("red phones", TypedTerms(("red",), "phone")),
        ("phone 手机", TypedTerms(("phone", "手机"), "")),
        ("case for the phone", TypedTerms(("case",), "phone")),
        ("to be", TypedTerms(("to",), "be")),
        ("phone phones", TypedTerms((), "phone")),
        ("—", None),
    ],
)
def test_the_last_word_of_a_typed_text_may_be_unfinished(
    text: str, typed: TypedTerms | None
) -> None:
    assert typed_terms(text) == typed


def test_a_name_weighs_more_than_a_label_and_a_label_more_than_a_description() -> None:
    weights = product_terms_of(
        "Oak lamp", "A lamp with a glass shade", skus=["LMP-1"], labels=["Shade"]
    )
    assert weights["lamp"] == 8000 // 6
    assert weights["lmp"] == weights["lmp1"] == 1600
    assert weights["shade"] == 400
    assert weights["glass"] == 100


def test_a_word_of_a_short_name_weighs_more() -> None:
    short, long = (
        product_terms_of(name, "", skus=(), labels=())
        for name in ("Phone", "Phone case with strap")
    )
    assert short["phone"] > long["phone"]


@given(text=st.text(max_size=300))
def test_any_text_has_terms_that_find_it_and_fit_their_column(text: str) -> None:
    terms = terms_of(text)
    assert all(0 < len(term) <= LONGEST_TERM for term in terms)
    found_by = product_terms_of(text, "", skus=(), labels=())
    assert set(terms) <= set(found_by)
    typed = typed_terms(text)
    if typed is not None:
        assert {*typed.whole, typed.beginning} - {""} <= set(found_by)


def test_the_terms_of_a_product_are_bounded() -> None:
    words = " ".join(f"word{number}" for number in range(5000))
    weights = product_terms_of("Long", words, skus=(), labels=())
    assert len(weights) == MOST_PRODUCT_TERMS
    assert "long" in weights
