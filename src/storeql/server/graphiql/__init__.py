"""GraphiQL for a browser, served from the package: the page, its assets, and the staff sign-in."""

from storeql.server.graphiql.assets import Asset, load_assets
from storeql.server.graphiql.origin import is_same_origin
from storeql.server.graphiql.redirect import PAGE_PATH, redirect_to_graphiql
from storeql.server.graphiql.routes import graphiql_routes
from storeql.server.graphiql.session import Authenticate, Refusal, SignIn
from storeql.server.graphiql.tabs import ExampleTab, load_tabs

__all__ = [
    "PAGE_PATH",
    "Asset",
    "Authenticate",
    "ExampleTab",
    "Refusal",
    "SignIn",
    "graphiql_routes",
    "is_same_origin",
    "load_assets",
    "load_tabs",
    "redirect_to_graphiql",
]
