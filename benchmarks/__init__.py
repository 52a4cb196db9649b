"""Measures storeql against a hand-written handler in the same run: `python -m benchmarks`."""
