"""People in the schema: customers, staff, and how they get in."""
