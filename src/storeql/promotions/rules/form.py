"""The form of a rule: its fields with words, bounds and units, read off the rule's own struct."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any, NamedTuple

import msgspec
from msgspec import Struct, inspect

from storeql.pricing import Text
from storeql.promotions.rules.fields import Unit

DEEPEST = 3
ID_UNITS = {
    Unit.VARIANT: "ProductVariant",
    Unit.GIFT_VARIANT: "ProductVariant",
    Unit.PRODUCT: "Product",
    Unit.COUPON: "Promotion",
    Unit.CUSTOMER_GROUP: "CustomerGroup",
}
ENDINGS = ("_minor", "_basis_points")


class FormError(Exception):
    """A rule that no form can show; the message names the field and why."""


class FieldKind(Enum):
    """What a field takes. AMOUNT: decimal money in the promotion's currency. PERCENT: decimal."""

    WHOLE = "WHOLE"
    AMOUNT = "AMOUNT"
    PERCENT = "PERCENT"
    TEXT = "TEXT"
    BOOLEAN = "BOOLEAN"
    CHOICE = "CHOICE"
    ID = "ID"
    GROUP = "GROUP"


class FormField(Struct, frozen=True, kw_only=True):
    """One field. `name` is the API's, `attribute` the rule's.

    `least` and `most` bound a number in the rule's own unit (minor units, basis points), or the
    length of a text; `least_entries` and `most_entries` bound a list. `default` is the rule's own
    value, None where the field must be given or may be left empty. `id_of` names the type of an
    ID, `struct` the class of a GROUP.
    """

    name: str
    attribute: str
    kind: FieldKind
    label: Text
    is_required: bool
    is_optional: bool = False
    is_list: bool = False
    least: int | None = None
    most: int | None = None
    least_entries: int | None = None
    most_entries: int | None = None
    default: Any = None
    choices: tuple[str, ...] = ()
    id_of: str | None = None
    is_gift: bool = False
    struct: Any = None
    fields: tuple[FormField, ...] = ()


class Form(Struct, frozen=True):
    """The fields of a rule in the order they were written."""

    fields: tuple[FormField, ...]

    @property
    def has_amounts(self) -> bool:
        """True when the rule needs a currency."""
        return any(field.kind is FieldKind.AMOUNT for field in _walk(self.fields))


class NamedIds(NamedTuple):
    """Ids in one field of a rule, at its path in the API."""

    path: tuple[str, ...]
    field: FormField
    ids: tuple[str, ...]


_forms: dict[type, Form] = {}


def form_of(rule_type: type[Any]) -> Form:
    """The form of a rule. Raises FormError for a field no form can show."""
    form = _forms.get(rule_type)
    if form is None:
        form = _forms[rule_type] = Form(_fields(rule_type, depth=1))
    return form


def gift_variants(rule: Struct) -> tuple[str, ...]:
    """Ids of the variants that a rule may add to a basket, ascending."""
    found = {key for named in named_ids(rule) if named.field.is_gift for key in named.ids}
    return tuple(sorted(found, key=lambda key: (len(key), key)))


def named_ids(rule: Struct) -> list[NamedIds]:
    """The ids that a rule names, one entry per ID field, wherever it lies."""
    return _named(form_of(type(rule)).fields, rule, ())


def api_name(attribute: str) -> str:
    """The field's name in the API: camelCase, without the ending that tells the unit."""
    for ending in ENDINGS:
        attribute = attribute.removesuffix(ending)
    head, *rest = attribute.split("_")
    return head + "".join(part.capitalize() for part in rest)


def kind_name(key: str) -> str:
    """The kind's name among the API's rule inputs: HAPPY_HOUR is happyHour."""
    head, *rest = key.lower().split("_")
    return head + "".join(part.capitalize() for part in rest)


def _walk(fields: tuple[FormField, ...]) -> list[FormField]:
    return [one for field in fields for one in (field, *_walk(field.fields))]


def _named(fields: Sequence[FormField], value: Any, path: tuple[str, ...]) -> list[NamedIds]:
    found: list[NamedIds] = []
    for field in fields:
        inner, at = getattr(value, field.attribute), (*path, field.name)
        if inner is None or field.kind not in (FieldKind.ID, FieldKind.GROUP):
            continue
        many = inner if field.is_list else (inner,)
        if field.kind is FieldKind.ID:
            found.append(NamedIds(at, field, tuple(many)))
            continue
        for place, group in enumerate(many):
            below = (*at, str(place)) if field.is_list else at
            found.extend(_named(field.fields, group, below))
    return found


