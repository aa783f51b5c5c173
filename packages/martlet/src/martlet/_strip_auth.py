"""Userinfo, taken out of a URL (RFC 3986 section 3.2.1)."""

from yarl import URL

from martlet_client_session import BasicAuth

__all__ = ["strip_auth_from_url"]


def strip_auth_from_url(url: URL) -> tuple[URL, BasicAuth | None]:
    """Give *url* without userinfo, and what that said; ``None`` where there is none."""
    auth = BasicAuth.from_url(url)
    return (url, None) if auth is None else (url.with_user(None), auth)
