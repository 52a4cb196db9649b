"""Staff of the shop: members, their roles, and the tokens of apps that work for them."""
