"""GraphQL over HTTP and WebSocket for any Strawberry schema, fast and proof against hostile input.

Conventions a schema follows, so that no lower room imports this one:

- a schema directive whose class has `permission_names: tuple[str, ...]` on a field: any one of
  these granted lets it through, otherwise it answers null with FORBIDDEN or UNAUTHENTICATED;
- a resolver with the attribute `pure_attribute = True` depends on nothing but its parent, its
  arguments and the request: it is called straight from compiled code;
- an `is_type_of` with the attribute `record_classes` says that it looks at nothing but the record's
  class: compiled code checks that itself;
- a scalar's serializer with the attribute `passes_type` (str, int or bool) gives back values of
  exactly that type unchanged: compiled code does not call it for them;
- metadata `list_size` on a field, a number or the name of a list argument, is what a plain list
  counts for in the cost; fields with `first` or `last` count that many;
- no query or mutation field is async. A subscription is an async generator of events: values of
  its type, or objects with `load_payload(info)`, which is called in a worker with the context that
  was opened for the event. The generator runs on the event loop and must not touch the database.
"""

from storeql.server.app import GraphQLServer, operations_of
from storeql.server.cors import cors_middleware
from storeql.server.health import health_routes
from storeql.server.limits import Limits
from storeql.server.request import Context, OpenContext, RequestInfo

__all__ = [
    "Context",
    "GraphQLServer",
    "Limits",
    "OpenContext",
    "RequestInfo",
    "cors_middleware",
    "health_routes",
    "operations_of",
]
