"""User errors of the warehouse that carry data: a wrong piece, too many, some missing."""

from collections.abc import Sequence

import strawberry

from storeql.orders.fulfilment import problems
from storeql.schema.fields import answers, attribute
from storeql.schema.problems import UserError


@strawberry.type(
    name="FulfilmentStateConflict",
    description="The state of the fulfilment, of its package or of its list does not allow this.",
)
@answers(problems.FulfilmentStateConflict)
class FulfilmentStateConflictError(UserError):
    """A change that comes too late, or too early."""

    state: str = attribute("Where it is now.")


@strawberry.type(name="WrongPiece", description="What was scanned does not belong here.")
@answers(problems.WrongPiece)
class WrongPieceError(UserError):
    """A piece of something else."""

    scanned: str = attribute("The code that was scanned.")


@strawberry.type(name="TooManyPieces", description="More pieces than belong here.")
@answers(problems.TooManyPieces)
class TooManyPiecesError(UserError):
    """A piece too many."""

    sku: str = attribute("The stock keeping unit.")
    given: int = attribute("How many were given.")
    left: int = attribute("How many could still go in.")


@strawberry.type(description="Pieces that are not there.")
@answers(problems.MissingPiece)
class MissingPiece:
    """What is missing of one SKU."""

    sku: str = attribute("The stock keeping unit.")
    quantity: int = attribute("How many pieces.")


@strawberry.type(name="PiecesMissing", description="Something has still to be packed.")
@answers(problems.PiecesMissing)
class PiecesMissingError(UserError):
    """A package that was closed too early."""

    missing: Sequence[MissingPiece] = attribute("What is not in a package yet.")


FULFILMENT_PROBLEMS: list[type] = [
    FulfilmentStateConflictError,
    WrongPieceError,
    TooManyPiecesError,
    PiecesMissingError,
]
