"""What an observer hears of a request, and what becomes of it if the observer objects."""

import pytest

from martlet_interfaces import ChunkSent, ConnectionReused, HeadSent

from .net import Net, on_net
from .scripted import OK, Log


@pytest.mark.parametrize(("body", "pieces"), [(None, []), (b"", []), (b"data", [b"data"])])
@on_net
async def test_the_head_and_bytes_in_memory(
    net: Net, body: bytes | None, pieces: list[bytes]
) -> None:
    log = Log()
    call, wire = await net.sent("POST", body=body, observer=log)
    wire.send(OK)
    await call.body()

    assert log.names.count("HeadSent") == 1
    assert [event.chunk for event in log.events if isinstance(event, ChunkSent)] == pieces


@pytest.mark.parametrize("event", [ConnectionReused, HeadSent, ChunkSent])
@on_net
async def test_an_objection_ends_the_connection(
    net: Net, event: type[ConnectionReused | HeadSent | ChunkSent]
) -> None:
    (wire,) = await net.warm()
    error = LookupError("no")
    call = net.send("POST", body=b"data", observer=Log(at=event, error=error))
    with pytest.raises(LookupError) as caught:
        await call.task

    assert caught.value is error
    assert wire.is_closing()
    assert (wire.writes == []) is (event is ConnectionReused)
    assert net.pool.slots.used == 0