def _fields(struct: type[Struct], *, depth: int) -> tuple[FormField, ...]:
    try:
        described = inspect.type_info(struct)
    except Exception as error:
        raise FormError(f"{struct.__name__} cannot be described: {error}") from error
    assert isinstance(described, inspect.StructType)
    if depth > DEEPEST:
        raise FormError(f"{struct.__name__} lies deeper than {DEEPEST} levels.")
    if not described.fields:
        raise FormError(f"{struct.__name__} has no fields.")
    return tuple(_Reader(struct.__name__, field, depth).read() for field in described.fields)


class _Reader:
    """Reads one field of a struct; what the annotations say is gathered on the way down."""

    def __init__(self, owner: str, field: inspect.Field, depth: int) -> None:
        self._where = f"{owner}.{field.name}"
        self._field = field
        self._depth = depth
        self._unit: Unit | None = None
        self._label: Text | None = None
        self._parts: dict[str, Any] = {}

    def read(self) -> FormField:
        kind = self._kind(self._field.type)
        if self._unit is Unit.MINOR:
            kind = FieldKind.AMOUNT
        elif self._unit is Unit.BASIS_POINTS:
            kind = FieldKind.PERCENT
        elif self._unit is not None:
            kind = FieldKind.ID
            self._parts.update(id_of=ID_UNITS[self._unit], is_gift=self._unit is Unit.GIFT_VARIANT)
        name = api_name(self._field.name)
        return FormField(
            name=name,
            attribute=self._field.name,
            kind=kind,
            label=self._label or Text(name, name),
            is_required=self._field.required,
            default=self._default(),
            **self._parts,
        )

    def _default(self) -> Any:
        if self._field.default is not msgspec.NODEFAULT:
            return self._field.default
        if self._field.default_factory is not msgspec.NODEFAULT:
            return self._field.default_factory()
        return None

    def _kind(self, found: inspect.Type) -> FieldKind:
        if isinstance(found, inspect.Metadata):
            extra = found.extra or {}
            self._unit = extra.get("unit", self._unit)
            self._label = extra.get("label", self._label)
            return self._kind(found.type)
        if isinstance(found, inspect.UnionType):
            return self._optional(found)
        if isinstance(found, inspect.VarTupleType):
            return self._list(found)
        return self._plain(found)

    def _optional(self, found: inspect.UnionType) -> FieldKind:
        others = [one for one in found.types if not isinstance(one, inspect.NoneType)]
        if len(others) != 1 or len(found.types) != 2:
            raise FormError(f"{self._where}: a union is not supported in a rule.")
        self._parts["is_optional"] = True
        return self._kind(others[0])

    def _list(self, found: inspect.VarTupleType) -> FieldKind:
        if self._parts.get("is_list"):
            raise FormError(f"{self._where}: a list of lists is not supported in a rule.")
        self._parts.update(
            is_list=True, least_entries=found.min_length, most_entries=found.max_length
        )
        return self._kind(found.item_type)

    def _plain(self, found: inspect.Type) -> FieldKind:
        if isinstance(found, inspect.IntType):
            self._parts.update(
                least=_bound(found.ge, found.gt, 1), most=_bound(found.le, found.lt, -1)
            )
            return FieldKind.WHOLE
        if isinstance(found, inspect.StrType):
            self._parts.update(least=found.min_length, most=found.max_length)
            return FieldKind.TEXT
        if isinstance(found, inspect.BoolType):
            return FieldKind.BOOLEAN
        if isinstance(found, inspect.LiteralType):
            self._parts["choices"] = tuple(map(str, found.values))
            return FieldKind.CHOICE
        if isinstance(found, inspect.StructType):
            self._parts.update(struct=found.cls, fields=_fields(found.cls, depth=self._depth + 1))
            return FieldKind.GROUP
        if isinstance(found, inspect.ListType):
            raise FormError(f"{self._where}: a list in a rule is written tuple[…, ...].")
        raise FormError(f"{self._where}: {_told(found)} is not supported in a rule.")


def _bound(inclusive: float | None, exclusive: float | None, step: int) -> int | None:
    if inclusive is not None:
        return int(inclusive)
    return None if exclusive is None else int(exclusive) + step


def _told(found: inspect.Type) -> str:
    return type(found).__name__.removesuffix("Type").lower()
