"""The files behind the page: what npm published, compressed, cached for good, from here alone."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

from storeql.server.graphiql.assets import FOLDER, load_assets
from tests.server.graphiql.conftest import Open

VENDOR = FOLDER / "vendor"
MANIFEST = json.loads((VENDOR / "manifest.json").read_text())
OWN = sorted((*FOLDER.glob("web/*"), *FOLDER.glob("pages/*"), *FOLDER.glob("tabs/*")))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("entry", MANIFEST["assets"], ids=lambda entry: entry["name"])
def test_vendored_files_are_the_published_ones(entry: dict[str, str]) -> None:
    stored = gzip.decompress((VENDOR / f"{entry['name']}.gz").read_bytes())
    assert _sha256(stored) == entry["sha256"]
    assert {"package", "version", "source", "licence"} <= entry.keys()


@pytest.mark.parametrize("entry", MANIFEST["licences"], ids=lambda entry: entry["name"])
def test_licences_are_kept_beside_them(entry: dict[str, str]) -> None:
    assert _sha256((VENDOR / "licences" / entry["name"]).read_bytes()) == entry["sha256"]


def test_the_vendor_folder_holds_nothing_else() -> None:
    named = {f"{entry['name']}.gz" for entry in MANIFEST["assets"]}
    assert {path.name for path in VENDOR.glob("*")} == named | {"manifest.json", "licences"}
    licences = {entry["name"] for entry in MANIFEST["licences"]}
    assert {path.name for path in (VENDOR / "licences").iterdir()} == licences


def test_the_whole_page_stays_small() -> None:
    assert sum(len(asset.gzipped) for asset in load_assets().by_name.values()) < 700_000


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.name)
def test_what_we_wrote_names_no_other_site(path: Path) -> None:
    # The namespace of SVG is a name, not an address that anybody opens.
    text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
    assert not re.search(r"(https?|wss?):?//|(src|href)=\"//|url\(", text)


def test_assets_are_sent_compressed_and_kept_for_good(open_shop: Open) -> None:
    digest = load_assets().digest
    response = open_shop().get(f"/graphiql/assets/{digest}/react.js")
    assert response.headers["content-encoding"] == "gzip"
    assert response.headers["content-type"] == "text/javascript; charset=utf-8"
    assert response.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert response.headers["vary"] == "Accept-Encoding"


def test_clients_without_gzip_get_the_same_bytes(open_shop: Open) -> None:
    shop, address = open_shop(), f"/graphiql/assets/{load_assets().digest}/start.js"
    plain = shop.get(address, headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == shop.get(address).content == (FOLDER / "web/start.js").read_bytes()


@pytest.mark.parametrize("name", ["nothing.js", "manifest.json", "..%2fassets.py"])
def test_other_files_are_not_served(open_shop: Open, name: str) -> None:
    address = f"/graphiql/assets/{load_assets().digest}/{name}"
    assert open_shop().get(address).status_code == 404


def test_the_address_of_another_release_is_gone(open_shop: Open) -> None:
    assert open_shop().get("/graphiql/assets/0123456789abcdef/react.js").status_code == 404
