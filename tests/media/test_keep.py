"""Processes that keep the same picture at once, or are killed while they keep one, lose nothing."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from storeql.db import Database
from storeql.media.folder import Folder
from storeql.media.keep import hold, keep_picture
from storeql.media.names import PictureSize, thumbnail_path
from storeql.media.pictures import read_picture
from tests.media.samples import a_picture

NOW = 1_764_000_000_000
KEEPING = f"""
import os, sys
from storeql.db import Database
from storeql.media.folder import Folder
from storeql.media.keep import keep_picture
from storeql.media.pictures import read_picture

url, media, picture, dies_after = sys.argv[1:]

class Dying(Folder):
    written = 0

    def put(self, name, content, content_type):
        if self.written == int(dies_after):
            os.kill(os.getpid(), 9)
        self.written += 1
        super().put(name, content, content_type)

with open(picture, "rb") as file:
    made = read_picture(file.read())
database = Database(url)
print("ready", flush=True)
sys.stdin.readline()
print(keep_picture(Dying(media), database.write, made, now={NOW}).path, flush=True)
"""


def processes(url: str, tmp_path: Path, dies_after: Sequence[int]) -> list[tuple[int, str]]:
    """Exit code and answer of processes that begin together; each dies after so many files."""
    (tmp_path / "cup.jpg").write_bytes(a_picture())
    arguments = [sys.executable, "-c", KEEPING, url, str(tmp_path / "media")]
    started = [
        subprocess.Popen(
            [*arguments, str(tmp_path / "cup.jpg"), str(after)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for after in dies_after
    ]
    for one in started:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in started:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    answers = [one.communicate()[0].strip() for one in started]
    return [(one.returncode, answer) for one, answer in zip(started, answers, strict=True)]


def test_processes_that_keep_the_same_picture_at_once_share_its_file(
    database_url: str, tmp_path: Path
) -> None:
    answered = processes(database_url, tmp_path, [99, 99, 99])
    [path] = {answer for _, answer in answered}
    assert [code for code, _ in answered] == [0, 0, 0]
    picture, folder = read_picture(a_picture()), Folder(str(tmp_path / "media"))
    assert folder.get(path) == picture.content
    for size in PictureSize:
        assert folder.get(thumbnail_path(path, size)) == picture.thumbnails[size]


def test_a_process_that_is_killed_while_it_writes_leaves_nothing_that_a_row_could_miss(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    for dies_after in (0, 1, 3):
        [(code, answer)] = processes(database_url, tmp_path, [dies_after])
        assert (code, answer) == (-9, "")
    folder, picture = Folder(str(tmp_path / "media")), read_picture(a_picture())
    kept = keep_picture(folder, database.write, picture, now=NOW)
    database.write(lambda connection: hold(connection, kept.path, now=NOW))
    names = [kept.path, *(thumbnail_path(kept.path, size) for size in PictureSize)]
    assert all(folder.get(name) for name in names)
    with database.reading() as connection:
        rows = connection.text("SELECT path FROM media_files").fetchall()
    assert [row[0] for row in rows] == [kept.path]
