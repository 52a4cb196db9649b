"""Staff upload pictures of products; shoppers see them in sizes, by product and by variant."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer

from storeql.catalog.images import add_image
from storeql.db import Database
from storeql.housekeeping import _sweep_pictures
from storeql.media.storage import storage_of
from storeql.shop import Shop
from tests.media.buckets import bucket_environment, make_bucket
from tests.media.samples import a_picture, opened
from tests.scenarios.catalog_door import Built
from tests.scenarios.tables_door import TableClerk, open_tables

DAY = 86_400_000
IMAGES = "images { id url alt width height small: url(size: SMALL) large: url(size: LARGE) }"
ADD = f"""
mutation ($input: ProductImageAddInput!) {{
  productImageAdd(input: $input) {{
    image {{ id url alt }} product {{ version {IMAGES} }} userErrors {{ code field }}
  }}
}}"""
CHANGES = {
    "productImageUpdate": "ProductImageUpdateInput",
    "productImageDelete": "ProductImageDeleteInput",
    "productImagesReorder": "ProductImagesReorderInput",
}
SHOW = """
mutation ($input: ProductVariantImagesSetInput!) {
  productVariantImagesSet(input: $input) {
    productVariant { sku images { id url } } userErrors { code field }
  }
}"""
READ = f"""
query ($id: ID!) {{
  product(id: $id, includeUnpublished: true) {{
    version {IMAGES} variants {{ sku images {{ alt url(size: MEDIUM) }} }}
  }}
}}"""


class Photographer(TableClerk):
    """A member of staff with pictures."""

    built: Built

    def picture(self, content: bytes, name: str = "cup.jpg") -> str:
        """The id of an uploaded file."""
        uploaded = self.upload(content, name)
        assert uploaded.status_code == 201
        return str(uploaded.json()["id"])

    def added(self, product: str, content: bytes | None = None, **more: Any) -> Any:
        """The payload of adding a picture."""
        upload = self.picture(a_picture() if content is None else content)
        return self.ask(ADD, input={"productId": product, "uploadId": upload, **more})

    def changed(self, mutation: str, **given: Any) -> Any:
        """The payload of another change of pictures."""
        query = f"""mutation ($input: {CHANGES[mutation]}!) {{ {mutation}(input: $input) {{
          image {{ alt }} product {{ version {IMAGES} }} userErrors {{ code field }} }} }}"""
        return self.ask(query, input=given)

    def fetch(self, url: str, **headers: str) -> Any:
        """A picture as a browser fetches it."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.door.http.get(url, headers=sent)

    @property
    def shop(self) -> Shop:
        """The shop behind the door."""
        found: Shop = self.door.http.app.state.shop  # type: ignore[attr-defined]
        return found

    def sweep(self, days: int) -> int:
        """How many files go, so many days later."""
        self.door.clock.now += days * DAY
        return _sweep_pictures(self.shop)


@pytest.fixture(params=["folder", "bucket"])
def clerk(
    request: pytest.FixtureRequest,
    database: Database,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Photographer]:
    settings: dict[str, Any] = {}
    if request.param == "bucket":
        endpoint = request.getfixturevalue("bucket_server")
        bucket_environment(monkeypatch, endpoint)
        make_bucket(endpoint, "pictures")
        settings["media_store"] = f"s3://pictures/{tmp_path.name}"
        storage_of.cache_clear()
    with open_tables(database_url, str(tmp_path / "media"), database, **settings) as opened_shop:
        opened_shop.__class__ = Photographer
        assert isinstance(opened_shop, Photographer)
        opened_shop.built = opened_shop.build()
        yield opened_shop
    storage_of.cache_clear()


@pytest.fixture(scope="module")
def bucket_server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


def test_an_uploaded_picture_is_shown_in_its_sizes_for_ever(clerk: Photographer) -> None:
    product = clerk.built.product()
    payload = clerk.added(product["id"], a_picture("JPEG", 1200, 800), alt="A cup 茶杯")
    assert payload["userErrors"] == []
    assert payload["product"]["version"] == product["version"] + 1
    [image] = payload["product"]["images"]
    assert (image["alt"], image["width"], image["height"]) == ("A cup 茶杯", 1200, 800)
    assert payload["image"] == {name: image[name] for name in ("id", "url", "alt")}
    for url, size, kind in (
        (image["url"], (1200, 800), "image/jpeg"),
        (image["small"], (160, 107), "image/webp"),
        (image["large"], (960, 640), "image/webp"),
    ):
        answer = clerk.fetch(url)
        assert answer.status_code == 200
        assert answer.headers["content-type"] == kind
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert opened(answer.content).size == size
        again = clerk.fetch(url, if_none_match=answer.headers["etag"])
        assert (again.status_code, again.content) == (304, b"")


