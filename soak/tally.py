"""What buyers were told during a load: their orders, how long each answer took, what failed."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from benchmarks.client import percentile
from soak.buyer import Placement


@dataclass
class Tally:
    """Filled by all clients of a load together."""

    placed: dict[str, Placement] = field(default_factory=dict)
    refused: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    placing_seconds: list[float] = field(default_factory=list)

    def note(self, token: str, placement: Placement) -> None:
        """Keeps what became of a cart."""
        if placement.number is None:
            self.refused["+".join(placement.codes)] += 1
        else:
            self.placed[token] = placement

    def milliseconds(self, share: float) -> int:
        """The time within which this share of placements was answered."""
        return round(percentile(self.placing_seconds, share) * 1000)
