"""Staff write pages, banners and menus; shoppers see them from their instant on: over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from storeql.db import Database
from storeql.schema.ids import opaque_id
from storeql.schema.scalars import instant_text
from tests.customers.people import NOW, hired
from tests.scenarios.people_door import Door
from tests.scenarios.promotions_door import MARKETING
from tests.scenarios.shopping import open_small_shop

DAY = 86_400_000
ERRORS = "userErrors { code field ... on StaleVersion { current } }"
PAGE = """id slug title text html channel revision publishedAt withdrawnAt
    seoTitle standing version"""
SHOWN = "query ($slug: String!) { page(slug: $slug) { title text revision } }"
DRAFT = f"query ($slug: String!) {{ page(slug: $slug, drafts: true) {{ {PAGE} }} }}"
AT = "query ($slug: String!, $at: DateTime) { page(slug: $slug, at: $at) { title } }"
LINK = "link { kind url slug }"
MENU = f"id version title items {{ title {LINK} items {{ title {LINK} items {{ title }} }} }}"


class Editor:
    """A member of staff who looks after the storefront."""

    def __init__(self, door: Door) -> None:
        self.door = door
        self.token = door.staff(MARKETING)

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the one root field."""
        return self.door.ask(query, self.token, **variables)

    def change(self, verb: str, **given: Any) -> dict[str, Any]:
        """The payload of `pageCreate` and its like."""
        noun = verb.removesuffix("Create").removesuffix("Update")
        wanted = MENU if noun == "menu" else "id slug version revision title"
        kind = verb[0].upper() + verb[1:]
        payload: dict[str, Any] = self.ask(
            f"mutation ($input: {kind}Input!) {{ {verb}(input: $input) "
            f"{{ {noun} {{ {wanted} }} {ERRORS} }} }}",
            input=given,
        )
        return payload

    def made(self, verb: str, **given: Any) -> dict[str, Any]:
        """What was made; fails when there are user errors."""
        payload = self.change(verb, **given)
        assert payload["userErrors"] == []
        content: dict[str, Any] = payload[verb.removesuffix("Create").removesuffix("Update")]
        return content

    def publish(self, verb: str = "Publish", **given: Any) -> dict[str, Any]:
        """The payload of a publication or a withdrawal."""
        payload: dict[str, Any] = self.ask(
            f"mutation ($input: Content{verb}Input!) {{ content{verb}(input: $input) "
            f"{{ content {{ id version standing }} {ERRORS} }} }}",
            input=given,
        )
        return payload


@pytest.fixture
def shop(database_url: str, tmp_path: Path) -> Iterator[tuple[Door, Database]]:
    with open_small_shop(database_url, str(tmp_path)) as opened:
        hired(opened[1], MARKETING, "marketing")
        hired(opened[1], "clerk@example.cn", "orders")
        yield opened


@pytest.fixture
def editor(shop: tuple[Door, Database]) -> Editor:
    return Editor(shop[0])


def at(milliseconds: int) -> str:
    """The instant so long after the story's beginning."""
    return instant_text(NOW + milliseconds)


def test_a_draft_is_invisible_to_shoppers_and_visible_at_its_instant(editor: Editor) -> None:
    door = editor.door
    page = editor.made("pageCreate", title="About us", text="We sell **tea**.")
    assert (page["slug"], page["version"], page["revision"]) == ("about-us", 1, 1)
    assert door.ask(SHOWN, slug="about-us") is None
    assert editor.ask(DRAFT, slug="about-us")["standing"] == "DRAFT"

    scheduled = editor.publish(id=page["id"], expectedVersion=1, at=at(DAY))

    assert scheduled["content"] == {"id": page["id"], "version": 2, "standing": "SCHEDULED"}
    door.clock.now += DAY - 1
    assert door.ask(SHOWN, slug="about-us") is None
    door.clock.now += 1
    assert door.ask(SHOWN, slug="about-us") == {
        "title": "About us",
        "text": "We sell **tea**.",
        "revision": 1,
    }


def test_a_change_waits_until_it_is_published_and_an_old_revision_can_return(
    editor: Editor,
) -> None:
    door = editor.door
    page = editor.made("pageCreate", title="Returns", text="Within 7 days.", slug="returns")
    editor.publish(id=page["id"], expectedVersion=1)
    changed = editor.made("pageUpdate", id=page["id"], expectedVersion=2, text="Within 30 days.")
    assert (changed["revision"], changed["version"]) == (2, 3)
    assert door.ask(SHOWN, slug="returns")["text"] == "Within 7 days."

    door.clock.now += 1
    editor.publish(id=page["id"], expectedVersion=3)
    assert door.ask(SHOWN, slug="returns")["text"] == "Within 30 days."

    door.clock.now += 1
    editor.publish(id=page["id"], expectedVersion=4, revision=1)
    assert door.ask(SHOWN, slug="returns")["text"] == "Within 7 days."
    differences = """query ($id: ID!) {
      contentDifference(id: $id, fromRevision: 1, toRevision: 2) { path before after } }"""
    assert editor.ask(differences, id=page["id"]) == [
        {"path": "text", "before": "Within 7 days.", "after": "Within 30 days."}
    ]


