"""The extension points of a shop: everything a plugin can register or be asked, by subject."""

from storeql.hooks.calls import GatewayStep, Hooks
from storeql.hooks.carriers import Parcel, ParcelLine
from storeql.hooks.carts import CartChange, CartChangeKind, ChangedLine
from storeql.hooks.events import OrderChange, OrderLineSnapshot, OrderSnapshot, Write
from storeql.hooks.loading import load_hooks
from storeql.hooks.markers import hookimpl, hookspec
from storeql.hooks.payments import (
    PaymentGateway,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
)
from storeql.hooks.plugin import PluginInfo, PluginStatus, PluginTables
from storeql.hooks.pricing import Annotation, Refusal, Verdict
from storeql.hooks.taxes import TaxRates
from storeql.hooks.trial import SPECIFICATIONS
from storeql.hooks.versions import HOOKS_VERSION, OLDEST_HOOKS_VERSION, HookDeprecated

__all__ = [
    "HOOKS_VERSION",
    "OLDEST_HOOKS_VERSION",
    "SPECIFICATIONS",
    "Annotation",
    "CartChange",
    "CartChangeKind",
    "ChangedLine",
    "GatewayStep",
    "HookDeprecated",
    "Hooks",
    "OrderChange",
    "OrderLineSnapshot",
    "OrderSnapshot",
    "Parcel",
    "ParcelLine",
    "PaymentGateway",
    "PaymentRequest",
    "PaymentResult",
    "PaymentStatus",
    "PluginInfo",
    "PluginStatus",
    "PluginTables",
    "Refusal",
    "TaxRates",
    "Verdict",
    "Write",
    "hookimpl",
    "hookspec",
    "load_hooks",
]
