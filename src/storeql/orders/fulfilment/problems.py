"""What can stand between a warehouse and a parcel, with its data."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from storeql.errors import Problem, Rejected


class FulfilmentStateConflict(Problem, frozen=True, kw_only=True):
    """The fulfilment, or the package, is in a state that does not allow this."""

    state: str
    code: str = "FULFILMENT_STATE_CONFLICT"


class WrongPiece(Problem, frozen=True, kw_only=True):
    """What was scanned does not belong here."""

    scanned: str
    code: str = "WRONG_PIECE"


class TooManyPieces(Problem, frozen=True, kw_only=True):
    """More pieces of a SKU than belong here; `left` could still go in."""

    sku: str
    given: int
    left: int
    code: str = "TOO_MANY_PIECES"


class MissingPiece(Struct, frozen=True):
    """So many pieces of a SKU are not there."""

    sku: str
    quantity: int


class PiecesMissing(Problem, frozen=True, kw_only=True):
    """Something has still to be picked, or to be packed."""

    missing: Sequence[MissingPiece]
    code: str = "PIECES_MISSING"


def fulfilment_conflict(state: str, *field: str, what: str = "fulfilment") -> Rejected:
    """The refusal of something that a state does not allow."""
    return Rejected(
        [
            FulfilmentStateConflict(
                message=f"The {what} is {state}: this cannot be done.",
                field=field or ("fulfilmentId",),
                state=state,
            )
        ]
    )


def pieces_missing(missing: Sequence[MissingPiece], done: str, *field: str) -> Rejected:
    """The refusal of something that comes too early; `done` is what has still to be done."""
    names = ", ".join(f"{one.quantity} × {one.sku}" for one in missing)
    message = f"Still to be {done}: {names}."
    return Rejected([PiecesMissing(message=message, field=field, missing=missing)])
