"""A cache forgets what was used longest ago, and never grows past its bounds."""

from __future__ import annotations

from storeql.server.bounded_cache import BoundedCache


def test_the_entry_used_longest_ago_goes_first() -> None:
    cache: BoundedCache[str, int] = BoundedCache(entries=2, weight=100)
    cache.keep("a", 1, 1)
    cache.keep("b", 2, 1)
    assert cache.get("a") == 1
    cache.keep("c", 3, 1)
    assert (cache.get("a"), cache.get("b"), cache.get("c")) == (1, None, 3)


def test_heavy_entries_push_out_as_many_as_they_weigh() -> None:
    cache: BoundedCache[str, int] = BoundedCache(entries=10, weight=10)
    for name in "abc":
        cache.keep(name, 1, 3)
    cache.keep("d", 1, 7)
    assert [name for name in "abcd" if cache.get(name)] == ["c", "d"]


def test_an_entry_heavier_than_the_cache_is_not_kept() -> None:
    cache: BoundedCache[str, int] = BoundedCache(entries=10, weight=10)
    cache.keep("a", 1, 5)
    cache.keep("b", 1, 11)
    assert (cache.get("a"), cache.get("b")) == (1, None)


def test_a_value_that_is_kept_stays_the_one_kept() -> None:
    cache: BoundedCache[str, int] = BoundedCache(entries=10, weight=10)
    cache.keep("a", 1, 5)
    cache.keep("a", 2, 5)
    assert (cache.get("a"), len(cache)) == (1, 1)
