"""Renders the two HTML pages: GraphiQL itself and the staff sign-in."""

from html import escape
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "pages"


def _template(name: str) -> Template:
    return Template((FOLDER / name).read_text(encoding="utf-8"))


PAGE = _template("page.html")
SIGN_IN = _template("sign_in.html")
STAFF = _template("staff.html")
GUEST = _template("guest.html")
PROBLEM = Template('<p class="problem" id="problem" role="alert">$message</p>')


def graphiql_page(*, digest: str, endpoint: str, staff: str | None, style_nonce: str) -> str:
    """The page with GraphiQL. ``staff`` is the name of whoever is signed in."""
    visitor = GUEST.template if staff is None else STAFF.substitute(name=escape(staff))
    return PAGE.substitute(
        digest=digest, endpoint=escape(endpoint), visitor=visitor, style_nonce=style_nonce
    )


def sign_in_page(*, digest: str, email: str = "", message: str = "", hint: str = "") -> str:
    """The sign-in form.

    ``message`` says why the last attempt failed, ``hint`` as whom one may sign in.
    """
    return SIGN_IN.substitute(
        digest=digest,
        email=escape(email),
        problem=PROBLEM.substitute(message=escape(message)) if message else "",
        described='aria-describedby="problem"' if message else "",
        focus_email="" if email else "autofocus",
        focus_password="autofocus" if email else "",
        hint=f'<p class="hint">{escape(hint)}</p>' if hint else "",
    )
