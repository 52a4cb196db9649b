"""Variants: what is sold by SKU, told apart by options."""
