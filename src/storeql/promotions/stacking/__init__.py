"""How promotions go together in a shop."""
