"""Each byte of a body is looked at a bounded number of times, however it is cut."""

from functools import partial

import pytest

from linear_time import Work, grows_linearly
from martlet_client_session._body_part_reader import BodyPartReader
from martlet_exceptions import ClientError

from .multipart_bodies import bytewise, finish, reader

BOUNDARY = "-" * 70

Make = tuple[bytes, bytes, bytes]
"""What a body begins with, what it repeats, and what it ends with."""

CLOSE = b"\r\n--%b--" % BOUNDARY.encode()
OPEN = b"--%b\r\n\r\n" % BOUNDARY.encode()
BODIES: dict[str, Make] = {
    "dashes": (OPEN, b"-", CLOSE),
    "near-boundaries": (OPEN, b"\r\n--" + b"-" * 69 + b"x", CLOSE),
    "line ends": (OPEN, b"\r\n", CLOSE),
    "returns": (OPEN, b"\r", CLOSE),
    "parts": (OPEN, CLOSE[:-2] + b"\r\n\r\n", CLOSE),
    "preamble": (b"p\r\n", b"\n--" + b"-" * 69, b""),
    "header": (OPEN[:-2], b"a: b\r\n", b"\r\n" + CLOSE),
    "folds": (OPEN[:-2] + b"a: b\r\n", b" c\r\n", b"\r\n" + CLOSE),
    "padding": (OPEN[:-4], b" ", b"\r\n\r\n" + CLOSE),
    "base64": (OPEN[:-2] + b"content-transfer-encoding: base64\r\n\r\n", b"YW Jj\r\n", CLOSE),
    "escapes": (
        OPEN[:-2] + b"content-transfer-encoding: quoted-printable\r\n\r\n",
        b"=41=\r\n",
        CLOSE,
    ),
    "no escapes": (
        OPEN[:-2] + b"content-transfer-encoding: quoted-printable\r\n\r\n",
        b"=" + b" " * 80,
        CLOSE,
    ),
}


async def read(pieces: list[bytes], how: str) -> None:
    try:
        async for part in reader(*pieces, boundary=BOUNDARY):
            assert isinstance(part, BodyPartReader)
            if how == "whole":
                await part.read(decode=True)
            elif how == "lines":
                while await part.readline():
                    pass
            else:
                while await part.read_chunk(7):
                    pass
    except ClientError:
        pass


def scan(pieces: list[bytes], how: str) -> None:
    finish(read(pieces, how))


CASES = [
    *((body, cut, "whole") for body in BODIES for cut in ("whole", "bytewise")),
    *((body, "whole", how) for body in ("line ends", "escapes") for how in ("lines", "chunks")),
]


@pytest.mark.parametrize(("body", "cut", "how"), CASES)
def test_time_is_linear(body: str, cut: str, how: str) -> None:
    start, repeated, end = BODIES[body]
    size = 2_000 if cut == "bytewise" else 30_000

    def pieces(size: int) -> list[bytes]:
        data = start + repeated * (size // len(repeated)) + end
        return bytewise(data) if cut == "bytewise" else [data]

    def work(size: int) -> Work:
        return partial(scan, pieces(size), how)

    assert grows_linearly(work, size)
