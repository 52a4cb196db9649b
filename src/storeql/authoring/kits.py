"""The conformance kits that a kind is held to: its author's own, or one made from its form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from msgspec import Struct

from storeql.authoring.drawn_rules import rules_of
from storeql.authoring.find import module_at
from storeql.hooks import Hooks
from storeql.pricing import PromotionType
from storeql.testing import PromotionConformance, baskets

Kit = type[PromotionConformance]


def given_kits(tests: Sequence[Path]) -> tuple[dict[str, list[Kit]], dict[Path, str]]:
    """The author's kits by the key of their kind, and the test modules that do not load."""
    kits: dict[str, list[Kit]] = {}
    unloaded: dict[Path, str] = {}
    for number, path in enumerate(tests):
        try:
            module = module_at(f"storeql_checked_test_{number}", path)
        except (Exception, SystemExit) as error:
            unloaded[path] = f"it raises {type(error).__name__}: {error}"
            continue
        for kit in _kits_in(vars(module).values()):
            kits.setdefault(kit.type.key, []).append(kit)
    return kits, unloaded


def _kits_in(values: Any) -> Iterator[Kit]:
    for value in values:
        is_kit = isinstance(value, type) and issubclass(value, PromotionConformance)
        if is_kit and isinstance(getattr(value, "type", None), PromotionType):
            yield value


def drawn_kit(kind: PromotionType[Any], hooks: Hooks) -> list[Kit]:
    """A kit with rules from the kind's form; none when no rule can be made.

    Its baskets have the facts that the kind's own plugin adds.
    """
    rules = rules_of(kind)
    if not rules:
        return []

    def with_facts(_kit: PromotionConformance, rule: Struct) -> Any:
        return baskets(rule).map(hooks.with_facts)

    body = {"type": kind, "rules": rules, "baskets": with_facts}
    return [type(f"Drawn_{kind.key}", (PromotionConformance,), body)]
