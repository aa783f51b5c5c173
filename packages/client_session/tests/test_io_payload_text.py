import io
from pathlib import Path
from typing import TextIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._io_payload import TextIOPayload

from .payload_writing import fill, pieces, written, written_whole

TEXT = "xéж\n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "file.html"
    path.write_text(TEXT, "utf-8")
    return path


async def test_utf8_is_sent_as_it_is(path: Path) -> None:
    fill(path, b"x\xc3\xa9\r\n\xff")
    with path.open(encoding="UTF8") as file:
        payload = TextIOPayload(file)
        assert (payload.size, payload.encoding, payload.filename) == (6, "utf-8", "file.html")
        assert payload.content_type == "text/plain; charset=utf-8"
        assert (payload.replayable, payload.file_span()) == (True, None)
        for _ in range(2):
            assert await written_whole(payload) == await payload.as_bytes() == b"x\xc3\xa9\r\n\xff"
        assert payload.decode(errors="replace") == "xé\r\n\ufffd"
        assert await written(payload, 2) == b"x\xc3"
    await payload.close()


async def test_it_is_sent_from_where_it_stands(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        assert file.read(2) == "xé"
        payload = TextIOPayload(file)
        assert (payload.size, await written(payload), payload.decode()) == (
            3,
            "ж\n".encode(),
            "ж\n",
        )


async def test_a_decoder_in_the_middle_of_something_reads_it_itself(path: Path) -> None:
    # It has seen the first half of a line's end.
    fill(path, b"a\r\nb")
    with path.open(encoding="utf-8") as file:
        file._CHUNK_SIZE = 2  # type: ignore[attr-defined]  # CPython's, for its own tests
        assert file.read(1) == "a"
        payload = TextIOPayload(file)
        assert await written(payload) == await written(payload)
        assert payload.decode().endswith("\nb")


@pytest.mark.parametrize(
    ("opened", "sent"), [("latin1", "utf-8"), ("utf-8", "utf-16"), ("utf-16", "koi8-r")]
)
async def test_other_text_is_recoded(path: Path, opened: str, sent: str) -> None:
    text = "xÖ\n" if opened == "latin1" else "xж\n"
    fill(path, text.replace("\n", "\r\n").encode(opened))
    with path.open(encoding=opened) as file:
        payload = TextIOPayload(file, encoding=sent)
        assert (payload.size, payload.replayable, payload.encoding) == (None, True, sent)
        assert payload.content_type == f"text/plain; charset={sent}"
        for _ in range(2):
            assert await written(payload) == await payload.as_bytes() == text.encode(sent)
        assert payload.decode() == text
        assert await written(payload, 3) == text.encode(sent)[:3]


async def test_many_pieces_make_one_text(path: Path) -> None:
    fill(path, b"abcdefg" * 2**17)
    with path.open(encoding="latin1") as file:
        payload = TextIOPayload(file, encoding="utf-16")
        sent = await pieces(payload)
    assert len(sent) == 2
    assert b"".join(sent) == ("abcdefg" * 2**17).encode("utf-16")


@given(
    st.text(st.sampled_from("aあж~\\")),
    st.sampled_from(["iso2022_jp", "utf-7", "gb18030", "euc_jis_2004"]),
)
async def test_codecs_with_a_state_are_brought_to_their_end(text: str, encoding: str) -> None:
    data = text.encode(encoding)
    payload = TextIOPayload(io.StringIO(text), encoding=encoding)
    assert await written(payload) == await payload.as_bytes() == data
    assert payload.decode() == text


async def test_a_codec_may_have_to_see_more_first() -> None:
    class Slow(io.StringIO):
        def read(self, size: int | None = -1) -> str:
            return super().read(1)

    # In this one, what is "ka" by itself is another character with the sign that follows.
    for text in ("か\u309a", "かa", "か"):
        payload = TextIOPayload(Slow(text), encoding="euc_jis_2004")
        assert await written(payload) == text.encode("euc_jis_2004")


async def test_types_and_headers_can_be_said(path: Path) -> None:
    koi8 = {"Content-Type": "text/css; charset=koi8-r"}
    with path.open(encoding="utf-8") as file:
        for payload in (TextIOPayload(file, headers=koi8), TextIOPayload(file, "inline", koi8)):
            assert (payload.encoding, payload.content_type) == ("koi8-r", koi8["Content-Type"])
        assert payload.headers["Content-Disposition"] == 'inline; filename="file.html"'
        payload = TextIOPayload(file, None, content_type="text/html")
        assert dict(payload.headers) == {"Content-Type": "text/html"}
        assert "Content-Disposition" not in TextIOPayload(file, disposition=None).headers
        with pytest.raises(ValueError, match="nope"):
            TextIOPayload(file, encoding="nope")


async def test_what_the_codecs_raise_comes_out(path: Path) -> None:
    fill(path, b"\xff")
    with path.open(encoding="utf-8") as file, pytest.raises(UnicodeDecodeError):
        await written(TextIOPayload(file, encoding="latin1"))
    with pytest.raises(UnicodeEncodeError):
        await written(TextIOPayload(io.StringIO("ж"), encoding="latin1"))


async def test_a_file_that_is_being_iterated_over_is_sent_once(path: Path) -> None:
    fill(path, b"a\nb\n")
    with path.open(encoding="utf-8") as file:
        assert next(file) == "a\n"
        payload = TextIOPayload(file)
        assert (payload.size, payload.replayable, await written(payload)) == (None, False, b"b\n")


async def test_a_text_file_has_to_give_text() -> None:
    payload = TextIOPayload(cast("TextIO", io.BytesIO(b"a")))
    with pytest.raises(TypeError, match="has to give str, not bytes"):
        await written(payload)


async def test_text_over_what_is_no_regular_file_is_read() -> None:
    payload = TextIOPayload(io.TextIOWrapper(io.BytesIO(b"a\r\nb"), "utf-8"))
    assert (payload.size, await written(payload)) == (None, b"a\nb")
    await payload.close()
