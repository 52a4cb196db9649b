"""Options tell the variants of a product apart: 颜色 and 尺码, one value of each per variant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from storeql.catalog.inputs import OptionInput
from storeql.catalog.records import OptionValues, SelectedOption
from storeql.inputs import Fields

MOST_OPTIONS = 5
LONGEST_OPTION = 100

Values = tuple[str, ...]

_OPTIONS = msgspec.json.Decoder(list[OptionValues])
_SELECTED = msgspec.json.Decoder(list[SelectedOption])


def checked_option_names(fields: Fields, given: Sequence[str]) -> Values:
    """The names of a product's options in order; problems are noted in `fields`."""
    if not fields.count("optionNames", given, most=MOST_OPTIONS):
        return ()
    below = fields.at("optionNames")
    names = tuple(
        below.line(str(place), name, most=LONGEST_OPTION) for place, name in enumerate(given)
    )
    if len(set(names)) < len(names):
        fields.report("DUPLICATE", "Two options have the same name.", "optionNames")
    return names


def checked_options(
    fields: Fields, given: Sequence[OptionInput], names: Sequence[str]
) -> Values | None:
    """A variant's value for each option in the product's order; None when one is wrong."""
    if sorted(fields.line("options", one.name, required=False) for one in given) != sorted(names):
        wanted = ", ".join(names) or "no options"
        message = f"The variant needs exactly one value for each option: {wanted}."
        fields.report("OPTIONS_MISMATCH", message, "options")
        return None
    values: dict[str, str] = {}
    for place, one in enumerate(given):
        entry = fields.at("options", str(place))
        name = entry.line("name", one.name, required=False)
        values[name] = entry.line("value", one.value, most=LONGEST_OPTION)
    return tuple(values[name] for name in names)


def refuse_equal(fields: Fields, values: Values | None, others: Iterable[Values]) -> None:
    """Notes it when another variant has the same options."""
    if values is not None and values in others:
        fields.report("DUPLICATE", "Another variant has the same options.", "options")


def product_options(names: Sequence[str], variants: Iterable[Values]) -> str:
    """A product's options as JSON: each with the values its variants have, in their order."""
    columns = list(zip(*variants, strict=True)) or [() for _ in names]
    options = [
        OptionValues(name, tuple(dict.fromkeys(values)))
        for name, values in zip(names, columns, strict=True)
    ]
    return msgspec.json.encode(options).decode()


def selected_options(names: Sequence[str], values: Values) -> str:
    """A variant's options as JSON."""
    chosen = [SelectedOption(name, value) for name, value in zip(names, values, strict=True)]
    return msgspec.json.encode(chosen).decode()


def option_names(options_json: str) -> Values:
    """The names in a product's options."""
    return tuple(option.name for option in _OPTIONS.decode(options_json))


def option_values(selected_json: str) -> Values:
    """The values in a variant's options."""
    return tuple(option.value for option in _SELECTED.decode(selected_json))
