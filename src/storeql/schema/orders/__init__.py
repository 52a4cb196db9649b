"""Orders in the schema: placing, paying, cancelling, looking them up."""
