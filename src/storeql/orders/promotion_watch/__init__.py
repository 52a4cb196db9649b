"""Promotions seen from their orders: before they run, while they run, and what they cost."""
