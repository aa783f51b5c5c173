"""Multipart bodies to read: a writer that owes nothing to the package's own, and a stream."""

from collections.abc import Coroutine, Iterable
from typing import Any, TypeAlias, TypeVar

import attrs
from hypothesis import strategies as st

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_client_session._multipart_reader import MultipartReader

T = TypeVar("T")

BOUNDARIES = (b"=_0", b"b'1", b"----2")
"""One for each depth; none begins with another."""


@attrs.frozen
class Leaf:
    """A part with data."""

    fields: tuple[tuple[str, str], ...]
    data: bytes


@attrs.frozen
class Tree:
    """A part that is multipart, or a whole body."""

    fields: tuple[tuple[str, str], ...]
    parts: "tuple[Leaf | Tree, ...]"


Node: TypeAlias = Leaf | Tree


def render(body: Tree, depth: int = 0, *, preamble: bytes = b"", epilogue: bytes = b"") -> bytes:
    """Write the data of *body*."""
    dashes = b"--" + BOUNDARIES[depth]
    written = [preamble]
    for part in body.parts:
        written += [dashes, b"\r\n"]
        written += [f"{name}: {value}\r\n".encode() for name, value in part.fields]
        if isinstance(part, Tree):
            written.append(
                b'content-type: multipart/mixed; boundary="%b"\r\n' % BOUNDARIES[depth + 1]
            )
            data = render(part, depth + 1)
        else:
            data = part.data
        written += [b"\r\n", data, b"\r\n"]
    written += [dashes, b"--\r\n", epilogue]
    return b"".join(written)


def without_delimiters(data: bytes) -> bytes:
    """Remove from *data* what would be a delimiter there."""
    data = b"\r\n" + data
    while any((found := b"\r\n--" + boundary) in data for boundary in BOUNDARIES):
        data = data.replace(found, b"")
        if not data.startswith(b"\r\n"):
            data = b"\r\n" + data
    return data[2:]


ATOMS = st.sampled_from(
    [b"\r", b"\n", b"\r\n", b"-", b"--", b"x", b" ", b": ", b"a: b", b"\r\n\r\n"]
    + [b"--" + boundary for boundary in BOUNDARIES]
    + [b"\r\n--" + boundary for boundary in BOUNDARIES]
    + [b"\r\n--" + boundary[:-1] for boundary in BOUNDARIES]
)
DATA = st.one_of(
    st.binary(max_size=40), st.lists(ATOMS, max_size=12).map(b"".join), st.just(b"\xff\r\n" * 99)
).map(without_delimiters)
FIELDS = st.lists(
    st.tuples(
        st.sampled_from(["X-A", "x-b", "Content-ID", "Content-Disposition"]),
        st.text('ab \u00e9;="\\', max_size=9).map(str.strip),
    ),
    max_size=3,
).map(tuple)


def trees(depth: int = 0) -> st.SearchStrategy[Tree]:
    """Make bodies with parts nested up to the number of the boundaries."""
    leaves = st.builds(Leaf, FIELDS, DATA)
    nodes: st.SearchStrategy[Node] = leaves
    if depth + 1 < len(BOUNDARIES):
        nodes = st.one_of(leaves, st.deferred(lambda: trees(depth + 1)))
    return st.builds(Tree, FIELDS, st.lists(nodes, max_size=3).map(tuple))


class Pieces:
    """A stream that gives *pieces* one by one, then its end; knows how often it was read."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter([piece for piece in pieces if piece])
        self.reads = 0

    async def readany(self) -> bytes:
        self.reads += 1
        return next(self._pieces, b"")


def cut(data: bytes, at: Iterable[int]) -> list[bytes]:
    """Cut *data* at some places, which are taken modulo its length."""
    places = sorted({place % (len(data) + 1) for place in at})
    return [data[i:j] for i, j in zip([0, *places], [*places, len(data)], strict=True)]


def bytewise(data: bytes) -> list[bytes]:
    return [data[i : i + 1] for i in range(len(data))]


def finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run what waits for nothing; many times faster than by a loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        value: T = stop.value
        return value
    raise AssertionError("It waits")


def reader(*pieces: bytes, boundary: str = "b", subtype: str = "mixed") -> MultipartReader:
    """Make a reader of *pieces*."""
    headers = {"Content-Type": f'multipart/{subtype}; boundary="{boundary}"'}
    return MultipartReader(headers, Pieces(pieces))


def one_part(data: bytes, head: bytes = b"", *, subtype: str = "mixed") -> BodyPartReader:
    """Make a reader of a part with *data*, which comes in one piece."""
    body = b"--b\r\n" + head + b"\r\n" + data + b"\r\n--b--\r\n"
    part = finish(reader(body, subtype=subtype).next())
    assert isinstance(part, BodyPartReader)
    return part


async def read_tree(body: MultipartReader, fields: tuple[tuple[str, str], ...] = ()) -> Tree:
    """Read *body* whole."""
    parts: list[Node] = []
    async for part in body:
        said = tuple((n, v) for n, v in part.headers.items() if n != "content-type")
        if isinstance(part, MultipartReader):
            parts.append(await read_tree(part, said))
        else:
            parts.append(Leaf(said, await part.read()))
            assert part.at_eof()
    assert body.at_eof()
    return Tree(fields, tuple(parts))
