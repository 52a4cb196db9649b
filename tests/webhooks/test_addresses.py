"""Nobody reaches the shop's own network through a webhook, whatever they write or resolve to."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

import pytest

from storeql.inputs import Fields
from storeql.webhooks.addresses import Reach, check_url, is_public
from storeql.webhooks.send import NoAnswer, Sender
from tests.webhooks.receiver import Reply, receiving

OUTSIDE = Reach(development=False)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "172.16.5.4",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "255.255.255.255",
        "224.0.0.1",
        "192.0.2.1",
        "::1",
        "::",
        "fe80::1%eth0",
        "fd12::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_an_address_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "2001:4860:4860::8888", "64:ff9b::808:808"])
def test_an_address_outside_is(address: str) -> None:
    assert is_public(address)


def test_one_private_address_among_those_of_a_name_is_enough_to_refuse_it() -> None:
    assert not OUTSIDE.allows("example.com", ["8.8.8.8", "10.0.0.1"])
    assert Reach(development=False, private_hosts=("Example.com",)).allows("example.com", ["::1"])


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "//example.com/x",
        "https://",
        "https:///x",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://user@example.com/",
        "https://example.com/#here",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com\\@evil.com/",
        "https://例子.cn/",
        "https://[::1/",
        "https://example.com/\x00",
        "https://example.com/" + "x" * 2000,
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    fields = Fields()
    check_url(fields, url, reach=OUTSIDE, resolve=lambda host, port: ["8.8.8.8"])
    assert fields.problems


def test_a_name_is_looked_up_for_three_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storeql.webhooks.addresses.RESOLVE_SECONDS", 0.05)

    def slow(host: str, port: int) -> Iterable[str]:
        time.sleep(0.5)
        return ["127.0.0.1"]

    fields, began = Fields(), time.monotonic()
    assert check_url(fields, "https://example.com/", reach=OUTSIDE, resolve=slow)
    assert time.monotonic() - began < 0.4
    assert fields.problems == []  # every connection looks again


def posted(url: str, reach: Reach, *, seconds: float = 5.0) -> object:
    async def post() -> object:
        sender = Sender(reach, seconds=seconds, connections=2)
        try:
            return await sender.post(url, {"content-type": "application/json"}, b"{}")
        finally:
            await sender.close()

    return asyncio.run(post())


def test_a_redirect_is_not_followed() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _: Reply(302, headers=(("location", receiver.url + "/next"),))
        answer = posted(receiver.url, Reach(development=True))
        assert answer.status == 302  # type: ignore[attr-defined]
        assert len(receiver.received) == 1


def test_a_connection_inside_is_refused_whatever_the_name_was_when_it_was_saved() -> None:
    with receiving() as receiver:
        for url in (receiver.url, receiver.url.replace("127.0.0.1", "localhost")):
            with pytest.raises(NoAnswer, match="private network"):
                posted(url, OUTSIDE)
        assert receiver.received == []


def test_a_receiver_that_drips_is_given_up_in_time() -> None:
    def drip(_: object) -> Reply:
        time.sleep(1.0)
        return Reply()

    with receiving() as receiver:
        receiver.answer = drip
        began = time.monotonic()
        with pytest.raises(NoAnswer, match=r"within 0\.2 seconds"):
            posted(receiver.url, Reach(development=True), seconds=0.2)
        assert time.monotonic() - began < 0.9


def test_of_an_endless_answer_only_the_beginning_is_read() -> None:
    with receiving() as receiver:
        receiver.answer = lambda _: Reply(200, b"\0" + b"x" * 5_000_000)
        answer = posted(receiver.url, Reach(development=True))
        assert answer.text == "�" + "x" * 1_999  # type: ignore[attr-defined]


def test_nobody_there_and_no_such_host_are_said_in_one_sentence() -> None:
    for url in ("http://127.0.0.1:9/", "http://nowhere.invalid/"):
        with pytest.raises(NoAnswer) as said:
            posted(url, Reach(development=True))
        assert str(said.value).endswith(".") and "\n" not in str(said.value)
