"""Carts in the schema: what is in them and why it costs what it costs."""
