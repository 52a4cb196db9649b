"""Limits of promotions: what an order takes, keeps for good or gives back."""
