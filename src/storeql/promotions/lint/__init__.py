"""Tries a promotion before it runs: what can never be, what goes under, what stands in the way."""

from storeql.promotions.lint.findings import Finding, Severity
from storeql.promotions.lint.linter import Inspection, Linter

__all__ = ["Finding", "Inspection", "Linter", "Severity"]
