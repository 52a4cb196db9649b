"""pluggy's two marks: what the shop asks (`hookspec`), what a plugin answers (`hookimpl`)."""

from __future__ import annotations

import pluggy

PROJECT = "storeql"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
