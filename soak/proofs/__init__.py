"""The proofs by name, in the order in which they run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeAlias

from soak.findings import Findings
from soak.proofs.budget import one_budget
from soak.proofs.gifts import last_gifts
from soak.proofs.kill import killed_servers
from soak.proofs.limits import last_of_everything
from soak.proofs.per_customer import one_each
from soak.proofs.same_key import same_key
from soak.proofs.shutdown import graceful_shutdown
from soak.proofs.steady import steady_buying
from soak.proofs.stock import last_pieces
from soak.proofs.voucher import last_uses
from soak.shop import Shop

Proof: TypeAlias = Callable[[Shop, Findings, float], Awaitable[None]]
"""Proves something on a new shop; the last argument is how many seconds to buy for."""

PROOFS: dict[str, Proof] = {
    "stock": last_pieces,
    "voucher": last_uses,
    "gifts": last_gifts,
    "budget": one_budget,
    "limits": last_of_everything,
    "per-customer": one_each,
    "same-key": same_key,
    "steady": steady_buying,
    "kill": killed_servers,
    "shutdown": graceful_shutdown,
}
