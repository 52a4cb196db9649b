"""Where files of pictures are kept: a folder of this machine, or a bucket that speaks S3.

A name is written once and its content never changes, so writing it again does no harm, and
whoever is told a name may keep what is there for ever.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Protocol

from storeql.errors import SettingsError, StoreError
from storeql.media.folder import Folder

IMMUTABLE = "public, max-age=31536000, immutable"


class StorageUnavailable(StoreError):
    """The files cannot be reached now; trying again may help."""

    code = "STORAGE_UNAVAILABLE"


class Storage(Protocol):
    """Files by name; a name has slashes and no leading one. Raises StorageUnavailable."""

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Keeps the content under the name: after this, all of it is there for good."""
        ...

    def get(self, name: str) -> bytes | None:
        """The content; None where there is none of this name."""
        ...

    def delete(self, name: str) -> None:
        """Takes a file away; one that is not there is no error."""
        ...


@lru_cache(maxsize=8)
def storage_of(media_dir: str, media_store: str) -> Storage:
    """The storage that the settings name; raises SettingsError for one that cannot be used."""
    if not media_store:
        return Folder(media_dir)
    try:
        from storeql.media.bucket import Bucket
    except ImportError as error:
        raise SettingsError("STOREQL_MEDIA_STORE needs storeql's extra s3 installed.") from error
    return Bucket(media_store)
