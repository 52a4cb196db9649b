"""What orders the catalogue: the category tree, collections, tags."""