def test_saving_what_is_there_already_makes_no_revision(editor: Editor) -> None:
    page = editor.made("pageCreate", title="Returns")
    same = editor.made("pageUpdate", id=page["id"], expectedVersion=1, title=" Returns ")
    assert (same["revision"], same["version"]) == (1, 2)


def test_a_revision_with_an_end_gives_way_to_the_one_before_it(editor: Editor) -> None:
    door = editor.door
    page = editor.made("pageCreate", title="Home")
    editor.publish(id=page["id"], expectedVersion=1)
    editor.made("pageUpdate", id=page["id"], expectedVersion=2, title="Singles' Day")

    editor.publish(id=page["id"], expectedVersion=3, at=at(DAY), until=at(2 * DAY))

    titles = [editor.ask(AT, slug="home", at=at(day * DAY))["title"] for day in range(3)]
    assert titles == ["Home", "Singles' Day", "Home"]
    door.clock.now += DAY
    assert door.ask(SHOWN, slug="home")["title"] == "Singles' Day"
    door.clock.now += DAY
    assert door.ask(SHOWN, slug="home")["title"] == "Home"


def test_what_is_withdrawn_is_gone_with_all_that_was_to_follow(editor: Editor) -> None:
    door = editor.door
    page = editor.made("pageCreate", title="Home")
    editor.publish(id=page["id"], expectedVersion=1)
    editor.made("pageUpdate", id=page["id"], expectedVersion=2, title="Later")
    editor.publish(id=page["id"], expectedVersion=3, at=at(3 * DAY))

    withdrawn = editor.publish("Withdraw", id=page["id"], expectedVersion=4, at=at(2 * DAY))

    assert withdrawn["userErrors"] == []
    assert door.ask(SHOWN, slug="home")["title"] == "Home"
    door.clock.now += 2 * DAY
    assert door.ask(SHOWN, slug="home") is None
    door.clock.now += 2 * DAY
    assert door.ask(SHOWN, slug="home") is None


def test_a_channel_shows_its_own_page_before_the_one_of_all_channels(
    editor: Editor, shop: tuple[Door, Database]
) -> None:
    door = editor.door
    for title, channel in (("Everywhere", None), ("On the web", opaque_id("Channel", 1))):
        page = editor.made("pageCreate", title=title, slug="hello", channelId=channel)
        editor.publish(id=page["id"], expectedVersion=1)
    refused = editor.change("pageCreate", title="Again", slug="hello")
    assert refused["userErrors"] == [{"code": "TAKEN", "field": ["slug"]}]

    assert door.ask(SHOWN, slug="hello")["title"] == "On the web"
    elsewhere = 'query { page(slug: "hello", channel: "nowhere") { title channel } }'
    assert door.ask(elsewhere) == {"title": "Everywhere", "channel": None}
    pages = door.ask("{ pages { totalCount nodes { title } } }")
    assert pages == {"totalCount": 2, "nodes": [{"title": "Everywhere"}, {"title": "On the web"}]}


def test_all_problems_of_a_menu_come_at_once_with_their_places(editor: Editor) -> None:
    nested: dict[str, Any] = {"title": "5"}
    for level in range(4, 0, -1):
        nested = {"title": str(level), "items": [nested]}
    refused = editor.change(
        "menuCreate",
        title="",
        items=[
            {"title": "A", "link": {"url": "javascript:alert(1)"}},
            {"title": "B", "link": {"categoryId": opaque_id("Category", 999)}},
            nested,
        ],
    )
    found = {".".join(error["field"]): error["code"] for error in refused["userErrors"]}
    assert found == {
        "title": "REQUIRED",
        "items.0.link.url": "INVALID_URL",
        "items.1.link": "NOT_FOUND",
        "items.2.items.0.items.0.items.0.items": "TOO_DEEP",
    }


def test_a_menu_leads_into_the_shop_and_loses_what_is_gone(editor: Editor) -> None:
    door = editor.door
    page = editor.made("pageCreate", title="About")
    menu = editor.made(
        "menuCreate",
        title="Main",
        items=[
            {"title": "Shop", "items": [{"title": "Home", "link": {"url": "/"}}]},
            {"title": "About", "link": {"pageId": page["id"]}},
        ],
    )
    editor.publish(id=menu["id"], expectedVersion=1)
    shown = (
        f'{{ menu(slug: "main") {{ title items {{ title {LINK} items {{ title {LINK} }} }} }} }}'
    )
    home = {"kind": "URL", "url": "/", "slug": None}
    shop = {
        "title": "Shop",
        "link": None,
        "items": [{"title": "Home", "link": home}],
    }
    about = {"kind": "PAGE", "url": None, "slug": "about"}

    assert door.ask(shown)["items"] == [shop, {"title": "About", "link": about, "items": []}]

    delete = """mutation ($input: ContentDeleteInput!) {
      contentDelete(input: $input) { deletedId userErrors { code } } }"""
    assert editor.ask(delete, input={"id": page["id"]})["deletedId"] == page["id"]
    assert door.ask(shown)["items"] == [shop]


