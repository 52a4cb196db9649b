"""Files are kept in a folder or in a bucket, and either promises the same."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from storeql.errors import SettingsError
from storeql.media.folder import DAY_SECONDS, Folder
from storeql.media.storage import Storage, StorageUnavailable, storage_of
from storeql.settings import Settings, check
from tests.media.buckets import bucket_environment, make_bucket


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture(params=["folder", "bucket"])
def storage(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Storage]:
    if request.param == "folder":
        yield storage_of(str(tmp_path), "")
        return
    endpoint = request.getfixturevalue("server")
    bucket_environment(monkeypatch, endpoint)
    make_bucket(endpoint, "shop-pictures")
    storage_of.cache_clear()
    yield storage_of(str(tmp_path), "s3://shop-pictures/below")
    storage_of.cache_clear()


def test_a_file_is_there_until_it_is_deleted(storage: Storage) -> None:
    name = "images/ab/abc.jpg"
    assert storage.get(name) is None
    storage.put(name, b"a picture", "image/jpeg")
    storage.put(name, b"a picture", "image/jpeg")
    assert storage.get(name) == b"a picture"
    storage.delete(name)
    storage.delete(name)
    assert storage.get(name) is None


def test_an_object_says_what_it_is_and_that_it_stays(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bucket_environment(monkeypatch, server)
    client = make_bucket(server, "told")
    storage_of.cache_clear()
    storage_of(str(tmp_path), "s3://told").put("images/a.webp", b"x", "image/webp")
    found = client.get_object(Bucket="told", Key="images/a.webp")
    assert found["ContentType"] == "image/webp"
    assert found["CacheControl"] == "public, max-age=31536000, immutable"
    storage_of.cache_clear()


def test_a_bucket_that_is_not_there_is_an_error_of_the_shop(
    server: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bucket_environment(monkeypatch, server)
    storage_of.cache_clear()
    nowhere = storage_of(str(tmp_path), "s3://nowhere")
    with pytest.raises(StorageUnavailable):
        nowhere.put("a.webp", b"x", "image/webp")
    storage_of.cache_clear()


def test_a_name_cannot_lead_out_of_the_folder(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path / "media"))
    (tmp_path / "secret").write_bytes(b"x")
    for name in ("../secret", "images/../../secret", "/etc/passwd"):
        with pytest.raises(ValueError, match="leads out"):
            folder.get(name)


def test_half_written_files_go_after_a_day(tmp_path: Path) -> None:
    folder = Folder(str(tmp_path))
    folder.put("images/aa/whole.jpg", b"x", "image/jpeg")
    old = tmp_path / "images" / "aa" / "left.jpg.0123.part"
    new = tmp_path / "images" / "aa" / "new.jpg.0123.part"
    for path in (old, new):
        path.write_bytes(b"half")
    long_ago = time.time() - DAY_SECONDS - 1
    os.utime(old, (long_ago, long_ago))
    assert folder.sweep("images") == 1
    assert sorted(path.name for path in (tmp_path / "images" / "aa").iterdir()) == [
        "new.jpg.0123.part",
        "whole.jpg",
    ]


@pytest.mark.parametrize(
    "setting,value",
    [
        ("media_store", "ftp://x"),
        ("media_store", "s3://"),
        ("media_url", "media"),
        ("media_url", "/a/"),
    ],
)
def test_settings_of_pictures_are_checked_at_start(setting: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"STOREQL_{setting.upper()}"):
        check(Settings(**{setting: value}))
