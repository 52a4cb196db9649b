"""The rival: the same answers by hand, with the fewest statements, on Starlette and the drivers.

It keeps every promise storeql keeps on the same path (access, one snapshot a read, conditional
updates, the same isolation and durability) and nothing else: no GraphQL, no plugins, no planning.
"""
