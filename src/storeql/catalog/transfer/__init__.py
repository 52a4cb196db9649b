"""The catalogue in files: products, prices and stock brought in and taken out as tables."""
