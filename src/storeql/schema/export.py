"""The schema as SDL text, for clients' code generators and for the committed copy."""

from storeql.hooks import load_hooks
from storeql.schema.build import build_schema
from storeql.settings import Settings


def schema_text(settings: Settings | None) -> str:
    """The SDL; without settings only what storeql itself brings, whatever is installed."""
    if settings is None:
        hooks = load_hooks(installed=False)
    else:
        hooks = load_hooks(enabled=settings.plugins_enabled, disabled=settings.plugins_disabled)
    return build_schema(hooks).as_str() + "\n"