def test_banners_hang_in_their_place_in_order(editor: Editor) -> None:
    door = editor.door
    for title, place, position in (
        ("Second", "home-top", 2),
        ("First", "home-top", 1),
        ("Elsewhere", "home-bottom", 0),
    ):
        link = {"url": "https://example.cn"}
        banner = editor.made("bannerCreate", title=title, place=place, position=position, link=link)
        editor.publish(id=banner["id"], expectedVersion=1)
    editor.made("bannerCreate", title="A draft", place="home-top")

    found = door.ask(f'{{ banners(place: "home-top") {{ nodes {{ title {LINK} }} }} }}')

    to = {"kind": "URL", "url": "https://example.cn", "slug": None}
    assert found["nodes"] == [{"title": "First", "link": to}, {"title": "Second", "link": to}]


def test_markdown_becomes_html_that_runs_nothing(editor: Editor) -> None:
    text = "# Hi\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ~~old~~"
    editor.made("pageCreate", title="Safe", slug="safe", text=text)
    html = editor.ask(DRAFT, slug="safe")["html"]
    assert html == (
        "<h1>Hi</h1>\n<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
        "<p>[x](javascript:alert(1)) <s>old</s></p>\n"
    )


def test_two_editors_do_not_overwrite_each_other(editor: Editor) -> None:
    page = editor.made("pageCreate", title="Home")
    editor.made("pageUpdate", id=page["id"], expectedVersion=1, title="Mine")
    for payload in (
        editor.change("pageUpdate", id=page["id"], expectedVersion=1, title="Yours"),
        editor.publish(id=page["id"], expectedVersion=1),
        editor.publish("Withdraw", id=page["id"], expectedVersion=1),
    ):
        assert payload["userErrors"] == [
            {"code": "STALE_VERSION", "field": ["expectedVersion"], "current": 2}
        ]


def test_only_editors_see_drafts_and_other_instants(editor: Editor) -> None:
    editor.made("pageCreate", title="Home")
    clerk = editor.door.staff("clerk@example.cn")
    for query in (DRAFT, AT):
        given = {"at": at(0)} if query == AT else {}
        assert editor.door.refusal(query, clerk, slug="home", **given) == "FORBIDDEN"
        assert editor.door.refusal(query, slug="home", **given) == "UNAUTHENTICATED"


def test_a_page_is_read_again_by_its_id_as_the_reader_may_see_it(editor: Editor) -> None:
    page = editor.made("pageCreate", title="Home")
    again = "query ($id: ID!) { node(id: $id) { ... on Page { title } } }"
    assert editor.ask(again, id=page["id"]) == {"title": "Home"}
    assert editor.door.ask(again, id=page["id"]) is None
    revisions = """query ($id: ID!) { contentRevisions(id: $id) {
      totalCount nodes { number actor standing fields { path value } } } }"""
    assert editor.ask(revisions, id=page["id"]) == {
        "totalCount": 1,
        "nodes": [
            {
                "number": 1,
                "actor": "staff:1",
                "standing": "DRAFT",
                "fields": [{"path": "title", "value": "Home"}],
            }
        ],
    }


def test_statements_do_not_grow_with_pages_or_links(
    editor: Editor, shop: tuple[Door, Database]
) -> None:
    def statements(query: str) -> int:
        seen: list[str] = []
        database = editor.door.http.app.state.shop.database  # type: ignore[attr-defined]
        database.recorder = seen.append
        editor.door.ask(query)
        database.recorder = None
        return len([text for text in seen if "storefront" in text or "slug" in text])

    menus = "{ menus { totalCount nodes { title items { title link { slug } } } } }"
    counts = []
    for number in range(3):
        page = editor.made("pageCreate", title=f"Page {number}")
        items = [{"title": "Page", "link": {"pageId": page["id"]}}] * (number + 1)
        menu = editor.made("menuCreate", title=f"Menu {number}", items=items)
        editor.publish(id=menu["id"], expectedVersion=1)
        counts.append(statements(menus))
    assert counts == [3, 3, 3]


def test_of_two_at_once_with_one_slug_one_is_told_that_it_is_taken(editor: Editor) -> None:
    with ThreadPoolExecutor(8) as together:
        payloads = list(
            together.map(lambda _: editor.change("pageCreate", title="Hi", slug="hi"), range(8))
        )
    codes = [error["code"] for payload in payloads for error in payload["userErrors"]]
    assert codes == ["TAKEN"] * 7
    assert sum(payload["page"] is not None for payload in payloads) == 1
