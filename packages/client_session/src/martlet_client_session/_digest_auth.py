"""The middleware that answers Digest challenges (RFC 7616)."""

import re
from typing import TYPE_CHECKING, Final

from multidict import istr

from ._digest_challenge import DigestChallenge, choose_challenge, next_nonce
from ._protection_space import ProtectionSpaces

if TYPE_CHECKING:
    from yarl import URL

    from ._client_request import ClientRequest
    from ._digest_session import DigestSession
    from ._middlewares import ClientHandlerType
    from ._response import ClientResponse

__all__ = ["DigestAuthMiddleware"]

_AUTHORIZATION: Final = istr("Authorization")
_AUTHENTICATION_INFO: Final = istr("Authentication-Info")
_WWW_AUTHENTICATE: Final = istr("WWW-Authenticate")
_UNAUTHORIZED: Final = 401
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f]")
_HALVES: Final = re.compile(r"[\ud800-\udfff]")


class DigestAuthMiddleware:
    """Answers the Digest challenges of servers with *login* and *password*.

    ``ClientSession(middlewares=(DigestAuthMiddleware("me", "secret"),))``. A response 401 that
    has a challenge is followed by the same request with credentials; the response to that is
    given, whatever it is. *preemptive*: send credentials without being asked where a challenge
    has said that they hold (``domain``, or the whole origin).

    It knows MD5, SHA-256, SHA-512-256, SHA and SHA-512 and their ``-sess`` forms, and takes the
    strongest that is offered; ``qop`` auth, auth-int (for which the body is read into memory)
    and none; ``userhash``; names and passwords in UTF-8. A challenge is answered at its own
    origin only. Whichever that is: but not where redirects have led to from another origin. An
    answer does not tell the password, but lets who gets it try out passwords.

    The 401 itself is given where there is no challenge that can be answered, or the body cannot
    be sent twice. A request that has an Authorization field is let through as it is.

    Raises `ValueError` for ``None``, for a colon (RFC 7616 section 3.4.4) or a control character
    in *login*, and for half characters (surrogates); `TypeError` for other types.
    """

    __slots__ = ("_login", "_password", "_preemptive", "_spaces")

    def __init__(self, login: str, password: str, preemptive: bool = True) -> None:
        for name, value in (("login", login), ("password", password)):
            _check(name, value)
        if ":" in login:
            raise ValueError("A colon is not allowed in the login (RFC 7616 section 3.4.4)")
        if _CONTROLS.search(login):
            raise ValueError("The login has control characters")
        if not isinstance(preemptive, bool):
            raise TypeError(f"preemptive must be a bool, not {type(preemptive).__name__}")
        self._login = login
        self._password = password
        self._preemptive = preemptive
        self._spaces = ProtectionSpaces()

    def __repr__(self) -> str:
        # Without the password: middlewares end up in logs.
        return f"<{type(self).__name__} {self._login!r}>"

    async def __call__(
        self, request: "ClientRequest", handler: "ClientHandlerType"
    ) -> "ClientResponse":
        """Send *request*, and again with credentials if the server asks for them."""
        if _AUTHORIZATION in request.headers or request.crossed_origin:
            return await handler(request)
        try:
            return await self._send(request, handler)
        finally:
            # So that it is not taken for the caller's if the request comes by again.
            request.headers.popall(_AUTHORIZATION, None)

    async def _send(
        self, request: "ClientRequest", handler: "ClientHandlerType"
    ) -> "ClientResponse":
        session = self._spaces.find(request.url) if self._preemptive else None
        if session is not None and not _can_sign(request, session.challenge):
            session = None
        # Each of these once: a challenge, and one that says that the nonce was too old.
        may_answer = may_renew = True
        while True:
            url = request.url
            if session is not None:
                await self._authorize(request, session)
            response = await handler(request)
            if response.status != _UNAUTHORIZED:
                self._learn(url, session, response)
                return response
            challenge = _challenge_for(request, response)
            if challenge is None or request.url != url:
                return response
            renews = session is not None and challenge.is_stale and may_renew
            if session is not None and (session.is_of(challenge) or not (renews or may_answer)):
                # Refused: the next request waits to be asked.
                session.is_current = False
                return response
            if renews:
                may_renew = False
            else:
                may_answer = False
            response.release()
            session = self._spaces.challenged(url, challenge)

    async def _authorize(self, request: "ClientRequest", session: "DigestSession") -> None:
        body = request.body
        hashed = b""
        if session.challenge.qop == "auth-int" and not isinstance(body, bytes):
            hashed = await body.as_bytes()
        request.headers[_AUTHORIZATION] = session.credentials(
            self._login, self._password, request.method, request.url.raw_path_qs, hashed
        )

    def _learn(
        self, url: "URL", session: "DigestSession | None", response: "ClientResponse"
    ) -> None:
        if session is not None and _AUTHENTICATION_INFO in response.headers:
            nonce = next_nonce(response.headers.getall(_AUTHENTICATION_INFO))
            if nonce is not None:
                self._spaces.followed(url, session, nonce)


def _challenge_for(request: "ClientRequest", response: "ClientResponse") -> DigestChallenge | None:
    """Choose a challenge that *request* can be sent again with."""
    if not _is_replayable(request):
        return None
    fields = response.headers.getall(_WWW_AUTHENTICATE, ())
    return choose_challenge(fields, with_body=not _is_compressed_later(request))


def _can_sign(request: "ClientRequest", challenge: DigestChallenge) -> bool:
    return challenge.qop != "auth-int" or (
        _is_replayable(request) and not _is_compressed_later(request)
    )


def _is_replayable(request: "ClientRequest") -> bool:
    body = request.body
    return isinstance(body, bytes) or body.replayable


def _is_compressed_later(request: "ClientRequest") -> bool:
    # What auth-int hashes is the content as it is sent, with its content coding.
    return bool(request.compress) and not isinstance(request.upload, bytes | None)


def _check(name: str, value: object) -> None:
    if value is None:
        raise ValueError(f'None is no {name}; give "" for none')
    if not isinstance(value, str):
        raise TypeError(f"The {name} must be a str, not {type(value).__name__}")
    if _HALVES.search(value):
        raise ValueError(f"The {name} has half characters (surrogates)")
