"""Works out what the products of some rows are to be, and what becomes of each row.

A row that does not fit is left out and the product is tried again without it, until all that is
left fits together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec
from msgspec import UNSET, Struct, field

from storeql.catalog.slugs import slug_of
from storeql.catalog.transfer.columns import Known, TransferKind
from storeql.catalog.transfer.drafts import ProductDraft, RowProblem, VariantDraft, problems_of
from storeql.catalog.transfer.merge_product import merge_product, merge_published, new_product
from storeql.catalog.transfer.merge_variant import Names, merge_variant
from storeql.catalog.transfer.records import RowResult
from storeql.catalog.transfer.state import Lists, ProductState, Shelf
from storeql.catalog.variants.options import checked_option_names
from storeql.inputs import Fields

PRODUCT_LEFT_OUT = "PRODUCT_LEFT_OUT"


class Terms(Struct, frozen=True, kw_only=True):
    """What rows are merged by: what the table is about, what it may name, why stock changes."""

    kind: TransferKind
    known: Known
    reason: str
    now: int

    @property
    def names(self) -> Names:
        """Slugs of channels and warehouses by row number."""
        return Names(
            {row: slug for slug, (row, _) in self.known.channels.items()},
            {row: slug for slug, row in self.known.warehouses.items()},
            dict(self.known.channels.values()),
        )


class Merged(Struct, kw_only=True):
    """The states that products are to have, by slug, and what becomes of the rows."""

    products: dict[str, ProductState] = field(default_factory=dict)
    results: dict[int, RowResult] = field(default_factory=dict)
    problems: list[RowProblem] = field(default_factory=list)


def keys_of(drafts: Iterable[ProductDraft]) -> tuple[list[str], list[str]]:
    """The slugs and SKUs by which the products of drafts are found, slugs they may get included."""
    drafts = list(drafts)
    slugs = {slug for draft in drafts for slug in (draft.slug, *_free_slugs(draft)) if slug}
    return sorted(slugs), sorted({row.sku for draft in drafts for row in draft.rows})


def lists_named(drafts: Iterable[ProductDraft]) -> dict[str, set[str]]:
    """What drafts name by slug, for `load_lists`."""
    named: dict[str, set[str]] = {"product_types": set()}
    for draft in drafts:
        named["product_types"].add(draft.product_type)
        for name, slugs in draft.places().items():
            if slugs is not UNSET:
                named.setdefault(name, set()).update(slugs)
    return named


def merge(drafts: Sequence[ProductDraft], shelf: Shelf, lists: Lists, terms: Terms) -> Merged:
    """What is to be of everything that the drafts are about; nothing given is changed."""
    merging = _Merging(shelf, lists, terms)
    for draft in drafts:
        merging.add(draft)
    return merging.merged


class _Merging:
    """The products of one block, one draft after the other."""

    def __init__(self, shelf: Shelf, lists: Lists, terms: Terms) -> None:
        self._shelf, self._lists, self._terms = shelf, lists, terms
        self._names = terms.names
        self.merged = Merged()

    def add(self, draft: ProductDraft) -> None:
        """Merges a draft into the product it is about, or into each that it is about."""
        self._report(draft.problems)
        for part in self._by_product(draft):
            self._add(part)

    def _by_product(self, draft: ProductDraft) -> list[ProductDraft]:
        """The draft, divided among the products that have its SKUs where it names none itself."""
        if draft.slug:
            return [draft]
        owned: dict[int, list[VariantDraft]] = {}
        new: list[VariantDraft] = []
        for row in draft.rows:
            owner = self._shelf.by_sku.get(row.sku)
            (new if owner is None else owned.setdefault(owner, [])).append(row)
        if not owned:
            return [draft]
        next(iter(owned.values())).extend(new)
        return [
            msgspec.structs.replace(draft, slug=self._shelf.products[owner].slug, rows=rows)
            for owner, rows in owned.items()
        ]

    def _add(self, draft: ProductDraft) -> None:
        rows, before = draft.rows, self._before(draft)
        if draft.broken and before is None:
            self._leave_out(rows)
            return
        if draft.broken:
            draft = _without_product(draft)
        while rows:
            trial = msgspec.structs.replace(draft, rows=rows)
            state, problems = self._tried(trial, before)
            if not problems:
                assert state is not None
                self._keep(state, before, rows)
                return
            self._report(problems)
            bad = {problem.row for problem in problems}
            rows = [row for row in rows if row.row not in bad]
            if state is None:
                break
            if before is not None and draft.first_row in bad:
                draft = _without_product(draft)
        self._leave_out(rows)

    def _before(self, draft: ProductDraft) -> ProductState | None:
        """The product as it stands, in the shop or by the rows above; None for a new one."""
        merged = self.merged.products.get(draft.slug)
        if merged is not None:
            return merged
        found = self._shelf.by_slug.get(draft.slug)
        return None if found is None else self._shelf.products[found]

    def _tried(
        self, draft: ProductDraft, before: ProductState | None
    ) -> tuple[ProductState | None, list[RowProblem]]:
        fields = Fields()
        state = self._new(draft, fields) if before is None else before.copy()
        if state is not None:
            merge_product(state, draft, fields, self._lists)
        problems = problems_of(draft.first_row, fields)
        if state is None:
            return None, problems
        for row in draft.rows:
            problems += self._merge_row(state, row)
        if not problems:
            fields = Fields()
            channels, now = self._names.channels, self._terms.now
            merge_published(state, draft, fields, slugs=channels, now=now)
            problems = problems_of(draft.first_row, fields)
        return (None if before is None and fields.problems else state), problems

    def _new(self, draft: ProductDraft, fields: Fields) -> ProductState | None:
        """A new product; None where it cannot be one, which is then noted."""
        if self._terms.kind is not TransferKind.PRODUCTS or not (draft.slug or draft.name):
            fields.report("NOT_FOUND", "There is no variant with this SKU.", "sku")
            return None
        slug = draft.slug or next(
            (one for one in _free_slugs(draft) if not self._is_taken(one)), ""
        )
        if not slug and draft.name is not UNSET:
            fields.report("TAKEN", "Other products are called like this: give a slug.", "slug")
        state = new_product(draft, fields, self._lists, slug=slug)
        if state is not None:
            options = next((row.options for row in draft.rows if row.options is not UNSET), ())
            below = Fields()
            state.option_names = checked_option_names(below, [name for name, _ in options])
            for problem in below.problems:
                fields.report(problem.code, problem.message, "options")
        return None if fields.problems else state

    def _merge_row(self, state: ProductState, row: VariantDraft) -> list[RowProblem]:
        fields = Fields()
        owner = self._shelf.by_sku.get(row.sku)
        if owner is not None and owner != state.id:
            fields.report("TAKEN", "Another product has a variant of this SKU.", "sku")
        else:
            merge_variant(
                state,
                row,
                fields,
                names=self._names,
                floors=self._lists.floors,
                reason=self._terms.reason,
            )
        return problems_of(row.row, fields)

    def _keep(
        self, state: ProductState, before: ProductState | None, rows: Sequence[VariantDraft]
    ) -> None:
        self.merged.products[state.slug] = state
        known = {} if before is None else before.variants
        for row in rows:
            old = known.get(row.sku)
            if old is None:
                result = RowResult.CREATED
            elif old != state.variants[row.sku]:
                result = RowResult.UPDATED
            else:
                result = RowResult.UNCHANGED
            self.merged.results[row.row] = result
        first = rows[0].row
        is_changed = before is not None and _itself(before) != _itself(state)
        if is_changed and self.merged.results[first] is RowResult.UNCHANGED:
            self.merged.results[first] = RowResult.UPDATED

    def _is_taken(self, slug: str) -> bool:
        return slug in self._shelf.by_slug or slug in self.merged.products

    def _leave_out(self, rows: Iterable[VariantDraft]) -> None:
        message = "The product of this row cannot be imported."
        self._report(RowProblem(row.row, PRODUCT_LEFT_OUT, message, None) for row in rows)

    def _report(self, problems: Iterable[RowProblem]) -> None:
        for problem in problems:
            self.merged.problems.append(problem)
            self.merged.results[problem.row] = RowResult.BAD


def _free_slugs(draft: ProductDraft) -> list[str]:
    """Slugs to try for a new product that came without one."""
    base = "" if draft.slug or draft.name is UNSET else slug_of(draft.name)
    if not base or not draft.rows:
        return []
    return [base, slug_of(f"{base} {draft.rows[0].sku}")]


def _without_product(draft: ProductDraft) -> ProductDraft:
    """The rows of a draft alone: what its first row says of the product is left out."""
    return ProductDraft(first_row=draft.first_row, slug=draft.slug, rows=draft.rows)


def _itself(state: ProductState) -> Mapping[str, object]:
    """A product without its variants."""
    return {name: getattr(state, name) for name in state.__struct_fields__ if name != "variants"}
