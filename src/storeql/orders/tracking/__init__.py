"""Tracking: what carriers tell of packages on their way, in one vocabulary."""
