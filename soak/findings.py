"""What a proof found: figures to print, and whatever is not as it was promised."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MOST_SHOWN = 12


class Findings:
    """Collects figures and complaints; a proof without complaints holds."""

    def __init__(self) -> None:
        self.figures: dict[str, Any] = {}
        self.complaints: list[str] = []

    def note(self, **figures: Any) -> None:
        """Figures to print."""
        self.figures.update(figures)

    def expect(self, what: str, found: Any, wanted: Any) -> None:
        """Complains unless what was found is what was promised."""
        if found != wanted:
            self.complaints.append(f"{what}: {found!r}, promised {wanted!r}")

    def expect_true(self, holds: bool, what: str) -> None:
        """Complains with `what` unless it holds."""
        if not holds:
            self.complaints.append(what)

    def complain(self, complaints: Iterable[str]) -> None:
        """Takes over complaints."""
        self.complaints.extend(complaints)

    @property
    def hold(self) -> bool:
        """True when everything is as promised."""
        return not self.complaints

    def line(self, name: str, engine: str, seconds: float) -> str:
        """The one line of the proof."""
        figures = " · ".join(f"{key} {value}" for key, value in self.figures.items())
        verdict = "OK" if self.hold else "FAILED"
        return f"{verdict:6} {name:14} {engine:10} {seconds:5.1f} s  {figures}"

    def details(self) -> list[str]:
        """The first complaints, one a line."""
        shown = [f"       - {complaint}" for complaint in self.complaints[:MOST_SHOWN]]
        hidden = len(self.complaints) - len(shown)
        return [*shown, f"       - and {hidden} more"] if hidden else shown
