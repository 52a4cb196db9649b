"""Sends plain messages through a mail server."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import TypeAlias
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from storeql.errors import SettingsError

TIMEOUT_SECONDS = 10
PORTS = {"smtp": 25, "smtps": 465}

SendMail: TypeAlias = Callable[[str, str, str], None]


def smtp_sender(url: str) -> SendMail:
    """Sends (recipient, subject, body) through the server at `url`; raises when it refuses.

    `smtp://user:password@host:587?from=shop@example.com` encrypts where the server can and always
    before it sends a password; `smtps://` encrypts from the first byte.
    """
    server = urlsplit(url)
    if server.scheme not in PORTS or not server.hostname or not _has_sound_port(server):
        raise SettingsError("STOREQL_MAIL_URL must look like smtp://user:password@host:port.")
    origin = parse_qs(server.query).get("from", [f"no-reply@{server.hostname}"])[0]

    def send(recipient: str, subject: str, body: str) -> None:
        message = _message(origin, recipient, subject, body)
        with _connected(server) as smtp:
            smtp.send_message(message)

    return send


def _has_sound_port(server: SplitResult) -> bool:
    try:
        return server.port != 0
    except ValueError:
        return False


def _message(origin: str, recipient: str, subject: str, body: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = origin
    message["To"] = recipient
    message["Subject"] = subject
    message["Date"] = formatdate()
    message["Message-ID"] = make_msgid(domain=origin.rpartition("@")[2])
    message.set_content(body)
    return message


def _connected(server: SplitResult) -> smtplib.SMTP:
    host, port = server.hostname or "", server.port or PORTS[server.scheme]
    tls = _tls(verified=server.scheme == "smtps" or bool(server.username))
    if server.scheme == "smtps":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=TIMEOUT_SECONDS, context=tls)
    else:
        smtp = smtplib.SMTP(host, port, timeout=TIMEOUT_SECONDS)
    try:
        _introduce(smtp, server, tls)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _introduce(smtp: smtplib.SMTP, server: SplitResult, tls: ssl.SSLContext) -> None:
    smtp.ehlo()
    if server.scheme == "smtp" and (server.username or smtp.has_extn("starttls")):
        smtp.starttls(context=tls)
    if server.username:
        smtp.login(unquote(server.username), unquote(server.password or ""))


def _tls(*, verified: bool) -> ssl.SSLContext:
    """A relay without a password is taken at its word: local ones have self-made certificates."""
    tls = ssl.create_default_context()
    if not verified:
        tls.check_hostname = False
        tls.verify_mode = ssl.CERT_NONE
    return tls
