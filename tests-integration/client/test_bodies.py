"""Every kind of body, sent in every way, arrives as it is, and is announced as it is sent."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

import martlet

from .asgi_received import sha256
from .asgi_server import SCHEMES, AsgiServer, in_session
from .asgi_streams import CODINGS
from .bodies import KINDS, Kind, Maker
from .world import LOOPS, LoopFactory

WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "chunked": {"chunked": True},
    "expect100": {"expect100": True},
    **{coding: {"compress": coding} for coding in CODINGS},
}


@pytest.fixture
def maker(tmp_path: Path) -> Iterator[Maker]:
    with ExitStack() as stack:
        yield Maker(tmp_path, stack)


@LOOPS
@SCHEMES
@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_it_arrives(
    asgi: AsgiServer, maker: Maker, kind: Kind, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        for way, options in WAYS.items():
            body = {kind.parameter: kind.make(maker)}
            url = f"{asgi.base(scheme)}/echo"
            async with session.post(url, **body, **options) as response:
                assert response.status == 200, way
                told = await response.json()
            assert told["complete"], way
            _check_body(kind, way, told)
            _check_fields(kind, way, told)

    in_session(loop_factory, scenario)


def _check_body(kind: Kind, way: str, told: dict[str, Any]) -> None:
    if kind.form is not None:
        assert told["form"] == list(kind.form), way
    elif kind.tree is not None:
        assert told["tree"] == kind.tree, way
    else:
        assert kind.arrives is not None
        assert told["decoded_length"] == len(kind.arrives), way
        assert told["decoded_sha256"] == sha256(kind.arrives), way


def _check_fields(kind: Kind, way: str, told: dict[str, Any]) -> None:
    fields: dict[str, list[str]] = {}
    for name, value in told["headers"]:
        fields.setdefault(name, []).append(value)
    assert len(fields["content-type"]) == 1, way
    content_type = fields["content-type"][0]
    if kind.form is None:
        assert content_type == kind.content_type, way
    else:
        assert content_type.startswith(f"{kind.content_type}; boundary="), way
    assert fields.get("content-encoding") == ([way] if way in CODINGS else None), way
    # Nothing is to be expected of a request without a body (RFC 9110 section 10.1.1).
    expects = way == "expect100" and told["length"] > 0
    assert fields.get("expect") == (["100-continue"] if expects else None), way
    length = fields.get("content-length")
    chunked = fields.get("transfer-encoding")
    # One of them, and which one is not open to chance.
    assert (length, chunked) in (([str(told["length"])], None), (None, ["chunked"])), way
    if way == "chunked":
        assert chunked, way
    elif way not in CODINGS and kind.sized is not None:
        assert bool(length) is kind.sized, way
