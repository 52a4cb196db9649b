"""The files room: what staff hand in and fetch, kept in parts in the database until it expires."""
