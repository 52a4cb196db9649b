"""Barcodes that scan: EAN-13 with a right check digit."""

from __future__ import annotations

# GS1 leaves numbers that begin with 20 to shops for their own use: no real article has them.
OWN_USE = "20"


def ean13(product: int, variant: int) -> str:
    """The barcode of a product's variant, both numbered from 0."""
    digits = f"{OWN_USE}{product:07d}{variant:03d}"
    return digits + check_digit(digits)


def check_digit(digits: str) -> str:
    """The last digit of an EAN-13 whose first twelve are given (ISO/IEC 15420, modulo 10)."""
    weighted = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits))
    return str(-weighted % 10)
