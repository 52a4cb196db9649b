"""Fetches the third-party files of GraphiQL and holds them to the checksums of their manifest.

``python scripts/renew_vendor.py`` packs every package of the manifest with npm, checks each file
against its recorded sha256 and stores it again. To move to another version, change ``version``
in the manifest and pass ``--accept``, which records the new checksums for review in the diff.
``--check`` touches nothing and needs no network: it compares the stored files with the manifest.
"""

import argparse
import gzip
import hashlib
import json
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import TypedDict

VENDOR = Path(__file__).parents[1] / "src/storeql/server/graphiql/vendor"


class Entry(TypedDict):
    """One vendored file: where it comes from, and the sha256 of its uncompressed bytes."""

    name: str
    package: str
    version: str
    source: str
    sha256: str


class Manifest(TypedDict):
    """Everything the vendor folder holds."""

    assets: list[Entry]
    licences: list[Entry]


def main() -> int:
    """Return 0 when every file agrees with the manifest, 1 after naming those that do not."""
    options = _arguments()
    manifest: Manifest = json.loads((VENDOR / "manifest.json").read_text())
    wrong = _differing_from_store(manifest) if options.check else _renew(manifest, options.accept)
    for name in wrong:
        sys.stderr.write(f"{name}: the checksum is not the one in the manifest\n")
    return 1 if wrong else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare the stored files")
    parser.add_argument("--accept", action="store_true", help="record new checksums")
    return parser.parse_args()


def _differing_from_store(manifest: Manifest) -> list[str]:
    stored = {
        entry["name"]: gzip.decompress(_asset(entry).read_bytes()) for entry in manifest["assets"]
    }
    stored |= {entry["name"]: _licence(entry).read_bytes() for entry in manifest["licences"]}
    return [
        entry["name"]
        for entry in _entries(manifest)
        if _sha256(stored[entry["name"]]) != entry["sha256"]
    ]


def _renew(manifest: Manifest, accept: bool) -> list[str]:
    fetched = _fetch(_entries(manifest))
    wrong = [
        entry["name"]
        for entry in _entries(manifest)
        if _sha256(fetched[entry["name"]]) != entry["sha256"]
    ]
    if wrong and not accept:
        return wrong
    _store(manifest, fetched)
    return []


def _fetch(entries: list[Entry]) -> dict[str, bytes]:
    with tempfile.TemporaryDirectory() as folder:
        archives = {
            spec: _pack(spec, Path(folder)) for spec in sorted({_spec(entry) for entry in entries})
        }
        return {
            entry["name"]: _member(archives[_spec(entry)], entry["source"]) for entry in entries
        }


def _pack(spec: str, folder: Path) -> Path:
    # npm itself checks the archive against the integrity hash the registry publishes.
    command = ["npm", "pack", spec, "--json", "--silent", "--pack-destination", str(folder)]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    [packed] = json.loads(answer.stdout)
    return folder / str(packed["filename"])


def _member(archive: Path, source: str) -> bytes:
    with tarfile.open(archive) as tar:
        found = tar.extractfile(f"package/{source}")
        if found is None:
            raise FileNotFoundError(f"{source} is not a file of {archive.name}")
        return found.read()


def _store(manifest: Manifest, fetched: dict[str, bytes]) -> None:
    for entry in _entries(manifest):
        entry["sha256"] = _sha256(fetched[entry["name"]])
    for entry in manifest["assets"]:
        _asset(entry).write_bytes(gzip.compress(fetched[entry["name"]], 9, mtime=0))
    for entry in manifest["licences"]:
        _licence(entry).write_bytes(fetched[entry["name"]])
    (VENDOR / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")


def _entries(manifest: Manifest) -> list[Entry]:
    return manifest["assets"] + manifest["licences"]


def _spec(entry: Entry) -> str:
    return f"{entry['package']}@{entry['version']}"


def _asset(entry: Entry) -> Path:
    return VENDOR / f"{entry['name']}.gz"


def _licence(entry: Entry) -> Path:
    return VENDOR / "licences" / entry["name"]


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    sys.exit(main())
