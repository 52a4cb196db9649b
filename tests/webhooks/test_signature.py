"""Receivers can tell the shop's requests from others, in Python and in JavaScript."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from storeql.webhooks import InvalidWebhook, verify
from storeql.webhooks.signature import sign
from storeql.webhooks.signing_keys import new_salt, secret_of, secrets_that_hold

SHOP_SECRET = "a secret of the tests, long enough"
SECRET = secret_of("salt", secret=SHOP_SECRET)
AT = 1_764_000_000
BODY = b'{"data":{"event":{"kind":"ORDER_PLACED"}}}'
DOCS = Path(__file__).parents[2] / "docs" / "events.md"


def headers(*secrets: str, at: int = AT, body: bytes = BODY) -> dict[str, str]:
    signature = sign(secrets or [SECRET], id="evt", timestamp=at, body=body)
    return {
        "Webhook-Id": "evt",
        "Webhook-Timestamp": str(at),
        "Webhook-Signature": signature,
    }


def test_the_example_of_the_standard_is_signed_as_the_standard_says() -> None:
    # https://www.standardwebhooks.com: whsec_ and base64 of the key, v1 and base64 of the HMAC.
    signature = sign(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        id="msg_p5jXN8AQM9LWM0D4loKWxJek",
        timestamp=1614265330,
        body=b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_what_the_shop_signed_is_known_by_its_id() -> None:
    assert verify(SECRET, headers(), BODY, now=AT + 299) == "evt"


def test_during_a_rotation_either_secret_is_enough() -> None:
    other = secret_of(new_salt(), secret=SHOP_SECRET)
    both = headers(other, SECRET)
    assert verify(SECRET, both, BODY, now=AT) == verify(other, both, BODY, now=AT) == "evt"
    held = secrets_that_hold("new", "salt", AT, secret=SHOP_SECRET, now=AT - 1)
    assert held == [secret_of("new", secret=SHOP_SECRET), SECRET]
    assert secrets_that_hold("new", "salt", AT, secret=SHOP_SECRET, now=AT) == held[:1]


@pytest.mark.parametrize(
    "change",
    [
        {"Webhook-Id": "another"},
        {"Webhook-Id": ""},
        {"Webhook-Timestamp": str(AT + 1)},
        {"Webhook-Timestamp": "٣"},
        {"Webhook-Timestamp": "-5"},
        {"Webhook-Signature": ""},
        {"Webhook-Signature": "v1,"},
        {"Webhook-Signature": "v1,é"},
        {"Webhook-Signature": headers()["Webhook-Signature"].replace("v1", "v2")},
    ],
)
def test_a_request_with_another_header_is_refused(change: dict[str, str]) -> None:
    with pytest.raises(InvalidWebhook):
        verify(SECRET, {**headers(), **change}, BODY, now=AT)


def test_another_body_another_secret_and_an_old_request_are_refused() -> None:
    for secret, body, now in (
        (SECRET, BODY + b" ", AT),
        (secret_of("other", secret=SHOP_SECRET), BODY, AT),
        ("whsec_not base64", BODY, AT),
        (SECRET, BODY, AT + 301),
        (SECRET, BODY, AT - 301),
    ):
        with pytest.raises(InvalidWebhook):
            verify(secret, headers(), body, now=now)


@pytest.mark.skipif(shutil.which("node") is None, reason="the example in JavaScript needs node")
def test_the_documented_javascript_agrees() -> None:
    (code,) = re.findall(r"```js\n(.*?)```", DOCS.read_text(encoding="utf-8"), re.DOTALL)
    asked = {"secret": SECRET, "body": BODY.decode(), "now": AT}
    lowered = {name.lower(): value for name, value in headers().items()}
    forged = {**lowered, "webhook-id": "another"}
    script = code + (
        "\nconst asked = JSON.parse(process.argv[1]);"
        "\nDate.now = () => asked.now * 1000;"
        "\nconst body = Buffer.from(asked.body);"
        "\nconsole.log(JSON.stringify(asked.headers.map((headers) => {"
        "\n  try { return verify(asked.secret, headers, body); } catch { return null; }"
        "\n})));"
    )
    command = ["node", "-e", script, json.dumps({**asked, "headers": [lowered, forged]})]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=30, check=True)
    assert json.loads(ran.stdout) == ["evt", None]


def test_the_documented_python_is_this_function() -> None:
    text = DOCS.read_text(encoding="utf-8")
    assert "from storeql.webhooks import InvalidWebhook, verify" in text
