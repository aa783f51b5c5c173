"""Whether a cookie that did not come from a server is in a form that a jar can have."""

import re
from typing import Final

from ._cookie import Cookie
from ._host import is_canonical

# Tabs may stand inside, as in what servers set (5.6).
_BAD_IN_NAME: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;=]|\A[ \t]|[ \t]\Z|\A\Z")
_BAD_IN_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;]")
_NO_OCTETS: Final = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")

BAD_IN_ATTRIBUTE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;\ud800-\udc7f\udd00-\udfff]")
"""What no attribute of a Set-Cookie field can hold."""


def check_cookie(cookie: Cookie) -> None:
    """Refuse a cookie that could not be sent, or not be found.

    Raises:
        ValueError: The message says what is wrong; it does not show the value.
    """
    # Without a name there has to be a value.
    check_pair(cookie.name or (cookie.value and "-"), cookie.value)
    if cookie.domain and not is_canonical(cookie.domain):
        raise ValueError(f"not a domain in canonical form: {cookie.domain[:300]!r}")
    path = cookie.path
    if not path.startswith("/") or BAD_IN_ATTRIBUTE.search(path):
        raise ValueError(
            f"a cookie's path has to begin with a slash and to hold no control characters: "
            f"{path[:300]!r}"
        )
    for time in (cookie.expires, cookie.created):
        if time is not None and time != time:
            raise ValueError(f"not a time: {time!r}")


def check_pair(name: str, value: str) -> None:
    """Refuse a name or a value that would be more, or less, than one cookie.

    Raises:
        ValueError: It would.
    """
    # The value may be a secret: only what is wrong with it is told.
    if (bad := _NO_OCTETS.search(f"{name}{value}")) is not None:
        raise ValueError(
            f"the cookie {name[:80]!r} holds {bad[0]!r}, a surrogate that stands for no octet"
        )
    if (bad := _BAD_IN_NAME.search(name)) is not None:
        what = repr(bad[0]) if bad[0] else "nothing"
        raise ValueError(f"a cookie's name cannot hold {what} there: {name[:80]!r}")
    if (bad := _BAD_IN_VALUE.search(value)) is not None:
        raise ValueError(
            f"the value of the cookie {name[:80]!r} holds {bad[0]!r} at {bad.start()}, "
            "which no Cookie field can carry as it is"
        )
