"""Promotions in the schema: kinds with their typed rules, set-up, codes."""
