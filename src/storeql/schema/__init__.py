"""The shop as GraphQL types: each field declares its access, reads arguments, calls one room."""
