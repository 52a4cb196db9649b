"""Whether the shop's books add up: each rule is a query that finds the rows which break it."""

from storeql.checks.books import BROKEN_AT_MOST, RULES, Finding, check_books

__all__ = ["BROKEN_AT_MOST", "RULES", "Finding", "check_books"]
