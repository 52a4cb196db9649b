"""The limits of a document, checked before validation, each refused in its own words."""

from __future__ import annotations

from graphql import DocumentNode, GraphQLError, parse

from storeql.server.cost import LARGEST_REPORTED
from storeql.server.faults import Refusal, document_refusal, refusal
from storeql.server.limits import Limits
from storeql.server.measure import Measure

WORDS = {
    "length": "at most {} characters",
    "tokens": "at most {} tokens",
    "depth": "at most {} levels of fields",
    "aliases": "at most {} aliases",
    "root_fields": "at most {} root fields",
    "directives": "at most {} directives",
    "merges": "at most {} pairs of fields that might merge",
    "introspections": "at most {} introspection fields",
}
CODES = {
    "length": "DOCUMENT_LENGTH_LIMIT",
    "tokens": "TOKEN_LIMIT",
    "depth": "DEPTH_LIMIT",
    "aliases": "ALIAS_LIMIT",
    "root_fields": "ROOT_FIELD_LIMIT",
    "directives": "DIRECTIVE_LIMIT",
    "merges": "MERGE_LIMIT",
    "introspections": "INTROSPECTION_LIMIT",
}


def over(what: str, limit: int, asked: int | None = None) -> Refusal:
    """The refusal of a document past a limit; `asked` is how much it has, where that is known."""
    found = "" if asked is None else f"; it has {min(asked, LARGEST_REPORTED)}"
    message = f"A document may have {WORDS[what].format(limit)}{found}."
    return refusal(CODES[what], message, well_formed=True, limit=limit)


def parsed(text: str, limits: Limits) -> DocumentNode:
    """The parsed document; raises Refusal for its syntax, its length or its tokens."""
    if len(text) > limits.document_length:
        raise over("length", limits.document_length, len(text))
    try:
        return parse(text, max_lexical_tokens=limits.tokens, max_comments=limits.tokens)
    except GraphQLError as error:
        if error.message.endswith("Parsing aborted."):
            raise over("tokens", limits.tokens) from None
        raise document_refusal([error], "GRAPHQL_PARSE_FAILED") from None


def check_measure(measure: Measure, limits: Limits) -> None:
    """Raises Refusal for the first limit that an operation is past."""
    for what, asked, limit in (
        ("depth", measure.depth, limits.depth),
        ("aliases", measure.aliases, limits.aliases),
        ("root_fields", measure.top_fields, limits.root_fields),
        ("introspections", measure.introspections, limits.introspections),
    ):
        if asked > limit:
            raise over(what, limit, asked)


def check_cost(cost: int, limit: int) -> None:
    """Raises Refusal when an operation costs too much."""
    if cost > limit:
        raise refusal(
            "COST_LIMIT",
            f"The operation costs {cost}, of at most {limit}: ask for fewer items or fields.",
            well_formed=True,
            cost={"requested": cost, "limit": limit},
        )
