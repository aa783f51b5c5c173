from email.generator import BytesGenerator
from email.message import EmailMessage
from email.policy import SMTP
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st

from martlet_client_session._body_part_reader import BodyPartReader
from martlet_client_session._multipart_reader import MultipartReader
from martlet_exceptions import ClientError

from .multipart_bodies import (
    ATOMS,
    BOUNDARIES,
    Pieces,
    Tree,
    bytewise,
    cut,
    finish,
    read_tree,
    reader,
    render,
    trees,
    without_delimiters,
)

CUTS = st.lists(st.integers(0, 9999), max_size=9)
AROUND = st.lists(ATOMS, max_size=5).map(b"".join)
BOUNDARY = BOUNDARIES[0].decode()


def read(pieces: list[bytes]) -> Tree:
    return finish(read_tree(reader(*pieces, boundary=BOUNDARY)))


@given(trees(), AROUND, AROUND, CUTS)
def test_what_is_written_comes_back_however_it_is_cut(
    tree: Tree, preamble: bytes, epilogue: bytes, cuts: list[int]
) -> None:
    preamble = b"p" + preamble.replace(b"--", b"") + b"\r\n"
    body = render(tree, preamble=preamble, epilogue=epilogue)
    expected = Tree((), tree.parts)
    assert read([body]) == expected
    assert read(cut(body, cuts)) == expected
    assert read(bytewise(body)) == expected


async def everything(body: MultipartReader) -> list[object]:
    """Read all that there is, and tell what it was and how it ended."""
    seen: list[object] = []
    try:
        async for part in body:
            seen.append(list(part.headers.items()))
            if isinstance(part, BodyPartReader):
                seen += [part.name, part.filename, await part.read(decode=True)]
            else:
                seen.append(await everything(part))
    except ClientError as exc:
        seen.append((type(exc), str(exc)))
    return seen


HEADS = st.sampled_from(
    [b"Content-Type: multipart/x; boundary=%b\r\n" % boundary for boundary in BOUNDARIES]
    + [
        b"Content-Transfer-Encoding: base64\r\n",
        b"Content-Transfer-Encoding: quoted-printable\r\n",
        b"Content-Encoding: gzip\r\n",
        b"Content-Length: 1\r\n",
        b"Content-Disposition: form-data; name=_charset_\r\n",
    ]
)
PIECES = st.lists(
    ATOMS | HEADS | st.just(b"\r\n--" + BOUNDARIES[0] + b"\r\n") | st.binary(max_size=3),
    max_size=30,
).map(b"".join)


@given(PIECES, st.sampled_from(["mixed", "form-data"]), CUTS)
def test_anything_is_read_or_refused_and_the_same_however_it_is_cut(
    data: bytes, subtype: str, cuts: list[int]
) -> None:
    def seen(pieces: list[bytes]) -> list[object]:
        return finish(everything(reader(*pieces, boundary=BOUNDARY, subtype=subtype)))

    data = b"--" + BOUNDARIES[0] + b"\r\n" + data
    whole = seen([data])
    assert without_excerpts(seen(cut(data, cuts))) == without_excerpts(whole)
    assert without_excerpts(seen(bytewise(data))) == without_excerpts(whole)


def without_excerpts(seen: list[object]) -> list[object]:
    # How much of what is wrong can be shown depends on how much has come.
    return [
        without_excerpts(item)
        if isinstance(item, list)
        else (item[0], item[1].partition(": ")[0])
        if isinstance(item, tuple) and isinstance(item[1], str) and isinstance(item[0], type)
        else item
        for item in seen
    ]


@given(st.binary(max_size=99), st.sampled_from(["text", "json", "form", "readline", "release"]))
def test_data_of_any_kind_raises_only_what_is_documented(data: bytes, method: str) -> None:
    async def use() -> None:
        pieces = [without_delimiters(data), b"\r\n--" + BOUNDARIES[0]]
        part = BodyPartReader(b"--" + BOUNDARIES[0], {}, Pieces(pieces))
        try:
            await getattr(part, method)()
        except ClientError:
            pass
        except ValueError:
            assert method == "json"

    finish(use())


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=60)


@given(st.lists(TEXTS | st.binary(max_size=60), min_size=1, max_size=4), CUTS)
def test_what_the_standard_library_writes_is_read(
    contents: list[str | bytes], cuts: list[int]
) -> None:
    message = EmailMessage(policy=SMTP)
    message.make_mixed()
    for content in contents:
        if isinstance(content, str):
            message.add_attachment(content)
        else:
            message.add_attachment(content, maintype="a", subtype="b", filename="c d.bin")
    written = BytesIO()
    BytesGenerator(written, policy=SMTP).flatten(message)
    _, _, body = written.getvalue().partition(b"\r\n\r\n")

    async def check() -> None:
        reading = MultipartReader(message, Pieces(cut(body, cuts)))  # type: ignore[arg-type]  # it has the fields
        for content in contents:
            part = await reading.next()
            assert isinstance(part, BodyPartReader)
            if isinstance(content, bytes):
                assert part.filename == "c d.bin"
                assert await part.read(decode=True) == content
            else:
                text = (await part.text()).replace("\r\n", "\n")
                assert text.rstrip("\n") == content.rstrip("\n")
        assert await reading.next() is None

    finish(check())
