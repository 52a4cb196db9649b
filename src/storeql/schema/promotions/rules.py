"""Makes GraphQL types of promotion rules, so that a plugin's rule appears by itself.

A kind's rule becomes an input type (a member of the @oneOf input PromotionRuleInput) and an output
type (an implementer of PromotionRule). Amounts are money there, and percentages decimals of 100.
"""

import re
import types
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

import msgspec
import strawberry
from msgspec import Struct

from storeql.decimals import PERCENT_DECIMALS, shown
from storeql.pricing import PromotionType
from storeql.promotions.rules.form import FieldKind, FormField, form_of, kind_name
from storeql.promotions.set_up.inputs import RuleInput
from storeql.schema.fields import attribute
from storeql.schema.ids import opaque_id, row_of
from storeql.schema.money import Money, money
from storeql.schema.scalars import Decimal, Json

ENUM_VALUE = re.compile(r"[A-Z][A-Z0-9_]*")


class ShownRule(Struct, frozen=True):
    """The record behind PromotionRule: a rule, or a group within one, and its currency."""

    kind: str
    value: Struct | None
    currency: str
    stored: str = ""

    @property
    def json(self) -> Any:
        """The rule as it is stored."""
        return msgspec.json.decode(self.stored or "null")


@strawberry.interface(description="What a promotion grants; each kind has a type of its own.")
class PromotionRule:
    """The interface of all rules."""

    kind: str = attribute("The key of the promotion's kind, as in `promotionTypes`.")


