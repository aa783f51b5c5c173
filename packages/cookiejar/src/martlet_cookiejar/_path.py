"""Paths of cookies (RFC 6265bis section 5.1.4)."""


def default_path(path: str, /) -> str:
    """The path of a cookie that names none: that of the URL up to its last slash, without it."""
    if not path.startswith("/"):
        return "/"
    return path[: path.rfind("/")] or "/"


def path_match(path: str, cookie_path: str, /) -> bool:
    """Whether the path of a URL is that of a cookie or below it."""
    return path.startswith(cookie_path) and (
        len(path) == len(cookie_path) or cookie_path.endswith("/") or path[len(cookie_path)] == "/"
    )
