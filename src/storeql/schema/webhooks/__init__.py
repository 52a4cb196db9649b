"""Webhooks in the schema: who is told of what, and how it went."""
