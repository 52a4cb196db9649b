"""The demo's pictures: one for every product, drawn alike every time."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from storeql.catalog.tables import product_images
from storeql.db import Database, statement
from storeql.demo.content import Ware, load_content
from storeql.demo.drawing.album import drawn
from storeql.demo.drawing.designs import DESIGNS
from storeql.demo.plan.pictures import Drawing
from storeql.demo.seed import seed_demo
from tests.demo.conftest import NOW

WARES = load_content().wares


@pytest.mark.parametrize("ware", WARES, ids=lambda ware: ware.code)
def test_every_ware_has_a_picture(ware: Ware) -> None:
    picture = Image.open(BytesIO(drawn(Drawing(ware.drawing, 0, "#8aa8c2", ware.type))))
    assert (picture.format, picture.size) == ("WEBP", (800, 800))
    assert len(picture.convert("RGB").getcolors(maxcolors=800 * 800) or ()) > 500


def test_no_design_is_left_over() -> None:
    assert set(DESIGNS) == {ware.drawing for ware in WARES}


def test_the_same_drawing_is_the_same_file_and_another_style_is_not() -> None:
    lamp = Drawing("desk_lamp", 0, "#97ae92", "lighting")
    assert drawn(lamp) == drawn(lamp)
    assert drawn(lamp) != drawn(Drawing("desk_lamp", 2, "#97ae92", "lighting"))


def test_every_row_of_a_picture_has_its_file(database: Database, tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    seed_demo(
        database,
        media_dir=tmp_path / "media",
        products=9,
        customers=1,
        orders=0,
        now=NOW,
        progress=lambda *news: told.append(news),
    )
    with database.reading() as connection:
        rows = connection.rows(
            statement(select(product_images.c.path, product_images.c.alt, product_images.c.width))
        )
    assert len(rows) >= 9
    for path, alt, width in rows:
        assert Image.open(tmp_path / "media" / path).size == (width, width)
        assert alt
    assert ("pictures", len(rows), len(rows)) in told
    assert told[-1] == ("products", 9, 9)
