"""Every hook says when it is called and what it returns, and its example runs."""

from __future__ import annotations

import doctest
from types import ModuleType

import pytest

from storeql.hooks import SPECIFICATIONS
from storeql.hooks.trial import new_manager

HOOKS = [name for name in vars(new_manager().hook) if name.startswith("storeql_")]


@pytest.mark.parametrize("module", SPECIFICATIONS, ids=lambda module: module.__name__)
def test_the_examples_in_the_hookspecs_run(module: ModuleType) -> None:
    outcome = doctest.testmod(module)

    assert outcome.attempted > 0
    assert outcome.failed == 0


@pytest.mark.parametrize("hook", HOOKS)
def test_each_hookspec_tells_its_contract(hook: str) -> None:
    specification = next(found for found in SPECIFICATIONS if hasattr(found, hook))
    words = getattr(specification, hook).__doc__

    for part in ("Called", "Ordering:", "Errors:", ">>>"):
        assert part in words
