"""Reads a rule that staff sent into the kind's struct, with every problem at its own field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from storeql.decimals import PERCENT_DECIMALS, scaled, shown
from storeql.inputs import Fields
from storeql.pricing import PromotionType
from storeql.promotions.rules.form import FieldKind, Form, FormField

PLACE = re.compile(r"(.*?) - at `\$\.?(.*)`", re.DOTALL)
STEP = re.compile(r"[^.\[\]]+")

_UNREAD = object()


def read_rule(
    kind: PromotionType[Any],
    form: Form,
    values: Mapping[str, Any],
    *,
    exponent: int,
    fields: Fields,
) -> Struct | None:
    """The rule, or None when something is wrong; `fields` lies at the rule's part of the input.

    `exponent` is that of the promotion's currency.
    """
    known = len(fields.problems)
    raw = _RuleReader(exponent).group(form.fields, values, fields)
    if len(fields.problems) > known:
        return None
    try:
        rule: Struct = msgspec.convert(raw, kind.Rule)
    except msgspec.ValidationError as error:
        _report_refusal(str(error), form, fields)
        return None
    return rule


class _RuleReader:
    """Turns API values into the rule's own: decimal texts into minor units and basis points."""

    def __init__(self, exponent: int) -> None:
        self._exponent = exponent

    def group(
        self, form: Sequence[FormField], values: Mapping[str, Any], fields: Fields
    ) -> dict[str, Any]:
        raw: dict[str, Any] = {}
        for field in form:
            if field.attribute in values:
                read = self._field(field, values[field.attribute], fields)
                if read is not _UNREAD:
                    raw[field.attribute] = read
            elif field.is_required:
                fields.report("REQUIRED", "This must be given.", field.name)
        return raw

    def _field(self, field: FormField, value: Any, fields: Fields) -> Any:
        if value is None:
            if not field.is_optional:
                fields.report("REQUIRED", "This must be given.", field.name)
            return None if field.is_optional else _UNREAD
        if not field.is_list:
            return self._one(field, value, fields, field.name)
        most = field.most_entries if field.most_entries is not None else len(value)
        fields.count(field.name, value, least=field.least_entries or 0, most=most)
        return [
            self._one(field, entry, fields, field.name, str(place))
            for place, entry in enumerate(value)
        ]

    def _one(self, field: FormField, value: Any, fields: Fields, *names: str) -> Any:
        if field.kind is FieldKind.GROUP:
            return self.group(field.fields, value, fields.at(*names))
        if field.kind is FieldKind.AMOUNT:
            return self._number(field, scaled(value, self._exponent), self._exponent, fields, names)
        if field.kind is FieldKind.PERCENT:
            return self._number(
                field, scaled(value, PERCENT_DECIMALS), PERCENT_DECIMALS, fields, names
            )
        if field.kind is FieldKind.WHOLE:
            return self._number(field, value, 0, fields, names)
        if field.kind is FieldKind.TEXT:
            at, name = fields.at(*names[:-1]), names[-1]
            return at.line(name, value, most=field.most or len(value), required=bool(field.least))
        return value

    def _number(
        self,
        field: FormField,
        number: int | None,
        decimals: int,
        fields: Fields,
        names: tuple[str, ...],
    ) -> Any:
        if number is None:
            fields.report("TOO_PRECISE", f"At most {decimals} decimals are allowed here.", *names)
            return _UNREAD
        if field.least is not None and number < field.least:
            least = shown(field.least, decimals)
            fields.report("OUT_OF_RANGE", f"This must be at least {least}.", *names)
        elif field.most is not None and number > field.most:
            most = shown(field.most, decimals)
            fields.report("OUT_OF_RANGE", f"This must be at most {most}.", *names)
        return number


def _report_refusal(message: str, form: Form, fields: Fields) -> None:
    """A refusal by the rule itself, at the field that msgspec's path names."""
    match = PLACE.fullmatch(message)
    said, path = (match[1], match[2]) if match else (message, "")
    names: list[str] = []
    known: Sequence[FormField] = form.fields
    for step in STEP.findall(path):
        found = next((field for field in known if field.attribute == step), None)
        if found is not None:
            known = found.fields
        names.append(found.name if found else step)
    fields.report("INVALID_RULE", said.rstrip(".") + ".", *names)
