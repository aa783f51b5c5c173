"""Whether a cookie that did not come from a server is in a form that a jar can have."""

import re
from typing import Final

from ._cookie import Cookie
from ._host import is_canonical

# Tabs may stand inside, as in what servers set (5.6).
_BAD_IN_NAME: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;=]|\A[ \t]|[ \t]\Z|\A\Z")
_BAD_IN_VALUE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;]")
_NO_OCTETS: Final = re.compile(r"[\ud800-\udc7f\udd00-\udfff]")

FIELD_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "name": (str,),
    "value": (str,),
    "domain": (str,),
    "path": (str,),
    "host_only": (bool,),
    "secure": (bool,),
    "http_only": (bool,),
    "same_site": (str,),
    "partitioned": (bool,),
    "expires": (int, float, type(None)),
    "created": (int, float),
    "max_age": (str,),
}
"""The types of a cookie's fields, in their order."""

# Neither infinite nor an integer that is too large for a float.
_MOST_SECONDS: Final = 10**18
_SAME_SITE: Final = ("Strict", "Lax", "None", "")

BAD_IN_ATTRIBUTE: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f;\ud800-\udc7f\udd00-\udfff]")
"""What no attribute of a Set-Cookie field can hold."""


def check_cookie(cookie: Cookie) -> None:
    """Refuse a cookie that could not be sent, or not be found.

    Raises:
        TypeError: A field is of another type than it says.
        ValueError: The message says what is wrong; it does not show the value.
    """
    for field, types in FIELD_TYPES.items():
        # Exactly: True is an int too, and what is saved is to come back as it was.
        if (found := type(getattr(cookie, field))) not in types:
            raise TypeError(
                f"a cookie's {field} has to be {types[0].__name__}, not {found.__name__}"
            )
    if cookie.same_site not in _SAME_SITE:
        raise ValueError(f"same_site is Strict, Lax, None or empty, not {cookie.same_site!r:.80}")
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
    if cookie.expires is not None and cookie.expires != cookie.expires:
        raise ValueError(f"not a time: {cookie.expires!r}")
    if not abs(cookie.created) <= _MOST_SECONDS:
        raise ValueError(f"not a time of creation: {cookie.created!r:.80}")


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
