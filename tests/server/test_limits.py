"""The limits of a document, each in its own words, and what an operation costs."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from typing import Any

import pytest

from storeql.server import Limits, RequestInfo
from storeql.server.faults import Refusal
from tests.server.shop import ShopContext, client, codes, serve
from tests.work import calls_of

HTTP = client()
ACCEPT = {"accept": "application/graphql-response+json"}


def ask(query: str | None, http: Any = HTTP, **body: Any) -> Any:
    if query is not None:
        body["query"] = query
    return http.post("/graphql", json=body, headers=ACCEPT)


def bomb(fragments: int) -> str:
    """A document whose answer has 2 ** fragments fields."""
    spreads = [f"fragment F{n} on Query {{...F{n + 1} ...F{n + 1}}}" for n in range(fragments)]
    return " ".join(["{...F0}", *spreads, f"fragment F{fragments} on Query {{a: hello}}"])


@pytest.mark.parametrize(
    ("limit", "query", "code"),
    [
        ({"document_length": 50}, "{hello" + " " * 50 + "}", "DOCUMENT_LENGTH_LIMIT"),
        ({"tokens": 10}, "{" + "hello " * 10 + "}", "TOKEN_LIMIT"),
        ({"tokens": 10}, "# comment\n" * 11 + "{hello}", "TOKEN_LIMIT"),
        ({"depth": 2}, "{products {nodes {id}}}", "DEPTH_LIMIT"),
        ({"aliases": 2}, "{a: hello b: hello c: hello}", "ALIAS_LIMIT"),
        ({"root_fields": 2}, "{hello thread clientIp}", "ROOT_FIELD_LIMIT"),
        ({"merges": 1}, "{products {nodes {id} nodes {id} nodes {id}}}", "MERGE_LIMIT"),
        ({"directives": 1}, "{hello @skip(if: false) @include(if: true)}", "DIRECTIVE_LIMIT"),
        (
            {"introspections": 1},
            "{a: __schema {__typename} __schema {__typename}}",
            "INTROSPECTION_LIMIT",
        ),
        ({"cost": 10}, "{products(first: 5) {nodes {id name}}}", "COST_LIMIT"),
    ],
)
def test_each_limit_refuses_with_a_code_and_words_of_its_own(
    limit: dict[str, int], query: str, code: str
) -> None:
    answer = ask(query, client(limits=Limits(**limit)))
    assert (answer.status_code, codes(answer)) == (400, [code])
    assert str(next(iter(limit.values()))) in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    ("fragments", "refused"), [(10, []), (20, ["COST_LIMIT"]), (120, ["COST_LIMIT"])]
)
def test_fragments_that_spread_each_other_twice_are_counted(
    fragments: int, refused: list[str]
) -> None:
    answer = ask(bomb(fragments), client(limits=Limits(aliases=2**300, root_fields=2**300)))
    assert [error["extensions"]["code"] for error in answer.json().get("errors", ())] == refused


def test_fragments_that_spread_each_other_twice_take_linear_work() -> None:
    limits = Limits(aliases=2**300, root_fields=2**300)
    few, many = (calls_of(lambda n=n: prepare(bomb(n), limits)) for n in (20, 80))
    assert many < 5 * few


def prepare(query: str, limits: Limits | None = None) -> None:
    """Parses, measures and validates a document as the door does."""
    with suppress(Refusal):
        serve(limits)._view._operations._documents.document(query)


def test_fragments_that_spread_each_other_twice_count_as_what_they_answer() -> None:
    assert codes(ask(bomb(10))) == ["ALIAS_LIMIT"]


def test_fragments_in_a_circle_are_refused_by_validation() -> None:
    assert codes(ask("{...A} fragment A on Query {...B} fragment B on Query {...A}"))[0] == (
        "GRAPHQL_VALIDATION_FAILED"
    )


def test_a_long_chain_of_fragments_is_refused_and_not_a_bug() -> None:
    chain = " ".join(f"fragment F{n} on Query {{...F{n + 1}}}" for n in range(600))
    answer = ask(
        f"{{...F0}} {chain} fragment F600 on Query {{hello}}", client(limits=Limits(tokens=10_000))
    )
    assert answer.status_code == 400
    assert codes(answer)[0] in ("DEPTH_LIMIT", "GRAPHQL_VALIDATION_FAILED")


@pytest.mark.parametrize(
    "query",
    [
        "{" + "a " * 3_900 + "}",
        "{" + "hello " * 3_900 + "}",
        "{products {nodes {" + "id " * 3_900 + "}}}",
        "{products {nodes {" + "... {id} " * 950 + "}}}",
        "{products {" + "nodes {id} " * 950 + "}}",
        "{products {" + "nodes {... {id}} " * 480 + "}}",
        "query (" + "$a: Int " * 900 + ") {hello}",
        '{hello(name: "' + "x" * 90_000 + '")}',
        "{" * 1_900 + "}" * 1_900,
        "{hello(name: " + "[" * 1_900 + "]" * 1_900 + ")}",
    ],
)
def test_a_hostile_document_within_the_limits_is_little_work(query: str) -> None:
    # Three million calls are about a second; one field written 3,900 times takes half of that.
    assert calls_of(lambda: prepare(query)) < 3_000_000


@pytest.mark.parametrize(
    ("query", "variables", "cost"),
    [
        ("{hello}", {}, 1),
        ("{products {totalCount}}", {}, 1 + 20),
        ("{products(first: 7) {nodes {id name}}}", {}, 1 + 7 * 3),
        ("query ($n: Int) {products(first: $n) {nodes {id}}}", {"n": 9}, 1 + 9 * 2),
        ("query ($n: Int = 4) {products(first: $n) {nodes {id}}}", {}, 1 + 4 * 2),
        ("query ($n: Int) {products(first: $n) {nodes {id}}}", {}, 1 + 20 * 2),
        ('{named(ids: ["1", "2"]) {id}}', {}, 1 + 5),
        ("{...F ...F} fragment F on Query {products(first: 3) {totalCount}}", {}, 2 * (1 + 3)),
    ],
)
def test_the_cost_counts_fields_as_often_as_a_page_may_repeat_them(
    query: str, variables: dict[str, Any], cost: int
) -> None:
    answer = ask(query, variables=variables).json()
    assert answer["extensions"]["cost"] == {"requested": cost, "limit": 100_000}


def test_a_refusal_for_cost_tells_the_cost() -> None:
    query = "query ($n: Int) {products(first: $n) {nodes {id name priceMinor}}}"
    answer = ask(query, variables={"n": 10**9}).json()
    assert answer["errors"][0]["extensions"]["cost"]["requested"] == 1 + 10**9 * 4


def test_variables_may_not_be_too_many_or_too_deep() -> None:
    many = {"v": list(range(20_000))}
    assert codes(ask("{hello}", variables=many)) == ["VARIABLE_VALUES_LIMIT"]
    deep: Any = 1
    for _ in range(30):
        deep = [deep]
    assert codes(ask("{hello}", variables={"v": deep})) == ["VARIABLE_DEPTH_LIMIT"]


def test_an_introspection_is_answered_from_memory_the_second_time() -> None:
    query = "{__schema {types {name fields {name}}}}"
    opened: list[ShopContext] = []

    def opened_context(request: RequestInfo) -> ShopContext:
        context = ShopContext(request)
        context.response_cookies.append(f"visit={len(opened)}")
        opened.append(context)
        return context

    http = client(open_context=opened_context)
    first, second = ask(query, http), ask(query, http)
    assert first.content == second.content
    assert [answer.headers["set-cookie"] for answer in (first, second)] == ["visit=0", "visit=1"]


def persisted(text: str) -> dict[str, Any]:
    return {
        "persistedQuery": {"version": 1, "sha256Hash": hashlib.sha256(text.encode()).hexdigest()}
    }


def test_a_persisted_document_is_unknown_then_registered_then_known() -> None:
    http = client()
    extensions = persisted("{hello}")
    unknown = ask(None, http, extensions=extensions)
    assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
    assert codes(unknown) == ["PERSISTED_QUERY_NOT_FOUND"]
    assert ask("{hello}", http, extensions=extensions).status_code == 200
    assert ask(None, http, extensions=extensions).json()["data"] == {"hello": "Hello world"}


def test_a_persisted_document_with_another_hash_is_refused() -> None:
    answer = ask("{hello}", extensions=persisted("{thread}"))
    assert (answer.status_code, codes(answer)) == (400, ["BAD_REQUEST"])


def test_a_document_that_is_not_valid_is_not_persisted() -> None:
    http = client()
    ask("{nothing}", http, extensions=persisted("{nothing}"))
    assert codes(ask(None, http, extensions=persisted("{nothing}"))) == [
        "PERSISTED_QUERY_NOT_FOUND"
    ]


def test_persisted_documents_are_bounded() -> None:
    http = client(limits=Limits(persisted=1))
    ask("{hello}", http, extensions=persisted("{hello}"))
    ask("{thread}", http, extensions=persisted("{thread}"))
    assert codes(ask(None, http, extensions=persisted("{hello}"))) == ["PERSISTED_QUERY_NOT_FOUND"]
