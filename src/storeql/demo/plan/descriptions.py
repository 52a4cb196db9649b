"""What a product says about itself: two to four sentences, put together in several orders."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from storeql.demo.content import Content, Pair
from storeql.demo.plan.designations import Designation

OPENING, SAYS, DETAIL, OTHER_DETAIL, CLOSING = range(5)
ORDERS = (
    (OPENING, SAYS),
    (OPENING, SAYS, DETAIL),
    (SAYS, DETAIL),
    (SAYS, DETAIL, CLOSING),
    (OPENING, SAYS, CLOSING),
    (OPENING, DETAIL, SAYS),
    (SAYS, DETAIL, OTHER_DETAIL, CLOSING),
    (OPENING, SAYS, DETAIL, CLOSING),
    (OPENING, SAYS, DETAIL, OTHER_DETAIL),
)


def description_of(content: Content, what: Designation, *, random: Random) -> str:
    """A paragraph in Chinese and the same in English, with an empty line between them."""
    ware = what.ware
    detail, other_detail = random.sample(ware.details, 2)
    sentences = {
        OPENING: random.choice(ware.openings),
        SAYS: what.model.says,
        DETAIL: detail,
        OTHER_DETAIL: other_detail,
        CLOSING: random.choice(content.closings[ware.type]),
    }
    return paragraphs([sentences[part] for part in random.choice(ORDERS)])


def paragraphs(sentences: Sequence[Pair]) -> str:
    """Chinese sentences run on without spaces, English ones with them."""
    chinese = "".join(sentence.zh for sentence in sentences)
    english = " ".join(sentence.en for sentence in sentences)
    return f"{chinese}\n\n{english}"
