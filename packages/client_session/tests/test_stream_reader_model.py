"""Any feeding and any reading, against a model that is a string of bytes."""

import asyncio
from collections.abc import Callable
from itertools import count
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session import StreamReader
from martlet_exceptions import ClientPayloadError

from .scripted import FlowRecorder, turn

BROKEN = ClientPayloadError("broken")
WAITS = object()


class Model:
    """What a reader is: bytes, how many have come and been read, and where chunks end.

    A read gives what `StreamReader` gives, or an exception's type, or `WAITS`.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.body = bytearray()
        self.at = 0
        self.ends: list[int] = []  # those that have not been given
        self.marks: list[int] = []  # all of them
        self.over: str | None = None

    def feed(self, pieces: list[bytes], open_end: bool) -> None:
        for index, piece in enumerate(pieces, 1):
            self.body += piece
            if index < len(pieces) or not open_end:
                self.ends.append(len(self.body))
                self.marks.append(len(self.body))

    @property
    def rest(self) -> bytes:
        return bytes(self.body[self.at :])

    def take(self, n: int) -> bytes:
        taken = self.rest[:n]
        self.at += len(taken)
        return taken

    def _at_end(self, result: Callable[[], object]) -> object:
        if self.over is None:
            return WAITS
        return result() if self.over == "eof" else ClientPayloadError

    def read(self, n: int) -> object:
        return self.take(n) if self.rest else self._at_end(lambda: b"")

    def readany(self, _: int) -> object:
        return self.read(len(self.body) or 1)

    def readexactly(self, n: int) -> object:
        if len(self.rest) >= n:
            return self.take(n)

        def short() -> object:
            self.take(n)
            return asyncio.IncompleteReadError

        return self._at_end(short)

    def readuntil(self, n: int) -> object:
        separator, limit = b"\n" * (n % 3 + 1), n or 2 * self.limit
        found = self.rest.find(separator) + len(separator)
        if found >= len(separator) or len(self.rest) > limit:
            line = self.take(found if found >= len(separator) else len(self.rest))
            return line if len(line) <= limit else ValueError
        return self._at_end(lambda: self.take(len(self.rest)))

    def readchunk(self, given: Any) -> object:
        self.ends = [end for end in self.ends if end >= self.at]
        if self.ends:
            end = self.ends.pop(0)
            return self.take(end - self.at), True
        if self.rest:
            # As much as it likes, of what has come since the last end.
            size = len(given[0]) if isinstance(given, tuple) else 1
            assert size
            return self.take(size), False
        return self._at_end(lambda: (b"", False))


async def result_of(reader: StreamReader, read: str, n: int) -> object:
    try:
        if read == "readuntil":
            return await reader.readuntil(b"\n" * (n % 3 + 1), max_size=n)
        if read in ("readany", "readchunk"):
            return await getattr(reader, read)()
        return await getattr(reader, read)(n)
    except (ClientPayloadError, asyncio.IncompleteReadError) as exc:
        return ValueError if isinstance(exc, ValueError) else type(exc)


class Interplay:
    """A reader and its model, which are fed and read alike."""

    def __init__(self, limit: int, feeds: list[tuple[list[bytes], bool]], end: str) -> None:
        self.flow = FlowRecorder()
        self.reader = StreamReader(self.flow, limit)
        self.model = Model(limit)
        self.feeds = feeds
        self.end = end

    def feed(self, *, chunked: bool) -> None:
        """Go one step on with the body: to its end, if there is no more."""
        if not self.feeds:
            self.model.over = self.end
            self.reader.eof() if self.end == "eof" else self.reader.fail(BROKEN)
            return
        pieces, open_end = self.feeds.pop(0)
        if chunked:
            self.model.feed(pieces, open_end)
            self.reader.feed_chunks(list(pieces), open_end)
        else:
            self.model.body += b"".join(pieces)
            self.reader.feed(b"".join(pieces))

    async def read(self, read: str, n: int, *, chunked: bool) -> None:
        task = asyncio.create_task(result_of(self.reader, read, n))
        for step in count():
            await turn()
            given = task.result() if task.done() else WAITS
            expected = getattr(self.model, read)(given if read == "readchunk" else n)
            assert given == expected
            if given is not WAITS:
                return
            assert not self.flow.paused, "what is waited for could never come"
            assert step < 100
            self.feed(chunked=chunked)

    def do_at_once(self, what: str, n: int) -> None:
        model, reader = self.model, self.reader
        if what == "peek":
            assert reader.peek(n) == model.rest[:n]
        elif what == "unread":
            # Whether an end counts again that was read over is left open.
            last = max((end for end in model.marks if end < model.at), default=-1)
            n = min(n, model.at - last - 1)
            reader.unread_data(bytes(model.body[model.at - n : model.at]))
            model.at -= n
        elif model.rest or model.over != "fail":
            assert reader.read_nowait(n) == model.take(n)

    def check(self) -> None:
        model, reader = self.model, self.reader
        waiting = len(model.rest)
        assert reader.total_bytes == len(model.body)
        assert reader.at_eof() is (model.over == "eof" and not waiting)
        if model.over != "fail":
            assert not self.flow.paused or waiting > model.limit // 2 or model.limit == 0
        assert (
            self.flow.calls == (["pause", "resume"] * len(self.flow.calls))[: len(self.flow.calls)]
        )


_BYTES = st.sampled_from([b"a", b"\n", b"bc", b"\n\n", b"d\ne", b"fghijklm", b"\n\n\n"])
_PIECES = st.lists(_BYTES, min_size=1, max_size=4)
_FEEDS = st.lists(st.tuples(_PIECES, st.booleans()), min_size=3, max_size=12)

_READS = st.sampled_from(["read", "readany", "readexactly", "readuntil", "readchunk"])
_AT_ONCE = st.sampled_from(["peek", "unread", "nowait", "feed"])
_STEPS = st.lists(st.tuples(_READS | _AT_ONCE, st.integers(1, 12)), min_size=8, max_size=25)


@given(_FEEDS, _STEPS, st.sampled_from(["eof", "fail"]), st.integers(0, 12), st.booleans())
def test_any_reading_gives_what_the_model_gives(
    feeds: list[tuple[list[bytes], bool]],
    steps: list[tuple[str, int]],
    end: str,
    limit: int,
    chunked: bool,
) -> None:
    async def play() -> None:
        interplay = Interplay(limit, feeds, end)
        for step, n in steps:
            if step == "feed":
                if interplay.model.over is None:
                    interplay.feed(chunked=chunked)
            elif step in ("peek", "unread", "nowait"):
                interplay.do_at_once(step, n)
            else:
                await interplay.read(step, n, chunked=chunked)
            interplay.check()
        for _ in range(200):
            if interplay.model.over is not None and not interplay.model.rest:
                break
            await interplay.read("readany", 1, chunked=chunked)

    asyncio.run(play())


@given(_FEEDS, st.integers(0, 12), st.booleans(), st.integers(0, 12))
def test_reading_it_all_gives_it_all(
    feeds: list[tuple[list[bytes], bool]], limit: int, chunked: bool, early: int
) -> None:
    async def play() -> None:
        interplay = Interplay(limit, feeds, "eof")
        for _ in range(min(early, len(feeds))):
            interplay.feed(chunked=chunked)
        task = asyncio.create_task(interplay.reader.read())
        await turn()
        while interplay.model.over is None:
            assert not interplay.flow.paused
            interplay.feed(chunked=chunked)
        assert await task == bytes(interplay.model.body)
        last = interplay.model.ends[-1:] == [len(interplay.model.body)]
        assert await interplay.reader.readchunk() == (b"", last)

    asyncio.run(play())
