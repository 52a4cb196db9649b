"""Finding products: listings, filters, facets, text search."""
