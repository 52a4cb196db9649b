"""The version of the hooks' contract, and whether a plugin was built for one that still holds.

The version grows by one whenever a hook, or an argument of one, is added or deprecated. A hook
that is deprecated goes on working for at least one version; the oldest version grows when it goes.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from storeql.hooks.plugin import BrokenPlugin

HOOKS_VERSION = 3
OLDEST_HOOKS_VERSION = 1
STATED = "storeql_hooks_version"


class HookDeprecated(DeprecationWarning):
    """Given to `hookspec(warn_on_impl=…)` or `warn_on_impl_args`: what to use instead, and when it
    goes.
    """


def check_version(plugin: object) -> int | None:
    """The version that the plugin states it was built for, None when it states none.

    Raises BrokenPlugin for a version that this storeql does not speak yet, or no longer.
    """
    stated = getattr(plugin, STATED, None)
    if stated is None:
        return None
    if type(stated) is not int or stated < 1:
        raise BrokenPlugin(f"{STATED} must be a whole number from 1, not {stated!r}.")
    if stated > HOOKS_VERSION:
        raise BrokenPlugin(
            f"It was built for version {stated} of the hooks, and this storeql has version "
            f"{HOOKS_VERSION}: upgrade storeql."
        )
    if stated < OLDEST_HOOKS_VERSION:
        raise BrokenPlugin(
            f"It was built for version {stated} of the hooks, and this storeql takes none before "
            f"{OLDEST_HOOKS_VERSION}: upgrade the plugin."
        )
    return stated


@contextmanager
def deprecations() -> Iterator[list[str]]:
    """Collects what is said of deprecated hooks while plugins are registered, each once."""
    told: list[str] = []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield told
    for warning in caught:
        if not issubclass(warning.category, HookDeprecated):
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
        elif str(warning.message) not in told:
            told.append(str(warning.message))
