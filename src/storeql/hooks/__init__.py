"""The extension points of a shop: everything a plugin can register or be asked, by subject."""

from storeql.hooks.calls import GatewayStep, Hooks
from storeql.hooks.events import OrderChange, OrderLineSnapshot, OrderSnapshot
from storeql.hooks.loading import load_hooks
from storeql.hooks.markers import hookimpl, hookspec
from storeql.hooks.payments import (
    PaymentGateway,
    PaymentRequest,
    PaymentResult,
    PaymentStatus,
)
from storeql.hooks.plugin import PluginInfo, PluginStatus
from storeql.hooks.pricing import Annotation, Refusal, Verdict
from storeql.hooks.trial import SPECIFICATIONS

__all__ = [
    "SPECIFICATIONS",
    "Annotation",
    "GatewayStep",
    "Hooks",
    "OrderChange",
    "OrderLineSnapshot",
    "OrderSnapshot",
    "PaymentGateway",
    "PaymentRequest",
    "PaymentResult",
    "PaymentStatus",
    "PluginInfo",
    "PluginStatus",
    "Refusal",
    "Verdict",
    "hookimpl",
    "hookspec",
    "load_hooks",
]