def test_an_executable_that_is_called_jpg_is_refused(clerk: Photographer) -> None:
    product = clerk.built.product()
    svg = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    for content in (b"MZ\x90\x00" + b"\0" * 500, svg):
        payload = clerk.added(product["id"], content)
        assert payload["product"] is None and payload["image"] is None
        assert payload["userErrors"] == [{"code": "NOT_A_PICTURE", "field": ["uploadId"]}]


def test_pictures_are_described_put_in_order_and_taken_away(clerk: Photographer) -> None:
    product = clerk.built.product()["id"]
    ids = [
        clerk.added(product, a_picture("PNG", 30 + place, 30))["image"]["id"] for place in range(3)
    ]
    changed = clerk.changed("productImageUpdate", id=ids[1], alt="From above")
    assert changed["image"] == {"alt": "From above"}
    changed = clerk.changed("productImagesReorder", productId=product, imageIds=ids[::-1])
    assert [one["id"] for one in changed["product"]["images"]] == ids[::-1]
    for wrong in (ids[:2], [*ids, ids[0]], [ids[0]] * 3):
        refused = clerk.changed("productImagesReorder", productId=product, imageIds=wrong)
        assert refused["userErrors"] == [{"code": "NOT_THE_SAME", "field": ["imageIds"]}]
    changed = clerk.changed("productImageDelete", id=ids[2])
    assert [one["id"] for one in changed["product"]["images"]] == [ids[1], ids[0]]
    gone = clerk.changed("productImageDelete", id=ids[2])
    assert gone["userErrors"] == [{"code": "NOT_FOUND", "field": ["id"]}]
    stale = clerk.changed("productImageUpdate", id=ids[0], alt="x", expectedVersion=1)
    assert stale["userErrors"] == [{"code": "STALE_VERSION", "field": ["expectedVersion"]}]
    long = clerk.changed("productImageUpdate", id=ids[0], alt="x" * 501)
    assert long["userErrors"] == [{"code": "TOO_LONG", "field": ["alt"]}]


def test_a_variant_is_shown_by_pictures_of_its_product(clerk: Photographer) -> None:
    built = clerk.built
    product = built.product()
    variant = product["variants"][0]["id"]
    first = clerk.added(product["id"], a_picture("PNG", 30, 30), alt="1")["image"]["id"]
    second = clerk.added(product["id"], a_picture("PNG", 31, 30), alt="2")["image"]["id"]
    other = built.product(name="Plate", variants=[built.variant("PLATE-1")])["id"]
    foreign = clerk.added(other, a_picture("PNG", 32, 30))["image"]["id"]
    shown = clerk.ask(SHOW, input={"id": variant, "imageIds": [second, first]})
    assert [one["id"] for one in shown["productVariant"]["images"]] == [first, second]
    refused = clerk.ask(SHOW, input={"id": variant, "imageIds": [first, foreign]})
    assert refused["userErrors"] == [{"code": "NOT_FOUND", "field": ["imageIds", "1"]}]
    clerk.changed("productImageDelete", id=second)
    [read] = clerk.ask(READ, id=product["id"])["variants"]
    assert [one["alt"] for one in read["images"]] == ["1"]
    assert opened(clerk.fetch(read["images"][0]["url"]).content).size == (30, 30)
    shown = clerk.ask(SHOW, input={"id": variant, "imageIds": []})
    assert shown["productVariant"]["images"] == []


def test_the_same_picture_is_one_file_and_once_in_a_product(clerk: Photographer) -> None:
    built = clerk.built
    one = built.product()["id"]
    other = built.product(name="Plate", variants=[built.variant("PLATE-1")])["id"]
    first, again = clerk.added(one, alt="First"), clerk.added(one, alt="Again")
    assert again["image"] == first["image"]
    assert len(again["product"]["images"]) == 1
    assert clerk.added(other)["image"]["url"] == first["image"]["url"]


def test_files_that_no_product_has_go_after_some_days(clerk: Photographer) -> None:
    product = clerk.built.product()["id"]
    image = clerk.added(product)["product"]["images"][0]
    kept = clerk.added(product, a_picture("PNG"))["image"]
    clerk.changed("productImageDelete", id=image["id"])
    assert [clerk.sweep(days) for days in (0, 2, 0)] == [0, 0, 0]
    assert clerk.fetch(image["url"]).status_code == 200  # a backup may still name it
    assert clerk.sweep(2) == 1
    assert clerk.fetch(image["url"]).status_code == 404
    assert clerk.fetch(image["small"]).status_code == 404
    assert clerk.fetch(kept["url"]).status_code == 200
    assert clerk.sweep(5) == 0


