"""Past orders and open carts, priced again with a promotion that is not on yet."""
