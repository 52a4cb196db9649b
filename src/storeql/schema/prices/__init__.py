"""Prices in the schema: lists, schedules, their history, and what keeps them in order."""
