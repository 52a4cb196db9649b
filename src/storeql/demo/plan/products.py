"""One product of the demo shop, whole: texts, variants, prices, attributes, tags and stock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from msgspec import Struct

from storeql.demo.content import Content, TypeSpec
from storeql.demo.plan.attributes import attribute_values
from storeql.demo.plan.descriptions import description_of
from storeql.demo.plan.designations import Designation, designation
from storeql.demo.plan.options import Chosen, choose_options
from storeql.demo.plan.stock import Supply, supply_of
from storeql.demo.plan.tags import tags_of
from storeql.demo.plan.variants import PlannedVariant, calculation, plan_variants

DAY = 86_400_000
OLDEST_DAYS = 540
NEWER = 1.5  # above 1: more of the goods are recent
DRAFTS = 0.02
ABROAD = 0.34
MOST_POPULAR = 40.0


class PlannedProduct(Struct, frozen=True, kw_only=True):
    """A product to create; `published_at` is None for a draft.

    `popularity` is how often it is bought compared with the others; `colours` are those of its
    variants' pictures.
    """

    place: int
    what: Designation
    description: str
    options: tuple[tuple[str, tuple[str, ...]], ...]
    created_at: int
    published_at: int | None
    is_abroad: bool
    attributes: dict[str, str]
    tags: tuple[str, ...]
    popularity: float
    supply: Supply
    colours: tuple[str, ...]
    variants: tuple[PlannedVariant, ...]


def plan_products(
    content: Content, count: int, *, seed: int, now: int, variants: int | None = None
) -> Iterator[PlannedProduct]:
    """The first `count` products as they stand at `now`; `variants` fixes how many each has."""
    types = {type_.slug: type_ for type_ in content.types}
    for place in range(count):
        what = designation(content, place)
        random = Random(f"{seed} product {place}")
        chosen = choose_options(what.ware, content.axes, random=random, variants=variants)
        yield _product(
            content, what, type_=types[what.ware.type], chosen=chosen, place=place, random=random,
            now=now,
        )  # fmt: skip


def _product(
    content: Content,
    what: Designation,
    *,
    type_: TypeSpec,
    chosen: Sequence[Chosen],
    place: int,
    random: Random,
    now: int,
) -> PlannedProduct:
    # The draws keep this order: a new one goes last, or every shop changes.
    created_at = now - 2 * DAY - round(OLDEST_DAYS * DAY * random.random() ** NEWER)
    popularity, supply = min(random.paretovariate(1.3), MOST_POPULAR), supply_of(random)
    costs = calculation(type_, what, random=random)
    attributes = attribute_values(type_, what, created_at=created_at, random=random)
    variants = plan_variants(
        what.ware, chosen, place=place, costs=costs, supply=supply, popularity=popularity,
        random=random,
    )  # fmt: skip
    is_draft = random.random() < DRAFTS
    return PlannedProduct(
        place=place,
        what=what,
        description=description_of(content, what, random=random),
        options=_options(chosen),
        created_at=created_at,
        published_at=None if is_draft else created_at + random.randrange(DAY),
        is_abroad=random.random() < ABROAD,
        attributes=attributes,
        tags=tags_of(
            what,
            attributes,
            age_days=(now - created_at) // DAY,
            popularity=popularity,
            is_reduced=costs.before is not None,
        ),
        popularity=popularity,
        supply=supply,
        colours=_colours(what, chosen),
        variants=variants,
    )


def _options(chosen: Sequence[Chosen]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple(
        (one.axis.name.both, tuple(value.label.both for value in one.values)) for one in chosen
    )


def _colours(what: Designation, chosen: Sequence[Chosen]) -> tuple[str, ...]:
    for one in chosen:
        shades = tuple(value.hex for value in one.values if value.hex)
        if shades:
            return shades
    return (what.ware.tints[what.style],)
