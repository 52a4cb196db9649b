"""Tax on what is left after discounts, each amount rounded on its own."""

from __future__ import annotations

from storeql.pricing.money import BASIS_POINTS, round_half_up


def tax_of(net_minor: int, basis_points: int, *, included: bool) -> int:
    """The tax contained in a net amount, or the tax that comes on top of it; rounded half up.

    Included: net × rate / (1 + rate). On top: net × rate.
    """
    if not net_minor or not basis_points:
        return 0
    whole = BASIS_POINTS + basis_points if included else BASIS_POINTS
    return round_half_up(net_minor * basis_points, whole)
