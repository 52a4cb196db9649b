"""People of the shop: customers and staff, how they sign in, and what their tokens may do."""
