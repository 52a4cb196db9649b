"""Serves GraphiQL's scripts and styles, compressed, under a URL that changes with them."""

import gzip
import hashlib
from collections.abc import Mapping
from pathlib import Path

import msgspec
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

FOLDER = Path(__file__).parent
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
A_YEAR = "public, max-age=31536000, immutable"


class Asset(msgspec.Struct, frozen=True):
    """One file the page loads, kept as gzip."""

    name: str
    media_type: str
    gzipped: bytes


class Assets(msgspec.Struct, frozen=True):
    """All files the page loads; ``digest`` changes when any of them does.

    One digest for the whole set lets our modules import each other by relative paths.
    """

    digest: str
    by_name: Mapping[str, Asset]

    async def respond(self, request: Request) -> Response:
        """Answer the file named in the path; 404 under the digest of another release."""
        asset = self.by_name.get(request.path_params["name"])
        if asset is None or request.path_params["digest"] != self.digest:
            return PlainTextResponse("Not found", status_code=404)
        return _response(asset, accepts_gzip="gzip" in request.headers.get("accept-encoding", ""))


def load_assets() -> Assets:
    """The vendored files (stored compressed) and our own (compressed here, once)."""
    vendored = [_vendored(path) for path in sorted((FOLDER / "vendor").glob("*.gz"))]
    own = [_own(path) for path in sorted((FOLDER / "web").iterdir()) if path.suffix in MEDIA_TYPES]
    assets = vendored + own
    content = b"".join(asset.name.encode() + asset.gzipped for asset in assets)
    digest = hashlib.sha256(content).hexdigest()[:16]
    return Assets(digest=digest, by_name={asset.name: asset for asset in assets})


def _vendored(path: Path) -> Asset:
    return Asset(path.stem, MEDIA_TYPES[Path(path.stem).suffix], path.read_bytes())


def _own(path: Path) -> Asset:
    return Asset(path.name, MEDIA_TYPES[path.suffix], gzip.compress(path.read_bytes(), mtime=0))


def _response(asset: Asset, *, accepts_gzip: bool) -> Response:
    headers = {
        "Cache-Control": A_YEAR,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
    }
    if not accepts_gzip:
        return Response(
            gzip.decompress(asset.gzipped), headers=headers, media_type=asset.media_type
        )
    headers["Content-Encoding"] = "gzip"
    return Response(asset.gzipped, headers=headers, media_type=asset.media_type)
