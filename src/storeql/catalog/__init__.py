"""What the shop sells: product types, products, variants, prices, stock, and how to find them."""
