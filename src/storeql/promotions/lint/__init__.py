"""Tries a promotion before it runs: what can never be, what goes under, what stands in the way."""

from storeql.promotions.lint.findings import Finding, Severity
from storeql.promotions.lint.linter import Linter

__all__ = ["Finding", "Linter", "Severity"]
