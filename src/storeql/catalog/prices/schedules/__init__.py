"""Scheduled prices: what stands in for a price from one instant until another."""
