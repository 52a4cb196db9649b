"""Products and their types: the form staff fill in, and going on sale."""
