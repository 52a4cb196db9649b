"""A picture is decoded within bounds and encoded again: upright, in sRGB, and nothing beside."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from storeql.errors import Rejected
from storeql.media import pictures
from storeql.media.names import PictureSize
from storeql.media.pictures import read_picture, thumbnail_of
from tests.media.samples import BLUE, GREEN, RED, a_picture, drawing, near, opened, saved

SECRET = b"GPS 31.2304 N, 121.4737 E <script>alert(1)</script>"


def refusal(content: bytes) -> str:
    with pytest.raises(Rejected) as refused:
        read_picture(content)
    [problem] = refused.value.problems
    assert problem.field == ("uploadId",)
    return problem.code


@pytest.mark.parametrize(
    "form,kept",
    [("JPEG", "jpg"), ("PNG", "png"), ("WEBP", "webp"), ("GIF", "png"), ("AVIF", "webp")],
)
def test_a_picture_is_kept_with_thumbnails_under_the_hash_of_its_content(
    form: str, kept: str
) -> None:
    picture = read_picture(a_picture(form, 1200, 800))
    assert (picture.extension, picture.width, picture.height) == (kept, 1200, 800)
    assert picture.sha256 == hashlib.sha256(picture.content).hexdigest()
    image = opened(picture.content)
    assert image.size == (1200, 800)
    assert near(image.convert("RGB").getpixel((100, 700)), RED)
    assert near(image.convert("RGB").getpixel((1100, 700)), GREEN)
    shown = {size: opened(content) for size, content in picture.thumbnails.items()}
    assert {size: image.size for size, image in shown.items()} == {
        PictureSize.SMALL: (160, 107),
        PictureSize.MEDIUM: (480, 320),
        PictureSize.LARGE: (960, 640),
    }
    assert {image.format for image in shown.values()} == {"WEBP"}


def test_the_same_picture_is_the_same_file_and_a_png_keeps_every_pixel() -> None:
    content = a_picture("PNG")
    first = read_picture(content)
    assert first == read_picture(content)
    assert opened(first.content).tobytes() == drawing().tobytes()


def test_a_small_picture_is_not_made_larger() -> None:
    picture = read_picture(a_picture("PNG", 40, 30))
    assert opened(picture.thumbnails[PictureSize.LARGE]).size == (40, 30)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_turned_as_its_camera_was_held(orientation: int) -> None:
    turned = drawing()
    back = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    if orientation in back:
        turned = turned.transpose(back[orientation])
    exif = Image.Exif()
    exif[0x0112] = orientation
    picture = read_picture(saved(turned, "JPEG", exif=exif, quality=95))
    upright = opened(picture.content)
    assert (picture.width, picture.height) == upright.size == (120, 80)
    assert near(upright.getpixel((60, 3)), BLUE, 40)
    assert near(upright.getpixel((10, 60)), RED) and near(upright.getpixel((110, 60)), GREEN)


def test_nothing_but_pixels_is_kept() -> None:
    exif = Image.Exif()
    exif[0x010E] = SECRET.decode()
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", SECRET.decode())
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    files = [
        a_picture("JPEG", exif=exif, comment=SECRET, icc_profile=profile),
        a_picture("PNG", pnginfo=text, exif=exif),
        a_picture("WEBP", exif=exif.tobytes(), xmp=SECRET, icc_profile=profile),
        a_picture("JPEG") + b"\nPK\x03\x04" + SECRET,
        a_picture("GIF", comment=SECRET),
    ]
    for content in files:
        assert SECRET in content
        picture = read_picture(content)
        for kept in (picture.content, *picture.thumbnails.values()):
            assert SECRET not in kept and b"PK\x03\x04" not in kept
            assert not opened(kept).getexif()
            assert "icc_profile" not in opened(kept).info


def test_colours_are_those_that_the_files_profile_means() -> None:
    lab = ImageCms.createProfile("LAB")
    to_lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), lab, "RGB", "LAB")
    assert to_lab is not None
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    same = read_picture(a_picture("PNG", icc_profile=profile))
    assert near(opened(same.content).getpixel((10, 60)), RED, 2)
    nonsense = read_picture(a_picture("PNG", icc_profile=b"no profile at all"))
    assert near(opened(nonsense.content).getpixel((10, 60)), RED, 2)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_pictures_of_every_mode_are_read(mode: str) -> None:
    if mode == "I;16":
        image = Image.new("I;16", (60, 40), 200 * 256)
    else:
        image = drawing(60, 40).convert(mode)
    picture = read_picture(saved(image, "JPEG" if mode == "CMYK" else "PNG"))
    kept = opened(picture.content)
    assert kept.size == (60, 40)
    assert kept.mode == ("RGBA" if mode in ("LA", "RGBA") else "RGB")
    if mode == "I;16":
        assert near(kept.getpixel((5, 5)), (200, 200, 200), 1)


def test_what_shows_through_stays_so() -> None:
    image = Image.new("RGBA", (50, 50), (255, 0, 0, 0))
    image.paste((0, 0, 255, 255), (10, 10, 40, 40))
    picture = read_picture(saved(image, "PNG"))
    assert opened(picture.content).getpixel((0, 0))[3] == 0
    assert opened(picture.thumbnails[PictureSize.SMALL]).getpixel((0, 0))[3] == 0
    palette = saved(image.convert("RGB").quantize(8), "GIF", transparency=0)
    assert opened(read_picture(palette).content).mode == "RGBA"


NO_PICTURES = [
    b"",
    b"MZ\x90\x00 an executable",
    b"\x7fELF another one",
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    b"<!doctype html><script>alert(1)</script>",
    b"%PDF-1.7",
    b"GIF89a",
    saved(drawing(), "TIFF"),
    saved(drawing(), "BMP"),
    saved(drawing(), "ICO"),
]


@pytest.mark.parametrize("content", NO_PICTURES, ids=lambda one: repr(one[:12]))
def test_what_is_no_picture_is_refused_whatever_it_is_called(content: bytes) -> None:
    assert refusal(content) in ("NOT_A_PICTURE", "DAMAGED_PICTURE")


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_that_breaks_off_is_refused(form: str) -> None:
    content = a_picture(form, 300, 200)
    assert refusal(content[: len(content) // 2]) in ("DAMAGED_PICTURE", "NOT_A_PICTURE")


def test_a_picture_with_too_many_pixels_is_refused_before_it_is_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def png(width: int, height: int) -> bytes:
        header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
        chunks = (b"IHDR" + header, b"IDAT" + zlib.compress(b"\0" * 100), b"IEND")
        return b"\x89PNG\r\n\x1a\n" + b"".join(
            struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one))
            for one in chunks
        )

    assert refusal(png(60_000, 60_000)) == "TOO_MANY_PIXELS"
    assert refusal(png(12_001, 10)) == "TOO_MANY_PIXELS"
    assert refusal(png(8_000, 5_001)) == "TOO_MANY_PIXELS"
    monkeypatch.setattr(pictures, "MOST_BYTES", 100)
    assert refusal(a_picture()) == "TOO_LARGE"


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_picture_that_moves_is_refused(form: str) -> None:
    frames = [drawing(), drawing().transpose(Image.Transpose.FLIP_LEFT_RIGHT)]
    content = saved(frames[0], form, save_all=True, append_images=frames[1:], duration=100)
    assert refusal(content) == "ANIMATED"


def test_a_telephones_second_picture_is_passed_over() -> None:
    kept = io.BytesIO()
    drawing().save(kept, "MPO", save_all=True, append_images=[drawing(60, 40)])
    picture = read_picture(kept.getvalue())
    assert (picture.extension, picture.width) == ("jpg", 120)


def test_a_thumbnail_can_be_made_again_of_what_is_kept() -> None:
    picture = read_picture(a_picture("JPEG", 1200, 800))
    assert opened(thumbnail_of(picture.content, PictureSize.MEDIUM)).size == (480, 320)