@strawberry.type(
    description="A rule not given yet, or one whose plugin is gone or does not take it any more."
)
class UnknownRule(PromotionRule):
    """A rule that only its JSON can tell."""

    json: Json | None = attribute(
        "The rule as it is stored, amounts in minor units; null for none yet."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """True for a rule that could not be read."""
        return isinstance(value, ShownRule) and value.value is None


class RuleTypes:
    """The types of all kinds' rules, for one schema: `input` and `outputs`."""

    def __init__(self, kinds: Iterable[PromotionType[Any]]) -> None:
        self._kinds = {kind_name(kind.key): kind for kind in kinds}
        self._enums: dict[str, Any] = {}
        self._inputs: dict[type, type] = {}
        self._outputs: dict[type, type] = {}
        members = {name: self._member(kind) for name, kind in self._kinds.items()}
        self.input = _made("PromotionRuleInput", members, "One rule, of one kind.", one_of=True)
        self.outputs = [UnknownRule, *(self._rule(kind) for kind in self._kinds.values())]

    def read(self, typed: Any) -> RuleInput:
        """The rule in a PromotionRuleInput."""
        for name, kind in self._kinds.items():
            value = getattr(typed, name, strawberry.UNSET)
            if value is not strawberry.UNSET and value is not None:
                return RuleInput(kind.key, _values(form_of(kind.Rule).fields, value))
        raise AssertionError("@oneOf has exactly one member")

    def _member(self, kind: PromotionType[Any]) -> "_Member":
        made: Any = self._input(kind.Rule, form_of(kind.Rule).fields, kind.texts.what.en)
        words = _words(kind.texts.title.en, kind.texts.title.zh)
        return _Member(made | None, strawberry.field(default=strawberry.UNSET, description=words))

    def _input(self, struct: type, fields: Sequence[FormField], what: str) -> type:
        if struct not in self._inputs:
            members = {field.attribute: self._input_field(struct, field) for field in fields}
            required = {name: one for name, one in members.items() if not one.may_be_left_out}
            name = f"{struct.__name__}Input"
            self._inputs[struct] = _made(name, required | members, what)
        return self._inputs[struct]

    def _input_field(self, owner: type, field: FormField) -> "_Member":
        if field.kind is FieldKind.GROUP:
            inner: Any = self._input(field.struct, field.fields, field.label.en)
        else:
            inner = Decimal if field.kind is FieldKind.AMOUNT else self._plain(owner, field)
        options: dict[str, Any] = {"name": field.name, "description": _described(field)}
        if not field.is_required:
            options["default"] = strawberry.UNSET
        return _Member(
            _typed(field, inner, optional=not field.is_required), strawberry.field(**options)
        )

    def _rule(self, kind: PromotionType[Any]) -> type:
        return self._output(kind.Rule, form_of(kind.Rule).fields, kind.texts.what.en, kind.key)

    def _output(
        self, struct: type, fields: Sequence[FormField], what: str, key: str | None = None
    ) -> type:
        if struct not in self._outputs:
            members: dict[str, Any] = {
                one.attribute: self._output_field(struct, one) for one in fields
            }
            bases: tuple[type, ...] = (PromotionRule,) if key else ()
            if key:
                members["is_type_of"] = classmethod(_shows(key))
            made = types.new_class(struct.__name__, bases, {}, lambda body: body.update(members))
            self._outputs[struct] = strawberry.type(made, description=what)
        return self._outputs[struct]

    def _output_field(self, owner: type, field: FormField) -> Any:
        if field.kind is FieldKind.GROUP:
            inner: Any = self._output(field.struct, field.fields, field.label.en)
        else:
            inner = Money if field.kind is FieldKind.AMOUNT else self._plain(owner, field)

        def resolve(self: Any) -> Any:
            value = getattr(self.value, field.attribute)
            if not field.is_list:
                return _shown(field, value, self)
            return [_shown(field, entry, self) for entry in value]

        resolve.__name__ = field.attribute
        resolve.__annotations__ = {"return": _typed(field, inner, optional=field.is_optional)}
        resolve.pure_attribute = True  # type: ignore[attr-defined]
        return strawberry.field(resolve, name=field.name, description=_described(field))

    def _plain(self, owner: type, field: FormField) -> Any:
        if field.kind is not FieldKind.CHOICE:
            return PLAIN[field.kind]
        if not all(ENUM_VALUE.fullmatch(choice) for choice in field.choices):
            return str
        name = owner.__name__ + field.name[0].upper() + field.name[1:]
        if name not in self._enums:
            made: Any = Enum(name, [(choice, choice) for choice in field.choices])  # type: ignore[misc]
            self._enums[name] = strawberry.enum(made, description=_described(field))
        return self._enums[name]


PLAIN: dict[FieldKind, Any] = {
    FieldKind.WHOLE: int,
    FieldKind.PERCENT: Decimal,
    FieldKind.TEXT: str,
    FieldKind.BOOLEAN: bool,
    FieldKind.ID: strawberry.ID,
}


class _Member(Struct, frozen=True):
    """A member of an input type: its Python type and its Strawberry field."""

    python_type: Any
    field: Any

    @property
    def may_be_left_out(self) -> bool:
        return bool(self.field.default is strawberry.UNSET)


def _made(name: str, members: dict[str, _Member], what: str, *, one_of: bool = False) -> type:
    body: dict[str, Any] = {attribute: member.field for attribute, member in members.items()}
    body["__annotations__"] = {
        attribute: member.python_type for attribute, member in members.items()
    }
    made = types.new_class(name, (), {}, lambda namespace: namespace.update(body))
    return strawberry.input(made, description=what, one_of=one_of or None)


def _typed(field: FormField, inner: Any, *, optional: bool) -> Any:
    found: Any = list[inner] if field.is_list else inner
    return found | None if optional else found


def _shows(key: str) -> Any:
    def is_type_of(cls: type, value: object, info: object) -> bool:
        return isinstance(value, ShownRule) and value.kind == key and value.value is not None

    return is_type_of


def _shown(field: FormField, value: Any, rule: ShownRule) -> Any:
    if value is None:
        return None
    if field.kind is FieldKind.AMOUNT:
        return money(value, rule.currency)
    if field.kind is FieldKind.PERCENT:
        return shown(value, PERCENT_DECIMALS)
    if field.kind is FieldKind.ID:
        return opaque_id(str(field.id_of), int(value))
    if field.kind is FieldKind.GROUP:
        return ShownRule("", value, rule.currency)
    return value


def _values(fields: Sequence[FormField], typed: Any) -> dict[str, Any]:
    values = {field.attribute: getattr(typed, field.attribute) for field in fields}
    return {
        field.attribute: _read(field, values[field.attribute])
        for field in fields
        if values[field.attribute] is not strawberry.UNSET
    }


def _read(field: FormField, value: Any) -> Any:
    if field.is_list and value is not None:
        return [_read_one(field, entry) for entry in value]
    return _read_one(field, value)


def _read_one(field: FormField, value: Any) -> Any:
    if value is None:
        return None
    if field.kind is FieldKind.ID:
        return str(row_of(str(field.id_of), value))
    if field.kind is FieldKind.GROUP:
        return _values(field.fields, value)
    return value.value if isinstance(value, Enum) else value


def _described(field: FormField) -> str:
    words = _words(field.label.en, field.label.zh)
    return words if words.endswith(".") else f"{words}."


def _words(en: str, zh: str) -> str:
    return en if en == zh else f"{en} ({zh})"
