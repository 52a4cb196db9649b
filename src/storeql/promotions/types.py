"""The kinds of promotion a shop knows, by key, as its plugins registered them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

import msgspec
from msgspec import Struct

from storeql.hooks import Hooks
from storeql.pricing import PromotionType
from storeql.promotions.rules.form import Form, FormError, form_of


class PromotionTypes:
    """Registered kinds with their forms; frozen, safe to share between threads.

    `payment_methods` are the keys that a promotion may ask for; None where any will do.
    """

    def __init__(
        self,
        kinds: Iterable[PromotionType[Any]],
        *,
        payment_methods: Collection[str] | None = None,
    ) -> None:
        self.payment_methods = payment_methods
        self._kinds = {kind.key: kind for kind in kinds}
        self._forms = {key: form_of(kind.Rule) for key, kind in self._kinds.items()}
        self._decoders = {key: msgspec.json.Decoder(kind.Rule) for key, kind in self._kinds.items()}

    def __iter__(self) -> Iterator[PromotionType[Any]]:
        return iter(self._kinds.values())

    def get(self, key: str) -> PromotionType[Any] | None:
        """The kind with this key, None when no plugin brings it."""
        return self._kinds.get(key)

    def form(self, key: str) -> Form:
        """The form of a registered kind's rule."""
        return self._forms[key]

    def read_rule(self, key: str, stored: str) -> Struct:
        """A stored rule; raises msgspec.ValidationError when it is not one any more."""
        rule: Struct = self._decoders[key].decode(stored)
        return rule


def with_forms(hooks: Hooks) -> Hooks:
    """The hooks without the plugins whose rules cannot be shown as a form, listed as broken."""
    for kind in hooks.promotion_types:
        try:
            form_of(kind.Rule)
        except FormError as error:
            return with_forms(hooks.without(kind.plugin, str(error)))
    return hooks
