"""Events in the schema: a type for each kind, made from what the kind says of itself."""
