"""The demo shop: a shop that a person would believe, the same for the same seed.

`storeql.demo.seed.seed_demo` makes it, `storeql.demo.summary` says whether it is there and what
is in it, `storeql.demo.accounts` how to get in. Nothing is imported here: a server needs the
accounts and none of the rest.
"""
