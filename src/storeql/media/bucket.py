"""Files in a bucket of an object store that speaks S3.

Keys, region and endpoint come from the environment as every S3 client reads them: AWS_REGION,
AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from storeql.media.storage import IMMUTABLE, StorageUnavailable

PATIENCE = timedelta(seconds=10)


class Bucket:
    """A storage whose files are objects; see `storeql.media.storage.Storage`."""

    def __init__(self, address: str) -> None:
        endpoint = os.environ.get("AWS_ENDPOINT_URL", "")
        self._store = S3Store.from_url(
            address,
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": PATIENCE},
            retry_config={"max_retries": 3, "retry_timeout": PATIENCE},
        )

    def put(self, name: str, content: bytes, content_type: str) -> None:
        """Keeps the content as an object that anybody may keep for ever."""
        attributes = {"Content-Type": content_type, "Cache-Control": IMMUTABLE}
        with _reaching():
            obstore.put(self._store, name, content, attributes=attributes)

    def get(self, name: str) -> bytes | None:
        """The content; None where there is none of this name."""
        with _reaching():
            try:
                return bytes(obstore.get(self._store, name).bytes())
            except FileNotFoundError:
                return None

    def delete(self, name: str) -> None:
        """Takes an object away; one that is not there is no error."""
        with _reaching(), suppress(FileNotFoundError):
            obstore.delete(self._store, name)


@contextmanager
def _reaching() -> Iterator[None]:
    try:
        yield
    except (BaseError, OSError) as error:
        message = "The shop cannot reach its pictures: try again in a moment."
        raise StorageUnavailable(message) from error
