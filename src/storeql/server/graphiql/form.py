"""Reads the small sign-in form without trusting its size."""

from urllib.parse import parse_qsl

from starlette.requests import Request

MAX_BYTES = 8_192
MAX_FIELDS = 10


class UnreadableForm(ValueError):
    """The body is not a small urlencoded form in UTF-8."""


async def read_form(request: Request) -> dict[str, str]:
    """The fields of an urlencoded body; of a repeated field the last one."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BYTES:
            raise UnreadableForm("the form is too large")
    try:
        pairs = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, max_num_fields=MAX_FIELDS, errors="strict"
        )
    except ValueError as error:
        raise UnreadableForm("the form cannot be read") from error
    return dict(pairs)
