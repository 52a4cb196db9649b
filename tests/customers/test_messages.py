import socketserver
import threading
from collections.abc import Iterator

import pytest
from msgspec.structs import replace
from sqlalchemy import select

from storeql.customers.mail import smtp_sender
from storeql.customers.messages import (
    MOST_FAILURES,
    Message,
    deliver,
    deliver_soon,
    sender,
    write_message,
)
from storeql.customers.tables import messages
from storeql.db import Connection, Database, statement
from storeql.errors import SettingsError
from tests.customers.people import NOW, SETTINGS, at_once

ROWS = statement(
    select(messages.c.sent_at, messages.c.claimed_at, messages.c.body, messages.c.failures)
)


def write_some(database: Database, count: int = 1) -> None:
    def work(connection: Connection) -> None:
        for number in range(count):
            write_message(
                connection,
                recipient="li@example.cn",
                subject=f"您好 {number}",
                body="the secret",
                now=NOW,
            )

    database.write(work)


def test_a_message_leaves_once_and_its_text_goes_with_it(database: Database) -> None:
    write_some(database)
    sent: list[Message] = []
    assert deliver(database, SETTINGS, send=sent.append) == 1
    assert deliver(database, SETTINGS, send=sent.append) == 0
    assert [(one.recipient, one.subject, one.body) for one in sent] == [
        ("li@example.cn", "您好 0", "the secret")
    ]
    with database.reading() as connection:
        sent_at, _, body, failures = connection.one(ROWS) or ()
    assert sent_at > NOW and body == "" and failures == 0


def test_simultaneous_deliveries_send_each_message_once(database: Database) -> None:
    write_some(database, 12)
    sent: list[Message] = []
    counts = at_once([lambda: deliver(database, SETTINGS, send=sent.append) for _ in range(4)])
    assert sum(count for count in counts if isinstance(count, int)) == 12
    assert len({one.id for one in sent}) == len(sent) == 12


def test_a_message_that_could_not_be_sent_is_tried_again_a_few_times(database: Database) -> None:
    write_some(database)

    def broken(message: Message) -> None:
        raise ConnectionRefusedError

    for _ in range(MOST_FAILURES + 3):
        assert deliver(database, SETTINGS, send=broken) == 0
    with database.reading() as connection:
        assert connection.one(ROWS) == (None, None, "the secret", MOST_FAILURES)


def test_development_logs_messages_and_production_keeps_them_without_a_mail_server(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    write_some(database)
    production = replace(SETTINGS, environment="production")
    assert sender(production) is None
    assert deliver(database, production) == 0
    assert deliver(database, SETTINGS) == 1
    assert "the secret" in capsys.readouterr().out


def test_delivering_soon_never_waits_and_never_fails(database: Database) -> None:
    write_some(database)
    deliver_soon(database, replace(SETTINGS, mail_url="smtp://127.0.0.1:1"))
    _wait_for_deliveries()
    with database.reading() as connection:
        assert connection.one(ROWS) == (None, None, "the secret", 1)


def _wait_for_deliveries() -> None:
    for thread in threading.enumerate():
        if thread.name == "storeql-messages":
            thread.join(10)


@pytest.fixture
def mail_server() -> Iterator[tuple[str, list[bytes]]]:
    """A mail server that takes everything: its address and what it got."""
    received: list[bytes] = []

    class Session(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            self.wfile.write(b"220 mail.example ESMTP\r\n")
            while line := self.rfile.readline():
                verb = line[:4].upper()
                if verb == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    while (part := self.rfile.readline()) != b".\r\n":
                        received.append(part)
                self.wfile.write(b"221 bye\r\n" if verb == b"QUIT" else b"250 ok\r\n")

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        host, port = server.server_address[:2]
        yield f"smtp://{host}:{port}?from=shop@example.cn", received
        server.shutdown()


def test_messages_go_through_the_mail_server_of_the_settings(
    database: Database, mail_server: tuple[str, list[bytes]]
) -> None:
    url, received = mail_server
    write_some(database)
    assert deliver(database, replace(SETTINGS, mail_url=url)) == 1
    lines = b"".join(received).decode().splitlines()
    assert "From: shop@example.cn" in lines and "To: li@example.cn" in lines
    assert "the secret" in lines


def test_an_address_that_is_no_mail_server_is_refused() -> None:
    with pytest.raises(SettingsError):
        smtp_sender("https://mail.example")
