"""Makes rules of a kind from its form, so that a kind can be tried without an author's examples."""

from __future__ import annotations

from random import Random
from typing import Any

import msgspec
from msgspec import UNSET, Struct, ValidationError

from storeql.pricing import PromotionType
from storeql.promotions import FieldKind, FormField, form_of

SEED = 20260101
WANTED, MOST_TRIES = 40, 20_000
WIDEST = 1_000
"""Numbers lie within so much of their lower bound, where carts meet them, or are round."""
ROUND = (2, 3, 10, 100, 1_000, 5_000, 10_000)
MOST_ENTRIES = 4
IDS = ("1", "2", "3", "4")
LETTERS = "abAB12"


def rules_of(kind: PromotionType[Any]) -> list[Struct]:
    """Rules that the kind takes, the shortest first, the same ones each time; maybe none.

    Every field is within its bounds, and what `__post_init__` refuses is left out. A text that has
    a default keeps it: what a text may say only its author knows.
    """
    maker, fields = _Maker(Random(SEED)), form_of(kind.Rule).fields
    found: dict[bytes, Struct] = {}
    for _ in range(MOST_TRIES):
        try:
            rule = msgspec.convert(maker.group(fields), kind.Rule)
        except ValidationError:
            continue
        found[msgspec.json.encode(rule)] = rule
        if len(found) == WANTED:
            break
    return [found[stored] for stored in sorted(found, key=lambda stored: (len(stored), stored))]


class _Maker:
    def __init__(self, random: Random) -> None:
        self._random = random

    def group(self, fields: tuple[FormField, ...]) -> dict[str, Any]:
        values = {field.attribute: self._field(field) for field in fields}
        return {name: value for name, value in values.items() if value is not UNSET}

    def _field(self, field: FormField) -> Any:
        """A value, or UNSET where the rule's own default stands."""
        keeps_default = field.kind is FieldKind.TEXT or self._random.random() < 0.3
        if not field.is_required and keeps_default:
            return UNSET
        return self._list(field) if field.is_list else self._one(field)

    def _list(self, field: FormField) -> list[Any]:
        least = field.least_entries or 0
        most = max(least, min(field.most_entries or MOST_ENTRIES, MOST_ENTRIES))
        count = self._random.randint(least, most)
        if field.kind in (FieldKind.ID, FieldKind.CHOICE):
            choices = field.choices or IDS
            return self._random.sample(choices, min(count, len(choices)))
        made = [self._one(field) for _ in range(count)]
        return _rising(made) if self._random.random() < 0.5 else made

    def _one(self, field: FormField) -> Any:
        if field.kind is FieldKind.ID:
            return self._random.choice(IDS)
        if field.kind is FieldKind.CHOICE:
            return self._random.choice(field.choices)
        if field.kind is FieldKind.BOOLEAN:
            return self._random.random() < 0.5
        if field.kind is FieldKind.GROUP:
            return self.group(field.fields)
        if field.kind is FieldKind.TEXT:
            length = min(field.most or 8, max(1, field.least or 0, self._random.randint(1, 8)))
            return "".join(self._random.choices(LETTERS, k=length))
        return self._number(field)

    def _number(self, field: FormField) -> int:
        least = 0 if field.least is None else field.least
        most = least + WIDEST if field.most is None else field.most
        fitting = [value for value in ROUND if least <= value <= most]
        if fitting and self._random.random() < 0.5:
            return self._random.choice(fitting)
        return self._random.randint(least, min(most, least + WIDEST))


def _rising(entries: list[Any]) -> list[Any]:
    """The entries with each of their numbers in ascending order, as tiers want it."""
    if not entries or not all(isinstance(entry, dict) for entry in entries):
        return entries
    shared = set.intersection(*map(set, entries))
    for name in shared:
        if all(isinstance(entry[name], int) for entry in entries):
            for entry, value in zip(entries, sorted(e[name] for e in entries), strict=True):
                entry[name] = value
    return entries
