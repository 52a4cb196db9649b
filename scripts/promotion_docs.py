"""Writes docs/promotions: a page for each kind, from its texts, its form and the case book.

`make docs` runs it; a test holds the pages to what it writes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from storeql.hooks import load_hooks
from storeql.pricing import PromotionType
from storeql.promotions import FieldKind, FormField, form_of
from storeql.promotions.rules.form import kind_name
from storeql.promotions.rules.read_input import PERCENT_DECIMALS, shown
from storeql.testing.book import Book, BookCase, read_book

ROOT = Path(__file__).parent.parent
BOOKS = ROOT / "tests/pricing/cases"
PAGES = ROOT / "docs/promotions"
TAKES = {
    FieldKind.WHOLE: "whole number",
    FieldKind.AMOUNT: "amount",
    FieldKind.PERCENT: "percent",
    FieldKind.TEXT: "text",
    FieldKind.BOOLEAN: "true or false",
    FieldKind.GROUP: "group",
}


def main() -> None:
    """Writes every page."""
    PAGES.mkdir(exist_ok=True)
    for name, text in pages().items():
        (PAGES / name).write_text(text, encoding="utf-8")


def pages() -> Mapping[str, str]:
    """The text of every page by its file name."""
    kinds = sorted(load_hooks(installed=False).promotion_types, key=lambda kind: kind.key)
    books = {book.kind: book for book in map(read_book, sorted(BOOKS.glob("*.toml")))}
    found = {page_name(kind): page(kind, books[kind.key]) for kind in kinds}
    return {**found, "README.md": index(kinds, [book for book in books.values() if book.kind])}


def page_name(kind: PromotionType[Any]) -> str:
    """The file of a kind's page."""
    return f"{kind.key.lower()}.md"


def index(kinds: Sequence[PromotionType[Any]], books: Sequence[Book]) -> str:
    """The list of all kinds, with what each does."""
    count = sum(len(book.cases) for book in books)
    rows = [
        (
            f"[{kind.texts.title.en}]({page_name(kind)})",
            kind.texts.title.zh,
            kind.lane.value,
            kind.texts.what.en,
        )
        for kind in kinds
    ]
    return "\n".join(
        [
            "# Kinds of promotion",
            "",
            f"What storeql brings itself, each kind a plugin like any other. The {count} examples",
            "on these pages are part of the [case book](../../tests/pricing/cases), which a test",
            "runs; `make docs` writes the pages from it and from the kinds.",
            "",
            *table(("Kind", "种类", "Lane", "What it does"), rows),
            "",
        ]
    )


def page(kind: PromotionType[Any], book: Book) -> str:
    """All about one kind: when to use it, how to set it up, how it reckons."""
    texts, arithmetic = kind.texts, book.arithmetic
    if arithmetic is None:
        raise ValueError(f"{book.path}: say in [arithmetic] how {kind.key} reckons")
    return "\n".join(
        [
            f"# {texts.title.en} · {texts.title.zh}",
            "",
            f"`{kind.key}`, in the lane {kind.lane.value}.",
            "",
            *both("What it does · 说明", texts.what.en, texts.what.zh),
            *both("When to use it · 适用场景", texts.when.en, texts.when.zh),
            *both("How to set it up · 操作方法", texts.how.en, texts.how.zh),
            "## The rule",
            "",
            "As `promotionCreate` takes it; ids are written as the names of what they stand for.",
            "",
            *rule_example(kind, book),
            "",
            *table(("Field", "Takes", "Words"), field_rows(form_of(kind.Rule).fields)),
            "",
            *both("Arithmetic · 计算方式", arithmetic.en, arithmetic.zh),
            *examples(kind, book),
        ]
    )


def both(title: str, english: str, chinese: str) -> list[str]:
    """A section in both languages."""
    return [f"## {title}", "", english, "", chinese, ""]


def rule_example(kind: PromotionType[Any], book: Book) -> list[str]:
    """The first offer of the book as a mutation."""
    member = kind_name(kind.key)
    offer = next(offer for offer in book.offers.values() if member in offer)
    rule = graphql(offer[member], form_of(kind.Rule).fields, indent="      ")
    currency = '\n    currency: "CNY"' if form_of(kind.Rule).has_amounts else ""
    return [
        "```",
        "mutation {",
        "  promotionCreate(input: {",
        f'    name: "{kind.texts.title.en}"{currency}',
        f"    rule: {{ {member}: {rule} }}",
        "  }) { promotion { id } userErrors { field message } }",
        "}",
        "```",
    ]


