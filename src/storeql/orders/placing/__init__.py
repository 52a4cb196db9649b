"""From a confirmed cart to an order with its payment answered."""
