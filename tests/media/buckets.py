"""An object store that speaks S3, for tests: its address and keys, and buckets in it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

KEYS = {
    "AWS_ACCESS_KEY_ID": "a-key-of-the-tests",
    "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
    "AWS_REGION": "us-east-1",
}


def bucket_environment(monkeypatch: pytest.MonkeyPatch, endpoint: str) -> None:
    """What clients of the object store read from the environment."""
    for name, value in {**KEYS, "AWS_ENDPOINT_URL": endpoint}.items():
        monkeypatch.setenv(name, value)


def make_bucket(endpoint: str, name: str) -> Any:
    """A client of the object store, in which there is such a bucket now."""
    client = boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name=KEYS["AWS_REGION"],
        aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
        aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
    )
    client.create_bucket(Bucket=name)
    return client
