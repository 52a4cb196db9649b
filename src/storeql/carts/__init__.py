"""Carts: what a shopper means to buy, priced and explained by the one engine."""
