"""A shelf of plain records whose types note what they are asked, for looking at compiled code."""

from __future__ import annotations

import enum
from typing import Annotated, Any, NewType

import strawberry
from msgspec import Struct
from strawberry.schema.config import StrawberryConfig

from storeql.server.documents import Documents, Operation
from storeql.server.limits import Limits
from storeql.server.permissions import Guards
from storeql.server.plans import Plans
from storeql.server.preparation import Preparation
from tests.server.fuzz.permissions import Asking

ROWS = 30
Sku = NewType("Sku", str)


@strawberry.enum
class Colour(enum.Enum):
    RED = "r"
    NOTHING = None
    PAIR = ([1], 2)
    SCARLET = strawberry.enum_value("r2", name="SCARLET_RED")
    VERMILION = strawberry.enum_value("r2", name="VERMILION_RED")


class OwnerRecord(Struct):
    of: str


class MakerRecord(Struct):
    text: str = "maker"
    owner: Any = None


class ItemRecord(Struct):
    text: str = "item"
    number: int = 1
    ratio: float = 0.5
    flag: bool = True
    key: str = "k"
    sku: str = "sku"
    colour: Any = Colour.RED
    maker: Any = None
    owner: Any = None


class ShelfRecord(Struct):
    items: Any = ()
    pairs: Any = ()
    things: Any = ()
    words: Any = ()
    tags: Any = ()


ASKED: list[object] = []
SERIALIZED: list[object] = []
SHELF = ShelfRecord()


def known_by(*classes: type) -> Any:
    """An `is_type_of` that declares its classes and notes what it is asked about."""

    def is_type_of(value: object, info: object) -> bool:
        ASKED.append(value)
        return isinstance(value, classes)

    is_type_of.record_classes = classes  # type: ignore[attr-defined]
    return staticmethod(is_type_of)


def pure(resolver: Any) -> Any:
    resolver.pure_attribute = True
    return strawberry.field(resolver)


def serialize_sku(value: Any) -> str:
    SERIALIZED.append(value)
    return str(value)


serialize_sku.passes_type = str  # type: ignore[attr-defined]


@strawberry.type
class Owner:
    of: str

    @staticmethod
    def is_type_of(value: Any, info: Any) -> bool:
        """Owners belong below one type of records."""
        return bool(info.parent_type.name == value.of)


@strawberry.interface
class Texted:
    text: str
    owner: Owner | None

    @strawberry.field
    def resolved(self) -> str:
        return "resolved"


@strawberry.type
class Maker(Texted):
    is_type_of = known_by(MakerRecord)

    @pure
    def greeting(info: strawberry.Info, maker: strawberry.Parent[Any], word: str = "hello") -> str:
        return f"{word} from {maker.text} as {info.path.key}"


@strawberry.type
class Item(Texted):
    is_type_of = known_by(ItemRecord)
    number: int
    ratio: float
    flag: bool
    key: strawberry.ID
    sku: Sku
    colour: Colour | None
    maker: Maker | None

    @pure
    def doubled(self) -> int:
        return self.number * 2


@strawberry.type
class Tag:
    """A type that takes any record."""

    text: str


@strawberry.type
class Shelf:
    items: list[Item | None]
    pairs: list[list[Item] | None]
    things: list[Annotated[Item | Maker, strawberry.union("Thing")]]

    words: list[str | None] | None
    tags: list[Tag]

    @pure
    def texted(self) -> list[Texted]:
        return self.things  # type: ignore[return-value]


@strawberry.type
class Query:
    @strawberry.field
    def shelf(self) -> Shelf | None:
        return SHELF  # type: ignore[return-value]

    @strawberry.field
    def nothing(self) -> Shelf | None:
        return None


CONFIG = StrawberryConfig(
    scalar_map={Sku: strawberry.scalar(name="Sku", serialize=serialize_sku)},
    enable_experimental_incremental_execution=True,
)
SCHEMA = strawberry.Schema(Query, types=[Item, Maker], config=CONFIG)._schema
GUARDS = Guards(SCHEMA)
LIMITS = Limits(
    aliases=10_000, root_fields=1_000, depth=100, cost=10**12, tokens=10**6, merges=10**6
)


def fill() -> ShelfRecord:
    """The shelf, full of good records, with nothing noted yet."""
    records = [ItemRecord(maker=MakerRecord() if n % 3 else None) for n in range(ROWS)]
    SHELF.items = [*records, None]
    SHELF.pairs = [(record, record) for record in records]
    SHELF.things = [*records, *(MakerRecord() for _ in range(ROWS))]
    SHELF.words = ("word", None, "")
    SHELF.tags = records
    ASKED.clear()
    SERIALIZED.clear()
    return SHELF


def operation(text: str) -> Operation:
    """The operation of a document, compiled from its first run on."""
    found = Documents(SCHEMA, GUARDS, LIMITS, suggestions=True).document(text).operation(None)
    found.plans = Plans(warm_up=0)
    return found


def run(op: Operation) -> Any:
    """What the operation answers."""
    asking = Asking(frozenset(), is_authenticated=True, number=0)
    return Preparation(SCHEMA, GUARDS, True).executor(op, {}, asking).execute_operation()
