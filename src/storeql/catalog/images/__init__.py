"""Pictures of products: added, described, put in order, shown with variants, taken away."""
