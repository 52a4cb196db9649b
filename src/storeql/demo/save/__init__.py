"""Writes the planned demo shop: many rows per statement, one transaction for all of it."""
