"""Tells a story: the call that it begins with, and the answers that its servers give."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

import martlet

from .canary_surroundings import Surroundings
from .canary_world import Sent, Story
from .redirect_chains import canary

__all__ = ["Script", "perform", "surrounded"]

_CHALLENGE: Final = (
    'Digest realm="r", nonce="n", qop="auth", algorithm=SHA-256,'
    ' domain="/ http://other.test/ https://example.test:8443/"'
)
_VARIABLES: Final = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "REQUEST_METHOD")


class Script:
    """What servers say, one request after the other; `sent` is what they were told."""

    def __init__(self, story: Story) -> None:
        self.story = story
        self.sent: list[Sent] = []
        self.warming = False
        """Whether the story has not begun yet: all who ask are challenged."""
        self._position = 0

    def answer(self, sent: Sent) -> tuple[int, list[tuple[str, str]]]:
        """Take a request; give the status and the fields of its answer."""
        authorized = any(name.lower() == "authorization" for name, _ in sent.fields)
        challenge = [("WWW-Authenticate", _CHALLENGE)]
        if self.warming:
            return 200 if authorized else 401, challenge
        self.sent.append(sent)
        # What goes on beyond the end is a fault of its own: an answer has to be given.
        hops = self.story.chain.hops
        hop = hops[min(self._position, len(hops) - 1)]
        if hop.challenged and not authorized:
            return 401, challenge
        self._position += 1
        fields = [("Set-Cookie", hop.set_cookie)] if hop.set_cookie else []
        if hop.status != 200:
            fields.append(("Location", self.story.location_after(hop)))
        return hop.status, fields


@contextmanager
def surrounded(surroundings: Surroundings, folder: Path) -> Iterator[None]:
    """Have the process in *surroundings* until the end of the block."""
    with pytest.MonkeyPatch.context() as patch:
        for name in _VARIABLES:
            patch.delenv(name, raising=False)
            patch.delenv(name.upper(), raising=False)
        patch.setenv("NETRC", str(surroundings.write_netrc(folder)))
        for name, value in surroundings.proxies.items():
            patch.setenv(name, value)
        yield


class _Derived(martlet.ClientRequest):
    """A class of the user's."""


async def _passes(
    request: martlet.ClientRequest, handler: martlet.ClientHandlerType
) -> martlet.ClientResponse:
    return await handler(request)


async def _observes(*_: object) -> None:
    """See what there is to be seen."""


def _plumbing(story: Story) -> dict[str, Any]:
    """Give parameters of a session by which requests take another way, to the same end."""
    options: dict[str, Any] = {}
    kind = story.plumbing
    if kind in {1, 5}:
        options["middlewares"] = (_passes,)
    if kind in {2, 5}:
        options["request_class"] = _Derived
    if kind in {3, 5}:
        trace = martlet.TraceConfig()
        trace.on_request_start.append(_observes)
        trace.on_request_redirect.append(_observes)
        trace.on_request_headers_sent.append(_observes)
        options["trace_configs"] = [trace]
    if kind in {4, 5}:
        options["redirect_policy"] = lambda _: True
    if story.is_steered:
        options["redirect_policy"] = story.steer
    return options


async def _tell(story: Story, session: martlet.ClientSession) -> object:
    """Make the call; give the response, or what it has raised."""
    try:
        async with session.request(
            story.chain.method, story.first_url, **story.request_options
        ) as response:
            await response.read()
            return response
    except Exception as exc:  # noqa: BLE001  # whatever it is, it is judged
        return exc


async def perform(story: Story, script: Script, connector: martlet.Connector) -> object:
    """Make the call of *story* by *connector*; give what comes of it."""
    options = {**story.session_options, **_plumbing(story)}
    if story.digest is not None:
        digest = martlet.DigestAuthMiddleware(canary("digestlogin"), canary("digestpassword"))
        options["middlewares"] = (*options.get("middlewares", ()), digest)
        script.warming = True
        await _be_challenged(story, digest, connector)
        script.warming = False
    async with martlet.ClientSession(
        connector=connector, connector_owner=False, **options
    ) as session:
        return await _tell(story, session)


async def _be_challenged(
    story: Story, digest: martlet.DigestAuthMiddleware, connector: martlet.Connector
) -> None:
    async with martlet.ClientSession(
        connector=connector, connector_owner=False, middlewares=(digest,)
    ) as session:
        for place in story.digest or ():
            host = f"[{place.host}]" if ":" in place.host else place.host
            async with session.get(f"{place.scheme}://{host}:{place.port}/") as response:
                assert response.status == 200
