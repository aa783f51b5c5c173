"""However the octets are cut, and whenever somebody receives, the messages are the same."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from martlet_interfaces import Deadlines
from martlet_websocket import DeflateParameters, WSMessage, WSMsgType

from .ws_scripted import Peer, link_to

PLAIN = DeflateParameters()

# As (a text's beginning, how often it is repeated): some are large when decompressed.
messages = st.lists(st.tuples(st.text(max_size=5), st.sampled_from([0, 1, 50, 30_000])), max_size=8)
# How many octets come next; 0: receive all that is there.
steps = st.lists(st.one_of(st.just(0), st.integers(1, 9000)), max_size=30)


@given(words=messages, cuts=steps, compressed=st.booleans(), closes=st.booleans())
def test_splits(
    words: list[tuple[str, int]], cuts: list[int], compressed: bool, closes: bool
) -> None:
    async def main() -> None:
        deflate = PLAIN if compressed else None
        peer = Peer(deflate)
        deadlines = Deadlines(asyncio.get_running_loop())
        link = link_to(peer, deadlines, deflate=deflate)
        texts = [word * times for word, times in words]
        data = b"".join(peer.server.send_text(text) for text in texts)
        if closes:
            data += peer.server.close()
        got: list[WSMessage] = []

        def receive() -> None:
            while link.messages:
                got.append(link.messages.popleft())
                if link.paused and not link.messages:
                    link.resume()

        for cut in cuts:
            if cut:
                peer.say(data[:cut])
                data = data[cut:]
            else:
                receive()
        peer.say(data)
        peer.eof()
        receive()
        assert link.over
        if closes:
            assert got.pop().type is WSMsgType.CLOSE
        assert [message.data for message in got] == texts
        assert deadlines.idle

    asyncio.run(main())
