"""storeql: a shop's back office as one GraphQL API, where every promotion is a plugin."""

__version__ = "0.1.0"
