"""What the sign-in page asks of the shop, and the cookie that remembers the answer."""

from collections.abc import Callable
from typing import Protocol, TypeAlias

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response


class SignIn(msgspec.Struct, frozen=True):
    """A session that has begun. ``token`` is the secret that the cookie will carry."""

    token: str
    max_age_seconds: int


class Refusal(msgspec.Struct, frozen=True):
    """Why a sign-in failed, in words for the visitor.

    ``retry_after_seconds`` is set when too many attempts were made.
    """

    message: str
    retry_after_seconds: int | None = None


class Authenticate(Protocol):
    """Checks a password against the database; blocking, so called in a worker thread."""

    def __call__(
        self, email: str, password: str, *, client_ip: str, user_agent: str
    ) -> SignIn | Refusal:
        """The new session, or why there is none."""


WhoAmI: TypeAlias = Callable[[str], str | None]
SignOut: TypeAlias = Callable[[str], None]


class SessionCookie(msgspec.Struct, frozen=True):
    """The cookie of a staff session: out of reach for scripts and for other sites' requests."""

    name: str
    secure: bool

    def put(self, response: Response, session: SignIn) -> None:
        """Let the browser keep ``session`` as long as the shop does."""
        response.set_cookie(
            self.name,
            session.token,
            max_age=session.max_age_seconds,
            path="/",
            secure=self.secure,
            httponly=True,
            samesite="lax",
        )

    def remove(self, response: Response) -> None:
        """Let the browser forget the session."""
        response.delete_cookie(
            self.name, path="/", secure=self.secure, httponly=True, samesite="lax"
        )


class Visitors(msgspec.Struct, frozen=True):
    """Knows the staff member behind a request's cookie."""

    cookie: SessionCookie
    whoami: WhoAmI

    async def staff_name(self, request: Request) -> str | None:
        """The name of the signed-in member of staff; None for everybody else."""
        token = self.token(request)
        return await run_in_threadpool(self.whoami, token) if token else None

    def token(self, request: Request) -> str:
        """The secret in the session cookie, empty without one."""
        return request.cookies.get(self.cookie.name, "")
