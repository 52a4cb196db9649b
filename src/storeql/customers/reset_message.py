"""The words of the message that lets a customer choose a new password."""

from __future__ import annotations

SUBJECT = "重设密码 · Reset your password"
BODY = """\
您好！我们收到了重设密码的请求，以下凭证一小时内有效，仅可使用一次。如非本人操作，请忽略本邮件。

Somebody (you, we hope) asked to reset your password. What follows is valid for one hour and works
once. If it was not you, ignore this message: nothing changes.

{secret}
"""


def reset_message(token: str, public_url: str) -> tuple[str, str]:
    """Subject and body; with the shop's public address the secret comes as a link to it."""
    link = f"{public_url.rstrip('/')}/reset-password#token={token}"
    return SUBJECT, BODY.format(secret=link if public_url else token)