def test_a_deletion_never_meets_a_new_upload_of_the_same_picture(clerk: Photographer) -> None:
    product = clerk.built.product()["id"]
    image = clerk.added(product)["image"]
    clerk.changed("productImageDelete", id=image["id"])
    assert clerk.sweep(2) == 0  # now nobody may take its name any more
    again = clerk.added(product)["image"]
    assert again["url"] != image["url"]
    assert clerk.sweep(2) == 1
    assert clerk.fetch(image["url"]).status_code == 404
    assert clerk.fetch(again["url"]).status_code == 200


def test_a_process_that_dies_before_its_row_leaves_a_file_that_goes_by_itself(
    clerk: Photographer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dying(*_: Any, **__: Any) -> None:
        raise RuntimeError

    product = clerk.built.product()["id"]
    url = clerk.added(product)["image"]["url"]
    upload = clerk.picture(a_picture("PNG"))
    with monkeypatch.context() as patch:
        patch.setattr(add_image, "hold", dying)
        clerk.door.answer(ADD, clerk.token, input={"productId": product, "uploadId": upload})
    with clerk.shop.database.reading() as connection:
        paths = [row[0] for row in connection.text("SELECT path FROM media_files").fetchall()]
    [orphan] = [path for path in paths if not url.endswith(path)]
    assert clerk.fetch(f"/media/{orphan}").status_code == 200
    assert [clerk.sweep(2), clerk.sweep(2)] == [0, 1]
    assert clerk.fetch(f"/media/{orphan}").status_code == 404
    assert clerk.fetch(url).status_code == 200


def test_a_missing_thumbnail_is_made_of_a_picture_that_is_there_and_of_nothing_else(
    clerk: Photographer,
) -> None:
    product = clerk.built.product()["id"]
    image = clerk.added(product, a_picture("JPEG", 1200, 800))["product"]["images"][0]
    name = image["small"].removeprefix("/media/")
    clerk.shop.storage.delete(name)
    assert opened(clerk.fetch(image["small"]).content).size == (160, 107)
    assert clerk.shop.storage.get(name) is not None
    for wrong in (
        image["small"].replace("_160", "_161"),
        image["small"].replace("_160", "_160_160"),
        "/media/images/aa/none_160.webp",
        "/media/../shop.sqlite",
        "/media/%2e%2e/%2e%2e/etc/passwd",
        "/media/images",
    ):
        assert clerk.fetch(wrong).status_code == 404, wrong


def test_pictures_are_for_those_who_manage_products(clerk: Photographer) -> None:
    product = clerk.built.product()["id"]
    upload = clerk.picture(a_picture())
    wish = {"productId": product, "uploadId": upload}
    assert clerk.door.refusal(ADD, "", input=wish) == "UNAUTHENTICATED"
    customer = clerk.door.customer("buyer@example.cn")
    assert clerk.door.refusal(ADD, customer, input=wish) == "FORBIDDEN"


def test_the_reads_take_the_same_statements_however_many_pictures(clerk: Photographer) -> None:
    product = clerk.built.product()["id"]

    def statements() -> int:
        seen: list[str] = []
        clerk.shop.database.recorder = seen.append
        clerk.ask(READ, id=product)
        clerk.shop.database.recorder = None
        return len(seen)

    clerk.added(product)
    one = statements()
    for width in range(40, 44):
        clerk.added(product, a_picture("PNG", width, 30))
    assert statements() == one <= 5


def test_staff_who_add_the_same_picture_at_once_all_have_it(clerk: Photographer) -> None:
    built = clerk.built
    products = [
        built.product(name=f"Cup {place}", variants=[built.variant(f"CUP-{place}")])["id"]
        for place in range(6)
    ]
    uploads = [clerk.picture(a_picture("JPEG", 400, 300)) for _ in products]
    urls: list[str] = []

    def add(product: str, upload: str) -> None:
        payload = clerk.ask(ADD, input={"productId": product, "uploadId": upload})
        urls.append(payload["image"]["url"])

    threads = [
        threading.Thread(target=add, args=pair) for pair in zip(products, uploads, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(urls) == 6 and len(set(urls)) == 1
    assert clerk.fetch(urls[0]).status_code == 200
