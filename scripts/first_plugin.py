"""Walks from nothing to a cart priced by a new plugin, as its author would, and times each step.

    python scripts/first_plugin.py

Nothing of storeql is touched: the plugin is installed into an environment of its own, and the shop
is a demo in a temporary folder. What an author does in GraphiQL goes to the same address.
"""

from __future__ import annotations

import json
import os
import site
import socket
import subprocess
import sys
import time
import urllib.request
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from storeql.demo.accounts import PASSWORD, STAFF

NAME, KIND = "late-hour", "lateHour"
SIGN_IN = """
  mutation ($input: SignInInput!) { staffSignIn(input: $input) { token } }"""
CREATE = """
  mutation ($input: PromotionCreateInput!) {
    promotionCreate(input: $input) { promotion { id } userErrors { message } }
  }"""
ACTIVATE = """
  mutation ($input: PromotionStepInput!) {
    promotionActivate(input: $input) { promotion { id } userErrors { message } }
  }"""
GOODS = "{ products(first: 1) { nodes { variants { id } } } }"
CART = """
  mutation ($input: CartCreateInput!) {
    cartCreate(input: $input) {
      cart { price { total { amount } trace { promotionName outcome } } }
    }
  }"""


class Shop:
    """Asks the served shop as GraphiQL does."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.address = f"http://127.0.0.1:{port}"
        self.token = ""

    def ask(self, query: str, **variables: Any) -> Any:
        """The value of the one root field."""
        headers = {"content-type": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        body = json.dumps({"query": query, "variables": variables}).encode()
        request = urllib.request.Request(f"{self.address}/graphql", body, headers)
        with urllib.request.urlopen(request, timeout=60) as response:
            [value] = json.load(response)["data"].values()
        return value

    def wait(self, seconds: float = 120) -> None:
        """Waits until it answers."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                urllib.request.urlopen(f"{self.address}/readyz", timeout=5).close()
                return
            except OSError:
                time.sleep(0.05)
        raise TimeoutError("the shop did not come up")


def main() -> None:
    """Prints what each step took."""
    with TemporaryDirectory() as folder:
        walk(Path(folder))


def walk(folder: Path) -> None:
    """The way of a new author, from an empty folder."""
    environment = prepare(folder)
    began, worked = time.monotonic(), cpu_seconds()
    with step("storeql plugin new"):
        run(folder, environment, "storeql.cli", "plugin", "new", NAME)
    pip = ("pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "-e")
    with step("pip install -e"):
        run(folder, environment, *pip, f"storeql-{NAME}")
    with step("storeql plugin check"):
        run(folder, environment, "storeql.cli", "plugin", "check", f"storeql-{NAME}")
    shop = Shop(free_port())
    command = [python(folder), "-m", "storeql.cli", "serve", "--port", str(shop.port)]
    with step("storeql serve"):
        served = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL)
        shop.wait()
    try:
        with step("a promotion and a cart"):
            priced = sell(shop)
    finally:
        served.terminate()
        served.wait()
    tell("in all", time.monotonic() - began)
    tell("of it at work", cpu_seconds() - worked)
    sys.stdout.write(f"three pieces cost {priced['amount']}\n")


def sell(shop: Shop) -> Any:
    """Sets a promotion of the new kind up and opens a cart with three pieces."""
    owner = {"email": STAFF[0].email, "password": PASSWORD}
    shop.token = shop.ask(SIGN_IN, input=owner)["token"]
    rule = {KIND: {"off": "10", "fromQuantity": 3}}
    made = shop.ask(CREATE, input={"name": "Three or more", "rule": rule})["promotion"]
    shop.ask(ACTIVATE, input={"id": made["id"]})
    [product] = shop.ask(GOODS)["nodes"]
    line = {"variantId": product["variants"][0]["id"], "quantity": 3}
    price = shop.ask(CART, input={"lines": [line]})["cart"]["price"]
    assert {"promotionName": "Three or more", "outcome": "APPLIED"} in price["trace"], price
    return price["total"]


def prepare(folder: Path) -> dict[str, str]:
    """A demo shop, and an environment that has storeql; not timed: an author has both."""
    venv.create(folder / "env", symlinks=True)
    [packages] = (folder / "env").glob("lib/*/site-packages")
    (packages / "storeql.pth").write_text(
        "".join(f"import site; site.addsitedir({path!r})\n" for path in site.getsitepackages())
    )
    environment = {**os.environ, "STOREQL_DATABASE_URL": f"sqlite:///{folder}/shop.sqlite"}
    run(folder, environment, "storeql.cli", "demo", "--no-serve", "--products", "20")
    return environment


def run(folder: Path, environment: dict[str, str], *module: str) -> None:
    """Runs a module in the author's environment; it must succeed."""
    done = subprocess.run(
        [python(folder), "-m", *module],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def python(folder: Path) -> str:
    """The author's Python."""
    return str(folder / "env" / "bin" / "python")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@contextmanager
def step(name: str) -> Iterator[None]:
    """Times what is done in the context."""
    began = time.monotonic()
    yield
    tell(name, time.monotonic() - began)


def cpu_seconds() -> float:
    """What finished commands have worked, however busy the machine is with other things."""
    times = os.times()
    return times.children_user + times.children_system


def tell(name: str, seconds: float) -> None:
    """Prints how long something took."""
    sys.stdout.write(f"{name:<24}{seconds:6.1f} s\n")


if __name__ == "__main__":
    main()
