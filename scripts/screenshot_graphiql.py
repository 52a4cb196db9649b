"""Takes the picture of GraphiQL for the README from a running shop, in headless Chromium.

Run ``make demo`` in one terminal, then ``python scripts/screenshot_graphiql.py --example 1 2 3 4``:
it runs the examples in that order and the last one stays in view. It speaks the DevTools protocol
over the websockets library, which the shop depends on anyway, so only Chromium has to be installed.
"""

import argparse
import base64
import itertools
import json
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
PATIENCE_SECONDS = 20.0
SETTLE_SECONDS = 0.6
RESPONSE = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()"


class Page:
    """One browser tab, driven over the DevTools protocol."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    def call(self, method: str, **parameters: object) -> dict[str, Any]:
        """The result of one protocol method; raises RuntimeError when the browser refuses it."""
        number = next(self._ids)
        self._socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message: dict[str, Any] = json.loads(self._socket.recv(PATIENCE_SECONDS))
            if message.get("id") != number:
                continue
            if "error" in message:
                raise RuntimeError(f"{method}: {message['error']['message']}")
            result: dict[str, Any] = message["result"]
            return result

    def value(self, expression: str) -> Any:
        """What a JavaScript expression gives in the page."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        return answer["result"].get("value")

    def wait_for(self, expression: str) -> None:
        """Return once the expression is truthy; TimeoutError when it never is."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while not self.value(expression):
            if time.monotonic() > give_up_at:
                raise TimeoutError(f"never came true: {expression}")
            time.sleep(0.1)

    def click(self, selector: str) -> None:
        """Click the first element that matches, once it is there."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(found + " !== null")
        self.value(f"{found}.scrollIntoView({{block: 'nearest'}})")
        box = self.value(f"{found}.getBoundingClientRect().toJSON()")
        place = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
        # Menus open on a press of the mouse; the click() of a script does not count.
        for event in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=event, button="left", clickCount=1, **place)
        time.sleep(SETTLE_SECONDS)


def main() -> None:
    """Take the picture that the arguments describe."""
    options = _arguments()
    with _browser(options.chromium) as page:
        _look(page, width=options.width, height=options.height, dark=options.dark)
        if options.email:
            _sign_in(page, options.url, options.email, options.password)
        _open(page, options.url)
        for number in options.example:
            _run_example(page, number)
        _show_pane(page, options.pane)
        _save(page, options.out)
    sys.stdout.write(f"{options.out}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8000/graphiql")
    parser.add_argument("--out", type=Path, default=Path("docs/graphiql.png"))
    parser.add_argument("--example", type=int, nargs="*", default=[1], help="run these in order")
    parser.add_argument("--pane", choices=["Examples", "GraphiQL Explorer", "none"], default="none")
    parser.add_argument("--email", help="sign in as staff first")
    parser.add_argument("--password", default="")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1440)
    parser.add_argument("--height", type=int, default=900)
    parser.add_argument("--chromium", default="chromium")
    return parser.parse_args()


@contextmanager
def _browser(chromium: str) -> Iterator[Page]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [chromium, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with connect(_tab_address(Path(profile)), max_size=None) as socket:
                yield Page(socket)
        finally:
            process.terminate()
            process.wait()


def _tab_address(profile: Path) -> str:
    announced = profile / "DevToolsActivePort"
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    while not (announced.exists() and announced.read_text()):
        if time.monotonic() > give_up_at:
            raise TimeoutError("Chromium did not start")
        time.sleep(0.1)
    port = announced.read_text().splitlines()[0]
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list") as answer:
        tabs = json.load(answer)
    return next(str(tab["webSocketDebuggerUrl"]) for tab in tabs if tab["type"] == "page")


def _look(page: Page, *, width: int, height: int, dark: bool) -> None:
    page.call(
        "Emulation.setDeviceMetricsOverride",
        width=width,
        height=height,
        deviceScaleFactor=2,
        mobile=False,
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    page.call("Emulation.setEmulatedMedia", features=[scheme])


def _sign_in(page: Page, url: str, email: str, password: str) -> None:
    page.call("Page.navigate", url=f"{url}/sign-in")
    page.wait_for("document.querySelector('#password') !== null")
    for field, text in (("email", email), ("password", password)):
        page.value(f"document.querySelector('#{field}').value = {json.dumps(text)}")
    page.click("form button")


def _open(page: Page, url: str) -> None:
    page.call("Page.navigate", url=url)
    page.wait_for("document.querySelector('.graphiql-tab') !== null")
    # Introspection first: the editor underlines every field until it knows the schema.
    page.wait_for("document.querySelector('.graphiql-sidebar .graphiql-spinner') === null")
    time.sleep(2 * SETTLE_SECONDS)


def _run_example(page: Page, number: int) -> None:
    _show_pane(page, "Examples")
    page.click(f".examples li:nth-child({number}) button")
    page.click("button.graphiql-execute-button")
    # A document with several operations opens a menu; its first operation is the one to show.
    if page.value("document.querySelector('[role=menuitem]') !== null"):
        page.click("[role=menuitem]")
    page.wait_for(RESPONSE)
    time.sleep(SETTLE_SECONDS)


def _show_pane(page: Page, title: str) -> None:
    shown = "document.querySelector('.graphiql-sidebar [aria-label^=\"Hide \"]')"
    if page.value(f"{shown}?.ariaLabel") == f"Hide {title}":
        return
    if title != "none":
        page.click(f'.graphiql-sidebar [aria-label="Show {title}"]')
    elif page.value(f"{shown} !== null"):
        page.click('.graphiql-sidebar [aria-label^="Hide "]')


def _save(page: Page, out: Path) -> None:
    picture = page.call("Page.captureScreenshot", format="png")["data"]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(base64.b64decode(picture))


if __name__ == "__main__":
    main()
