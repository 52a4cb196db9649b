"""The staff sign-in: a form that works without JavaScript, what it sends, and the way out."""

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from storeql.server.graphiql.form import UnreadableForm, read_form
from storeql.server.graphiql.origin import is_same_origin
from storeql.server.graphiql.pages import sign_in_page
from storeql.server.graphiql.policy import page_headers
from storeql.server.graphiql.redirect import PAGE_PATH
from storeql.server.graphiql.session import Authenticate, Refusal, SignIn, SignOut, Visitors

FOREIGN = "This form was sent from another site. Open the sign-in page and try again."
INCOMPLETE = "Enter your e-mail address and your password."


class SignInForm(msgspec.Struct, frozen=True):
    """The endpoints behind ``/graphiql/sign-in`` and ``/graphiql/sign-out``."""

    visitors: Visitors
    authenticate: Authenticate
    sign_out: SignOut
    digest: str
    hint: str

    async def show(self, request: Request) -> Response:
        """The empty form, or GraphiQL for those who are signed in already."""
        if await self.visitors.staff_name(request) is not None:
            return _to_graphiql()
        return self._page()

    async def submit(self, request: Request) -> Response:
        """Begin a session and lead to GraphiQL, or show the form again with the reason."""
        if not is_same_origin(request):
            return PlainTextResponse(FOREIGN, status_code=403)
        try:
            form = await read_form(request)
        except UnreadableForm:
            return self._page(message=INCOMPLETE, status=400)
        return await self._attempt(request, form.get("email", "").strip(), form.get("password", ""))

    async def leave(self, request: Request) -> Response:
        """End the session, here and in the shop."""
        if not is_same_origin(request):
            return PlainTextResponse(FOREIGN, status_code=403)
        token = self.visitors.token(request)
        if token:
            await run_in_threadpool(self.sign_out, token)
        response = _to_graphiql()
        self.visitors.cookie.remove(response)
        return response

    async def _attempt(self, request: Request, email: str, password: str) -> Response:
        if not email or not password:
            return self._page(email=email, message=INCOMPLETE, status=400)
        outcome = await run_in_threadpool(
            self.authenticate,
            email,
            password,
            client_ip=request.client.host if request.client else "",
            user_agent=request.headers.get("user-agent", ""),
        )
        return (
            self._refused(email, outcome) if isinstance(outcome, Refusal) else self._begun(outcome)
        )

    def _begun(self, session: SignIn) -> Response:
        response = _to_graphiql()
        self.visitors.cookie.put(response, session)
        return response

    def _refused(self, email: str, refusal: Refusal) -> Response:
        wait = refusal.retry_after_seconds
        if wait is None:
            return self._page(email=email, message=refusal.message, status=403)
        response = self._page(email=email, message=refusal.message, status=429)
        response.headers["Retry-After"] = str(wait)
        return response

    def _page(self, *, email: str = "", message: str = "", status: int = 200) -> Response:
        page = sign_in_page(digest=self.digest, email=email, message=message, hint=self.hint)
        return HTMLResponse(page, status_code=status, headers=page_headers())


def _to_graphiql() -> Response:
    # 303, so that reloading the page does not send the form again.
    return RedirectResponse(PAGE_PATH, status_code=303, headers={"Cache-Control": "no-store"})
