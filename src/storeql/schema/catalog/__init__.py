"""The catalogue in the schema: products and all that orders, prices and stocks them."""
