"""What `MultipartWriter` writes, `MultipartReader` reads."""

from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_client_session._multipart_reader import MultipartReader
from martlet_client_session._multipart_writer import MultipartWriter
from martlet_client_session._payload import Payload
from martlet_client_session._stream_writer import AbstractStreamWriter
from martlet_http_parser import available_codings

from .multipart_bodies import BOUNDARIES, DATA, Pieces, cut, finish


class Raw(Payload):
    """Bytes."""

    def __init__(self, data: bytes, headers: dict[str, str]) -> None:
        super().__init__(data, headers)
        self.data = data
        self._size = len(data)

    def decode(self, encoding: str = "utf-8", errors: str = "strict") -> str:
        return self.data.decode(encoding, errors)

    async def write(self, writer: AbstractStreamWriter) -> None:
        await writer.write(self.data)


CODINGS = st.fixed_dictionaries(
    {},
    optional={
        "Content-Encoding": st.sampled_from([*available_codings(), "identity"]),
        "Content-Transfer-Encoding": st.sampled_from(["base64", "quoted-printable", "binary"]),
        "X-Text": st.text("ab\u00e9\u20ac ;", max_size=9).map(str.strip),
    },
)


@st.composite
def writers(draw: st.DrawFn, depth: int = 0) -> tuple[MultipartWriter, list[object]]:
    """Make a writer, and what is to be read: data, or a list where parts are nested."""
    writer = MultipartWriter(boundary=BOUNDARIES[depth].decode())
    written: list[object] = []
    for nested in draw(st.lists(st.booleans(), max_size=3)):
        headers = draw(CODINGS)
        if nested and depth + 1 < len(BOUNDARIES):
            inner, inner_written = draw(writers(depth + 1))
            writer.append(inner, headers)
            written.append((headers.get("X-Text"), inner_written))
        else:
            data = draw(DATA)
            writer.append(Raw(data, headers))
            written.append((headers.get("X-Text"), data))
    return writer, written


async def read_all(body: MultipartReader) -> list[object]:
    read: list[object] = []
    async for part in body:
        text = part.headers.get("X-Text")
        if isinstance(part, BodyPartReader):
            read.append((text, await part.read(decode=True)))
        else:
            read.append((text, await read_all(part)))
    return read


@given(writers(), st.lists(st.integers(0, 9999), max_size=6))
def test_what_is_written_comes_back(
    made: tuple[MultipartWriter, list[object]], cuts: list[int]
) -> None:
    writer, written = made
    body = finish(writer.as_bytes())
    read = finish(read_all(MultipartReader(writer.headers, Pieces(cut(body, cuts)))))
    assert read == written
