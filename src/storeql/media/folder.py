"""Files in a folder of this machine, each there as a whole or not at all."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path

HALF_WRITTEN = ".part"
DAY_SECONDS = 24 * 60 * 60


class Folder:
    """A storage whose files lie below a folder; see `storeql.media.storage.Storage`."""

    def __init__(self, root: str) -> None:
        self.root = Path(root)

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Writes beside it and renames: nobody sees a half, and a crash leaves none."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        half = path.with_name(f"{path.name}.{secrets.token_hex(8)}{HALF_WRITTEN}")
        try:
            with half.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            half.replace(path)
        except BaseException:
            half.unlink(missing_ok=True)
            raise
        _sync(path.parent)

    def get(self, name: str) -> bytes | None:
        """The content; None where there is none of this name."""
        try:
            return self._path(name).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            return None

    def delete(self, name: str) -> None:
        """Takes a file away; one that is not there is no error."""
        self._path(name).unlink(missing_ok=True)

    def sweep(self, below: str) -> int:
        """How many half-written files went that a process left behind a day ago or more."""
        before, swept = time.time() - DAY_SECONDS, 0
        for path in (self.root / below).rglob(f"*{HALF_WRITTEN}"):
            if path.stat().st_mtime < before:
                path.unlink(missing_ok=True)
                swept += 1
        return swept

    def _path(self, name: str) -> Path:
        path = (self.root / name).resolve()
        if not path.is_relative_to(self.root.resolve()) or "\0" in name:
            raise ValueError(f"{name!r} leads out of the folder")
        return path


def _sync(folder: Path) -> None:
    """A rename is for good once the folder itself is on the disk."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
