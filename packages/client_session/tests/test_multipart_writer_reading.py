"""What is written is what others read."""

from email.message import Message
from email.parser import BytesParser
from itertools import chain

import attrs
from hypothesis import assume, given
from hypothesis import strategies as st

from martlet_client_session._multipart_writer import MultipartWriter
from martlet_http_parser import content_decoder

from .part_recording import Pieces

TOKEN = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
BOUNDARY = "0123456789abcxyzABCXYZ'()+_,-./:=?"
NAMES = st.text(TOKEN, min_size=1, max_size=9).map("X-{}".format)
VALUES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"], include_characters="\t"), max_size=30
).map(lambda value: value.strip())
DATA = st.lists(
    st.binary(max_size=300) | st.sampled_from([b"\r\n", b"\r", b"\n", b"--", b" ", b"=", b": "]),
    max_size=6,
)


@attrs.frozen
class Leaf:
    fields: list[tuple[str, str]]
    pieces: list[bytes]
    coding: str
    transfer: str
    size_known: bool

    @property
    def data(self) -> bytes:
        return b"".join(self.pieces)


@attrs.frozen
class Tree:
    boundary: str
    subtype: str
    nodes: "list[Leaf | Tree]"


leaves = st.builds(
    Leaf,
    st.lists(st.tuples(NAMES, VALUES), max_size=3),
    DATA,
    st.sampled_from(["", "", "gzip", "deflate", "identity", "br", "zstd", "gzip, deflate"]),
    st.sampled_from(["", "", "base64", "quoted-printable", "binary", "8bit"]),
    st.booleans(),
)


@st.composite
def trees(draw: st.DrawFn, depth: int = 0) -> Tree:
    # No boundary may begin with that of a writer around it.
    boundary = f"{depth}{draw(st.text(BOUNDARY, max_size=20))}"
    nodes: list[Leaf | Tree] = [*draw(st.lists(leaves, min_size=1, max_size=4))]
    if depth < 2:
        nodes += draw(st.lists(trees(depth + 1), max_size=2))
    return Tree(boundary, draw(st.sampled_from(["mixed", "related", "x-Other"])), nodes)


def write(tree: Tree) -> MultipartWriter:
    writer = MultipartWriter(tree.subtype, tree.boundary)
    for node in tree.nodes:
        if isinstance(node, Tree):
            writer.append(write(node))
            continue
        size = len(node.data) if node.size_known else None
        payload = Pieces(node.pieces, {"Content-Type": "x/y"}, size=size)
        payload.headers.extend(node.fields)
        if node.coding:
            payload.headers["Content-Encoding"] = node.coding
        if node.transfer:
            payload.headers["Content-Transfer-Encoding"] = node.transfer
        writer.append(payload)
    return writer


def decoded(data: bytes, codings: str) -> bytes:
    for coding in reversed(codings.split(", ")):
        decoder = content_decoder(coding)
        if decoder is None:
            continue
        decoder.feed(data)
        data = b""
        while piece := decoder.read(65536):
            data += piece
        decoder.finish()
    return data


def check_leaf(part: Message, leaf: Leaf) -> None:
    given = [
        (name, value.encode("ascii", "surrogateescape").decode())
        for name, value in part.raw_items()
        if name.startswith("X-")
    ]
    assert given == leaf.fields
    data = part.get_payload(decode=True)
    assert isinstance(data, bytes)
    assert decoded(data, leaf.coding) == leaf.data
    coded = leaf.coding not in ("", "identity") or leaf.transfer.startswith(("base64", "quoted"))
    length = str(len(leaf.data)) if leaf.size_known and not coded else None
    assert part["Content-Length"] == length


def check(message: Message, tree: Tree) -> None:
    assert message.get_content_type() == f"multipart/{tree.subtype}".lower()
    assert message.get_boundary() == tree.boundary
    assert message.defects == []
    parts = message.get_payload()
    assert isinstance(parts, list)
    assert len(parts) == len(tree.nodes)
    for part, node in zip(parts, tree.nodes, strict=True):
        assert isinstance(part, Message)
        if isinstance(node, Tree):
            check(part, node)
        else:
            check_leaf(part, node)


def boundaries_of(tree: Tree) -> list[bytes]:
    inner = (boundaries_of(node) for node in tree.nodes if isinstance(node, Tree))
    return [tree.boundary.encode(), *chain.from_iterable(inner)]


def data_of(tree: Tree) -> bytes:
    return b"\0".join(data_of(node) if isinstance(node, Tree) else node.data for node in tree.nodes)


@given(trees())
async def test_what_is_written_is_read_as_the_same_parts(tree: Tree) -> None:
    # Nobody looks for a boundary in what is to be sent: that is why they are random.
    assume(not any(b"--" + boundary in data_of(tree) for boundary in boundaries_of(tree)))
    writer = write(tree)
    body = await writer.as_bytes()
    assert writer.size in (None, len(body))
    head = f"Content-Type: {writer.content_type}\r\n\r\n".encode()
    check(BytesParser().parsebytes(head + body), tree)
    assert len(writer) == len(tree.nodes)
    assert await writer.as_bytes() == body or b"gzip" in body


@given(st.lists(st.binary(max_size=70_000), max_size=5), st.booleans())
async def test_the_size_is_what_is_written(parts: list[bytes], is_form: bool) -> None:
    writer = MultipartWriter("form-data" if is_form else "mixed")
    for data in parts:
        writer.append_payload(Pieces([data[:100], data[100:]], size=len(data)))
    assert writer.size == len(await writer.as_bytes())
