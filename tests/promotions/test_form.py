"""A rule's form is read off its struct: words, bounds, units; what no form shows is refused."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from msgspec import Struct

from storeql.hooks import PluginStatus, load_hooks
from storeql.pricing import Text
from storeql.promotions import (
    FieldKind,
    FormError,
    amount,
    entries,
    form_of,
    gifts,
    label,
    percent,
    products,
    text,
    whole,
    with_forms,
)
from storeql.promotions.rules.form import gift_variants
from tests.hooks.plugins import FlatRule, bringing, kind


class Step(Struct, frozen=True, kw_only=True):
    from_minor: Annotated[int, amount("From", "满", least=1)]
    gifts: Annotated[tuple[str, ...], gifts("Gifts", "赠品")] = ()


class EverythingRule(Struct, frozen=True, kw_only=True):
    steps: Annotated[tuple[Step, ...], entries("Steps", "步骤", least=2, most=5)]
    percent_off_basis_points: Annotated[int, percent("Percent off", "折扣")] = 500
    pieces: Annotated[int, whole("Pieces", "件数", least=1, most=9)] | None = None
    slogan: Annotated[str, text("Slogan", "口号", most=20)] = ""
    is_loud: bool = False
    mode: Annotated[Literal["BEST", "FIRST"], label("Mode", "模式")] = "BEST"
    product_ids: Annotated[tuple[str, ...], products("Products", "商品")] = ()


def test_each_field_tells_its_kind_its_words_and_its_bounds() -> None:
    fields = {field.name: field for field in form_of(EverythingRule).fields}

    assert {name: field.kind for name, field in fields.items()} == {
        "steps": FieldKind.GROUP,
        "percentOff": FieldKind.PERCENT,
        "pieces": FieldKind.WHOLE,
        "slogan": FieldKind.TEXT,
        "isLoud": FieldKind.BOOLEAN,
        "mode": FieldKind.CHOICE,
        "productIds": FieldKind.ID,
    }
    steps, pieces = fields["steps"], fields["pieces"]
    assert (steps.is_list, steps.least_entries, steps.most_entries) == (True, 2, 5)
    assert (steps.label, steps.is_required) == (Text("Steps", "步骤"), True)
    assert [inner.name for inner in steps.fields] == ["from", "gifts"]
    assert (pieces.least, pieces.most, pieces.is_optional, pieces.default) == (1, 9, True, None)
    assert (fields["percentOff"].most, fields["percentOff"].default) == (10_000, 500)
    assert fields["mode"].choices == ("BEST", "FIRST")
    assert fields["productIds"].id_of == "Product"
    assert fields["isLoud"].label == Text("isLoud", "isLoud")
    assert form_of(EverythingRule).has_amounts is True
    assert form_of(FlatRule).has_amounts is False


def test_gifts_are_found_however_deep_they_lie() -> None:
    rule = EverythingRule(
        steps=(Step(from_minor=1, gifts=("12", "3")), Step(from_minor=2, gifts=("3",)))
    )

    assert gift_variants(rule) == ("3", "12")


class ListRule(Struct, frozen=True):
    names: list[str]


class UnionRule(Struct, frozen=True):
    value: int | str


class FloatRule(Struct, frozen=True):
    rate: float


class MapRule(Struct, frozen=True):
    words: dict[str, Any]


class NestedListRule(Struct, frozen=True):
    rows: tuple[tuple[int, ...], ...]


class EmptyRule(Struct, frozen=True):
    pass


@pytest.mark.parametrize(
    ("rule", "reason"),
    [
        (ListRule, "ListRule.names: a list in a rule is written tuple[…, ...]."),
        (UnionRule, "UnionRule.value: a union is not supported in a rule."),
        (FloatRule, "FloatRule.rate: float is not supported in a rule."),
        (MapRule, "MapRule.words: dict is not supported in a rule."),
        (NestedListRule, "NestedListRule.rows: a list of lists is not supported in a rule."),
        (EmptyRule, "EmptyRule has no fields."),
    ],
)
def test_a_rule_no_form_can_show_breaks_its_plugin_alone(rule: type[Struct], reason: str) -> None:
    with pytest.raises(FormError, match=r".+"):
        form_of(rule)

    hooks = with_forms(load_hooks(extra_plugins=[bringing(kind(rule=rule))]))

    (entry,) = [found for found in hooks.plugins() if found.name == "Stranger"]
    assert (entry.status, entry.reason) == (PluginStatus.BROKEN, reason)
    assert "PERCENTAGE" in {found.key for found in hooks.promotion_types}
