"""Kinds of promotion as a person chooses among them, each with the form of its rule."""

from collections.abc import Sequence
from typing import Any

import strawberry
from msgspec import Struct

from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.hooks import PluginInfo, PluginStatus
from storeql.pricing import Lane, PromotionType, Texts
from storeql.promotions.rules.form import FieldKind, FormField, kind_name
from storeql.promotions.types import PromotionTypes
from storeql.schema.fields import answers, attribute, pure
from storeql.schema.promotions.words import LocalizedText
from storeql.schema.scalars import Json


class Kind(Struct, frozen=True, kw_only=True):
    """The record behind PromotionType."""

    key: str
    lane: Lane
    texts: Texts
    plugin: str
    plugin_version: str
    rule_type: str
    form: tuple[FormField, ...]


def kinds_of(types: PromotionTypes) -> list[Kind]:
    """Every kind there is, by key."""
    return [_kind(kind, types) for kind in types]


def _kind(kind: PromotionType[Any], types: PromotionTypes) -> Kind:
    return Kind(
        key=kind.key,
        lane=kind.lane,
        texts=kind.texts,
        plugin=kind.plugin,
        plugin_version=kind.plugin_version,
        rule_type=kind.Rule.__name__,
        form=types.form(kind.key).fields,
    )


@strawberry.type(description="One field of a rule, for a form to show.")
@answers(FormField)
class PromotionFormField:
    """A field of a form."""

    name: str = attribute("The field's name in the rule's input.")
    kind: FieldKind = attribute("What it takes.")
    label: LocalizedText = attribute("Its words.")
    is_required: bool = attribute("Whether it has to be given.")
    is_list: bool = attribute("Whether it takes several entries.")
    least_entries: int | None = attribute("Entries a list needs at least.")
    most_entries: int | None = attribute("Entries a list takes at most.")
    choices: Sequence[str] = attribute("The values of a CHOICE.")
    id_of: str | None = attribute("The type whose id an ID takes.")
    fields: "Sequence[PromotionFormField]" = attribute("The fields of a GROUP.")

    @pure("The least number, or the fewest characters; an AMOUNT is bounded in minor units.")
    def least(self: FormField) -> str | None:
        return _bound(self, self.least)

    @pure("The greatest number, or the most characters; an AMOUNT is bounded in minor units.")
    def most(self: FormField) -> str | None:
        return _bound(self, self.most)

    @pure("What it is when it is left out; null for nothing, an AMOUNT in minor units.")
    def default(self: FormField) -> Json | None:
        plain = isinstance(self.default, bool | int | str)
        return Json(self.default) if plain else None


@strawberry.type(name="PromotionType", description="A kind of promotion that a plugin brings.")
@answers(Kind)
class PromotionKind:
    """A kind of promotion."""

    key: str = attribute("Its key, as promotions name it.")
    lane: Lane = attribute("When it is granted.")
    plugin: str = attribute("The plugin that brings it.")
    plugin_version: str = attribute("That plugin's version.")
    rule_type: str = attribute("The type of its rules, an implementer of PromotionRule.")
    form: Sequence[PromotionFormField] = attribute("The fields of its rule, in order.")

    @pure("Its member in the input PromotionRuleInput.")
    def input_name(self: Kind) -> str:
        return kind_name(self.key)

    @pure("What it is called.")
    def title(self: Kind) -> LocalizedText:
        return self.texts.title  # type: ignore[return-value]

    @pure("What it does.")
    def what(self: Kind) -> LocalizedText:
        return self.texts.what  # type: ignore[return-value]

    @pure("When to use it.")
    def when(self: Kind) -> LocalizedText:
        return self.texts.when  # type: ignore[return-value]

    @pure("How to set it up.")
    def how(self: Kind) -> LocalizedText:
        return self.texts.how  # type: ignore[return-value]


@strawberry.type(description="A plugin that was found when the shop started.")
@answers(PluginInfo)
class Plugin:
    """A plugin."""

    name: str = attribute("Its name.")
    version: str = attribute("Its version.")
    source: str = attribute("built-in, given, or the distribution it came from.")
    status: PluginStatus = attribute("Whether it takes part.")
    reason: str = attribute("Why it does not take part; empty when it does.")
    promotion_types: Sequence[str] = attribute("Keys of the kinds of promotion it brings.")
    gateways: Sequence[str] = attribute("Keys of the payment gateways it brings.")
    hooks_version: int | None = attribute("The version of the hooks it says it was built for.")
    warnings: Sequence[str] = attribute("What it uses that will go, and what to use instead.")


def _bound(field: FormField, bound: int | None) -> str | None:
    if bound is None:
        return None
    return shown(bound, PERCENT_DECIMALS if field.kind is FieldKind.PERCENT else 0)
