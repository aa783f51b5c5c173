"""The server answers, or does not, before it has the body."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import martlet
from martlet_client_session import UploadTracker

from .asgi_server import SCHEMES, AsgiServer, in_session
from .bodies import BINARY
from .fault_server import gate, head_only, send
from .world import LOOPS, LoopFactory, World, run

LARGE = BINARY * 70  # more than all the buffers on the way take


async def peer(asgi: AsgiServer, session: martlet.ClientSession, scheme: str) -> str:
    async with session.get(f"{asgi.base(scheme)}/peer") as response:
        return await response.text()


@LOOPS
@SCHEMES
@pytest.mark.parametrize("chunked", [False, True], ids=["sized", "chunked"])
def test_a_refusal_that_was_asked_for_spares_the_body(
    asgi: AsgiServer, chunked: bool, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        tracker = UploadTracker()
        async with session.post(
            f"{asgi.base(scheme)}/early413",
            data=LARGE,
            expect100=True,
            chunked=chunked,
            upload_tracker=tracker,
        ) as response:
            assert response.status == 413
            assert await response.text() == "too large"
            assert response.output_size == 0
            with pytest.raises(martlet.UploadAbortedError):
                await response.upload_complete
        assert (tracker.attempts, tracker.bytes_written) == (0, 0)
        with pytest.raises(martlet.UploadAbortedError):
            await tracker.upload_complete

    in_session(loop_factory, scenario)


GIVEN = pytest.mark.parametrize(
    "give", [lambda: LARGE, lambda: io.BytesIO(LARGE)], ids=["bytes", "io"]
)


@LOOPS
@SCHEMES
@GIVEN
def test_a_refusal_in_the_middle_of_the_body_is_delivered(
    asgi: AsgiServer, give: Callable[[], Any], scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        for _ in range(5):
            async with session.post(f"{asgi.base(scheme)}/early413", data=give()) as response:
                assert response.status == 413
                assert await response.text() == "too large"
            assert await peer(asgi, session, scheme)

    in_session(loop_factory, scenario)


@LOOPS
@GIVEN
@pytest.mark.parametrize("tls", [False, True], ids=["http", "https"])
def test_half_a_request_is_no_state_to_ask_for_something_else_in(
    give: Callable[[], Any], tls: bool, loop_factory: LoopFactory
) -> None:
    raw = b"HTTP/1.1 413 No\r\nContent-Length: 9\r\n\r\ntoo large"

    async def scenario(world: World) -> None:
        async with world.session.post(world.url, data=give()) as response:
            assert await response.text() == "too large"
        assert await world.fetch() == b"ok"
        assert world.server.connections == 2

    # After its answer this server reads nothing more, so the rest stays unsent.
    run(loop_factory, scenario, [head_only, send(raw), gate], tls=tls)


@LOOPS
@SCHEMES
def test_a_body_that_was_asked_for(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        before = await peer(asgi, session, scheme)
        tracker = UploadTracker()
        request = session.post(
            f"{asgi.base(scheme)}/echo", data=LARGE, expect100=True, upload_tracker=tracker
        )
        async with request as response:
            told = await response.json()
            assert response.output_size == len(LARGE)
            await response.upload_complete
        assert told["length"] == len(LARGE)
        assert told["peer"] == int(before)
        assert (tracker.attempts, tracker.bytes_written, tracker.total) == (1, *[len(LARGE)] * 2)
        assert await peer(asgi, session, scheme) == before

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
def test_a_file_is_complete_when_the_server_has_it(
    asgi: AsgiServer, tmp_path: Path, scheme: str, loop_factory: LoopFactory
) -> None:
    path = tmp_path / "file"
    path.write_bytes(BINARY)

    async def scenario(session: martlet.ClientSession) -> None:
        ports = {int(await peer(asgi, session, scheme))}
        for _ in range(20):
            with path.open("rb") as file:
                async with session.post(f"{asgi.base(scheme)}/echo", data=file) as response:
                    told = await response.json()
                    assert told["length"] == len(BINARY)
                    # The server can have no doubt: there was a Content-Length.
                    assert response.upload_complete.done()
            ports.add(told["peer"])
        assert len(ports) == 1

    in_session(loop_factory, scenario)


@LOOPS
def test_a_body_that_raises(asgi: AsgiServer, loop_factory: LoopFactory) -> None:
    async def broken() -> Any:
        yield b"begun"
        raise LookupError("not ended")

    async def scenario(session: martlet.ClientSession) -> None:
        before = await peer(asgi, session, "http")
        tracker = UploadTracker()
        with pytest.raises(LookupError, match="not ended"):
            await session.post(f"{asgi.http}/echo", data=broken(), upload_tracker=tracker)
        with pytest.raises(martlet.UploadAbortedError) as caught:
            await tracker.upload_complete
        assert isinstance(caught.value.__cause__, LookupError)
        assert await peer(asgi, session, "http") != before

    in_session(loop_factory, scenario)


@LOOPS
@SCHEMES
def test_one_response_becomes_the_next_request(
    asgi: AsgiServer, scheme: str, loop_factory: LoopFactory
) -> None:
    async def scenario(session: martlet.ClientSession) -> None:
        base = asgi.base(scheme)
        async with session.get(f"{base}/bytes/{10_000_000}") as source:
            async with session.post(f"{base}/echo", data=source.content) as response:
                told = await response.json()
        assert told["length"] == 10_000_000

    in_session(loop_factory, scenario)
