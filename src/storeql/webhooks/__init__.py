"""Tells programs outside of events, by HTTP; `verify` is for those who receive them."""

from storeql.webhooks.signature import InvalidWebhook, verify

__all__ = ["InvalidWebhook", "verify"]
