"""Campaigns: promotions that share a budget and a window."""
