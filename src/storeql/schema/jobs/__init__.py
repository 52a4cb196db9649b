"""Background jobs in the schema: how far each is, and cancelling it."""
