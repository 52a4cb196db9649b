"""Pauses between tries grow from seconds to hours and end after two days."""

from storeql.webhooks.backoff import MOST_TRIES, pause_ms

HOUR = 3_600_000


def test_the_pauses_grow_fourfold_up_to_six_hours() -> None:
    pauses = [pause_ms(tries, chance=0.5) for tries in range(1, MOST_TRIES)]
    assert pauses[:6] == [10_000, 40_000, 160_000, 640_000, 2_560_000, 10_240_000]
    assert pauses[6:] == [6 * HOUR] * 8
    assert 51 * HOUR < sum(pause or 0 for pause in pauses) < 52 * HOUR


def test_after_the_fifteenth_try_it_is_given_up() -> None:
    assert pause_ms(MOST_TRIES, chance=0.5) is None


def test_chance_spreads_a_pause_by_a_fifth() -> None:
    assert (pause_ms(1, chance=0.0), pause_ms(1, chance=1.0)) == (8_000, 12_000)
