"""The security headers of every page of GraphiQL, in one place."""

PLAIN_STYLES = "style-src 'self'"


def page_headers(*, styles: str = PLAIN_STYLES) -> dict[str, str]:
    """The headers of a page that loads nothing but our own files and runs no inline script."""
    return {
        "Content-Security-Policy": _content_security_policy(styles),
        "Cache-Control": "no-store",
        "Cross-Origin-Opener-Policy": "same-origin",
        # Not "no-referrer": it turns the Origin of our own forms into "null".
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def graphiql_styles(nonce: str) -> str:
    """The styles GraphiQL cannot do without, and no others.

    Its menus add one style element to lock scrolling, which carries the page's ``nonce``; the
    go-to-line box of its editor has style attributes, which cannot carry one.
    """
    return f"style-src 'self' 'nonce-{nonce}'; style-src-attr 'unsafe-inline'"


def _content_security_policy(styles: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            styles,
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "object-src 'none'",
            "base-uri 'none'",
        )
    )
