"""Credentials of the Basic scheme (RFC 7617)."""

import re
from base64 import b64decode, b64encode
from typing import Final, NamedTuple, Self, TypeAlias

from yarl import URL

__all__ = ["AuthLike", "BasicAuth", "encode_basic_auth", "given_auth"]

_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")


class _Credentials(NamedTuple):
    login: str
    password: str
    encoding: str


class BasicAuth(_Credentials):
    """A login and a password, and the encoding that they are sent in.

    It unpacks into *login*, *password* and *encoding*. Raises `ValueError` for ``None``, for a
    colon in *login*, and for control characters in either (RFC 7617 section 2); `TypeError`
    for what else is no string.
    """

    __slots__ = ()

    def __new__(cls, login: str, password: str = "", encoding: str = "latin1") -> Self:
        """Check the parts."""
        _check(login, password, encoding)
        return super().__new__(cls, login, password, encoding)

    def __repr__(self) -> str:
        # Without the password: credentials end up in logs.
        name = type(self).__name__
        return f"{name}(login={self.login!r}, password=<hidden>, encoding={self.encoding!r})"

    def encode(self) -> str:
        """Give the value of the Authorization field.

        Raises `ValueError` for characters that the encoding does not have, and for an
        encoding that there is not.
        """
        return encode_basic_auth(*self)

    @classmethod
    def decode(cls, auth_header: str, encoding: str = "latin1") -> Self:
        """Read the value of an Authorization field, which is in *encoding*.

        Raises `ValueError` for another scheme than Basic, and for what is malformed.
        """
        if not isinstance(auth_header, str):
            raise TypeError(
                f"An Authorization field must be a str, not {type(auth_header).__name__}"
            )
        scheme, _, token = auth_header.strip(" \t").partition(" ")
        if scheme.lower() != "basic":
            raise ValueError("The Authorization field is not of the scheme Basic")
        try:
            data = b64decode(token.lstrip(" ").encode("ascii"), validate=True)
        except ValueError:
            data = None
        if data is None:
            raise ValueError("The credentials in the Authorization field are not base64")
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            text = None
        except LookupError:
            raise ValueError(f"Unknown encoding {encoding!r:.80}") from None
        # Not as a consequence of the codec's error, which holds the credentials.
        if text is None:
            raise ValueError(f"The credentials in the Authorization field are not {encoding}")
        login, colon, password = text.partition(":")
        if not colon:
            raise ValueError("The credentials in the Authorization field have no colon")
        return cls(login, password, encoding)

    @classmethod
    def from_url(cls, url: URL, *, encoding: str = "latin1") -> Self | None:
        """Take the userinfo of *url*, percent-decoded; ``None`` if there is none.

        Raises `ValueError` if there is what Basic has no form for, such as a colon (``%3A``)
        in the login.
        """
        if not isinstance(url, URL):
            raise TypeError(f"The URL must be a yarl.URL, not {type(url).__name__}")
        if url.raw_user is None and url.raw_password is None:
            return None
        return cls(url.user or "", url.password or "", encoding)


AuthLike: TypeAlias = BasicAuth | tuple[str, str]
"""What may be given as credentials; a pair is sent in UTF-8."""


def encode_basic_auth(login: str, password: str = "", encoding: str = "utf-8") -> str:
    """Give the value of an Authorization (or Proxy-Authorization) field (RFC 7617).

    Raises what `BasicAuth` does, and `ValueError` for characters that *encoding* does not
    have.
    """
    _check(login, password, encoding)
    try:
        data = f"{login}:{password}".encode(encoding)
    except UnicodeEncodeError:
        data = None
    except LookupError:
        raise ValueError(f"Unknown encoding {encoding!r:.80}") from None
    # Not as a consequence of the codec's error, which holds the credentials.
    if data is None:
        raise ValueError(
            f"The login or the password has characters that cannot be sent in {encoding};"
            ' use encoding="utf-8", and whole characters only'
        )
    return f"Basic {b64encode(data).decode()}"


def given_auth(value: object) -> BasicAuth | None:
    """Check what was given as credentials: see `AuthLike`.

    Raises `TypeError` for anything else but ``None``.
    """
    if value is None or isinstance(value, BasicAuth):
        return value
    if isinstance(value, tuple) and len(value) == 2:
        return BasicAuth(*value, encoding="utf-8")
    given = f"tuple of {len(value)}" if isinstance(value, tuple) else type(value).__name__
    raise TypeError(f"Credentials must be a BasicAuth or a tuple (login, password), not {given}")


def _check(login: object, password: object, encoding: object) -> None:
    for name, value in (("login", login), ("password", password)):
        if value is None:
            raise ValueError(f'None is no {name}; give "" for none')
        if not isinstance(value, str):
            raise TypeError(f"The {name} must be a str, not {type(value).__name__}")
        if _CONTROLS.search(value):
            raise ValueError(f"The {name} has control characters (RFC 7617 section 2)")
    if not isinstance(encoding, str):
        raise TypeError(f"The encoding must be a str, not {type(encoding).__name__}")
    if ":" in str(login):
        raise ValueError("A colon is not allowed in the login (RFC 7617 section 2)")