def graphql(typed: Any, form: Sequence[FormField], *, indent: str) -> str:
    """A group of a rule as GraphQL text."""
    known = {field.name: field for field in form}
    parts = [f"{name}: {value(known[name], one, indent)}" for name, one in typed.items()]
    text = f"{{ {', '.join(parts)} }}"
    if len(text) <= 80:
        return text
    return "{\n" + "".join(f"{indent}  {part}\n" for part in parts) + indent + "}"


def value(field: FormField, one: Any, indent: str) -> str:
    """One value of a rule as GraphQL text."""
    if isinstance(one, list):
        inner = [value(field, entry, f"{indent}  ") for entry in one]
        text = f"[{', '.join(inner)}]"
        if len(text) <= 80:
            return text
        return "[\n" + "".join(f"{indent}    {entry}\n" for entry in inner) + f"{indent}  ]"
    if field.kind is FieldKind.GROUP:
        return graphql(one, field.fields, indent=indent)
    if isinstance(one, bool):
        return str(one).lower()
    return str(one) if isinstance(one, int) or field.kind is FieldKind.CHOICE else f'"{one}"'


def field_rows(form: Sequence[FormField], above: str = "") -> Iterator[tuple[str, str, str]]:
    """A row for each field, groups before what is in them."""
    for field in form:
        name = f"{above}{field.name}"
        words = field.label.en if field.label.en == field.label.zh else _words(field)
        yield f"`{name}`{'' if field.is_required else ' (optional)'}", taken(field), words
        yield from field_rows(field.fields, f"{name}.")


def _words(field: FormField) -> str:
    return f"{field.label.en} · {field.label.zh}"


def taken(field: FormField) -> str:
    """What a field takes, with its bounds."""
    if field.kind is FieldKind.CHOICE:
        one = " or ".join(f"`{choice}`" for choice in field.choices)
    elif field.kind is FieldKind.ID:
        one = f"`{field.id_of}` id"
    else:
        one = TAKES[field.kind]
    bounds = bounded(field)
    if not field.is_list:
        return f"{one}{bounds}"
    least = field.least_entries or 0
    return f"{least} to {field.most_entries} × {one}{bounds}"


def bounded(field: FormField) -> str:
    """The bounds of a number that people could run into."""
    if field.kind is FieldKind.WHOLE:
        return f", {field.least} to {field.most}"
    if field.kind is FieldKind.PERCENT and field.least is not None and field.most is not None:
        least, most = (shown(bound, PERCENT_DECIMALS) for bound in (field.least, field.most))
        return f", {least} to {most}"
    return ""


def examples(kind: PromotionType[Any], book: Book) -> Iterator[str]:
    """The cases of the book under the offers they try."""
    yield from ("## Examples · 示例", "", "The offers:", "")
    for name, offer in book.offers.items():
        yield f"- **{name}**: {told_offer(offer)}"
    yield ""
    rows = [
        (case.name, bought(case), ", ".join(case.offers), case.expected.total, outcome(case))
        for case in book.cases
    ]
    yield from table(("Case", "Basket", "Offers", "To pay", "What comes out"), rows)
    yield ""


def told_offer(offer: Mapping[str, Any]) -> str:
    """An offer in one line, its rule and its terms."""
    return ", ".join(f"{name} {plain(one)}" for name, one in offer.items())


def plain(one: Any) -> str:
    """A value of the book in one line."""
    if isinstance(one, Mapping):
        return "{ " + ", ".join(f"{name}: {plain(entry)}" for name, entry in one.items()) + " }"
    if isinstance(one, list):
        return "[" + ", ".join(map(plain, one)) + "]"
    return str(one).lower() if isinstance(one, bool) else str(one)


def bought(case: BookCase) -> str:
    """A basket with what else matters for its price."""
    lines = [
        f"{name} {one if isinstance(one, str) else plain(one)}"
        for name, one in case.raw["basket"].items()
    ]
    others = [
        f"{name}: {plain(case.raw[name])}"
        for name in ("buyer", "delivery", "codes", "chosen", "currency", "payment")
        if name in case.raw
    ]
    return "; ".join([*lines, *others])


def outcome(case: BookCase) -> str:
    """Prices of lines where there are several, gifts, the trace, and how it was reckoned."""
    expected = case.expected
    lines = expected.lines if len(expected.lines) > 1 else {}
    parts = [f"{name} {price}" for name, price in lines.items()]
    parts += [f"{name}: {given}" for name, given in expected.gifts.items()]
    parts += [f"{name} {told}" for name, told in expected.trace.items()]
    why = case.raw.get("why")
    return "; ".join(parts) + (f" ({why})" if why else "")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """A table in Markdown."""
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', '∣') for cell in row)} |"


if __name__ == "__main__":
    main()
