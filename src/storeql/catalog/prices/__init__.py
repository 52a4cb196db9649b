"""Prices: what a variant costs in a channel."""
