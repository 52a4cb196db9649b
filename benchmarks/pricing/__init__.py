"""What the pricing engine costs by itself, without a shop around it."""
