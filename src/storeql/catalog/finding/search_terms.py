"""The terms that a text is found by, made alike from a product's texts and from what is typed.

They are made here and not by the engines, so that SQLite and PostgreSQL find the same products in
the same order. Chinese is cut into overlapping pairs of characters, as Lucene's CJK analyzer does,
and into single ones, since 茶 is a whole word; English words are stemmed; accents are dropped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from msgspec import Struct
from snowballstemmer.english_stemmer import EnglishStemmer

MOST_TYPED_TERMS = 24
MOST_PRODUCT_TERMS = 2000
LONGEST_TERM = 64

HAN = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
RUN = re.compile(rf"[{HAN}]+|[^\W{HAN}_]+")
IS_HAN = re.compile(rf"[{HAN}]")
HIGHEST = "\U0010ffff"

# Words that a product need not hold to be found by a phrase that holds them.
UNSAID = frozenset(
    ("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "in", "is", "it", "of", "on")
) | {"or", "the", "to", "with"}

# What a term weighs by the text it stands in; a name's weight is shared among its words.
NAME_WEIGHT = 8000
SKU_WEIGHT = 1600
LABEL_WEIGHT = 400
DESCRIPTION_WEIGHT = 100


class TypedTerms(Struct, frozen=True):
    """What a shopper typed: terms to find whole, and one that only has to begin a word.

    `beginning` is empty when the text ends in Chinese, whose words have no beginnings.
    """

    whole: tuple[str, ...]
    beginning: str

    @property
    def params(self) -> dict[str, object]:
        """The parameters of `storeql.catalog.finding.search.hits`."""
        return {
            "search_whole": list(self.whole),
            "search_from": self.beginning,
            "search_to": self.beginning and self.beginning + HIGHEST,
            "search_count": len(self.whole) + bool(self.beginning),
        }


def terms_of(text: str) -> list[str]:
    """The terms of a text in order: 手机壳 gives 手机, 机壳; "USB-C cables" gives usb, c, cabl."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    terms: list[str] = []
    for run in RUN.findall(folded):
        if not IS_HAN.match(run):
            terms.append(_stem(_plain(run))[:LONGEST_TERM])
        elif len(run) == 1:
            terms.append(run)
        else:
            terms.extend(run[place : place + 2] for place in range(len(run) - 1))
    return terms


def typed_terms(text: str) -> TypedTerms | None:
    """What a shopper typed, its last word as a beginning; None when there is no term in it."""
    terms = list(dict.fromkeys(terms_of(text)))
    said = [term for term in terms if term not in UNSAID] or terms
    said = said[:MOST_TYPED_TERMS]
    if not said:
        return None
    if IS_HAN.match(said[-1]):
        return TypedTerms(tuple(said), "")
    return TypedTerms(tuple(said[:-1]), said[-1])


def product_terms_of(
    name: str, description: str, *, skus: Iterable[str], labels: Iterable[str]
) -> dict[str, int]:
    """Every term that finds a product with what it weighs, the heaviest of its places.

    `labels` are names of categories and tags. An article number is found whole and without its
    hyphens too.
    """
    named = terms_of(name)
    parts = [
        (NAME_WEIGHT // (4 + len(named)), named),
        *((SKU_WEIGHT, [*terms_of(sku), *terms_of(_compact(sku))]) for sku in skus),
        *((LABEL_WEIGHT, terms_of(label)) for label in labels),
        (DESCRIPTION_WEIGHT, terms_of(description)),
    ]
    weights: dict[str, int] = {}
    for weight, terms in parts:
        for term in _with_single_characters(terms):
            weights[term] = max(weight, weights.get(term, 0))
            if len(weights) == MOST_PRODUCT_TERMS:
                return weights
    return weights


def _with_single_characters(terms: list[str]) -> Iterable[str]:
    singles = (one for term in terms if IS_HAN.match(term) for one in term)
    return dict.fromkeys([*terms, *singles])


def _compact(sku: str) -> str:
    return re.sub(r"[\W_]", "", sku)


def _plain(word: str) -> str:
    """The word without accents: café becomes cafe."""
    if word.isascii():
        return word
    parts = unicodedata.normalize("NFD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    # A stemmer of its own each time: it keeps state, and threads search at once.
    stemmable = word.isascii() and word.isalpha() and len(word) <= LONGEST_TERM
    return str(EnglishStemmer().stemWord(word)) if stemmable else word
